import { nothing } from 'lit';
import { toolButton } from '../../controls/tool-button';
import type { PanelStore } from '../store';
import './chat';

/** The button that shows the log as a chat or as a table, where its messages are a conversation. */
export function chatButton(store: PanelStore, isChat: boolean) {
	if (!store.describe.conversation) return nothing;
	return toolButton('comment-discussion', 'Chat', () => store.keep({ chat: !isChat }), {
		pressed: isChat,
		title: isChat ? 'Show as Table' : 'Show as Chat',
	});
}

/** Whether the log is shown as a chat. */
export const isChat = ({ describe, saved }: PanelStore): boolean =>
	describe.conversation !== undefined && saved.chat === true;
