import type { Decoding } from '../../../src/model/contracts/message';
import { count, number } from '../../base/words';
import { icon } from '../../controls/icons';
import type { MenuItem } from '../../controls/menu';
import { toLogFilter } from '../saved';
import type { PanelStore } from '../store';
import type { LogPages } from './log-pages';
import type { Picking } from './picking';

/** Maximum messages of a new message file. */
const maxFile = 1000;

/** Copies messages as text. Resolves with what was copied, in words. */
export async function copyMessages(
	{ remote, describe: { words } }: PanelStore,
	seqs: number[],
	as: 'json-lines' | 'payloads',
): Promise<string> {
	const { written, removed } = await remote.copyMessages(seqs, as);
	const gone = removed > 0 ? `; ${number(removed)} no longer in the log` : '';
	return `${count(written, words.message, words.messages)} copied${as === 'json-lines' ? ' as JSON Lines' : ''}${gone}`;
}

/** Copies the selected rows, or the active one. */
export async function copySelected(store: PanelStore, pages: LogPages, picking: Picking): Promise<string> {
	const { selection, active } = picking;
	const positions = selection.size === 0 && active !== undefined ? [active] : selection.sorted;
	const seqs = await pages.seqs(positions);
	return seqs.length > 0 ? copyMessages(store, seqs, 'json-lines') : '';
}

/** Opens the difference of two messages, both in the first decoding that fits both. */
export async function compareMessages({ remote }: PanelStore, left: number, right: number): Promise<void> {
	const [older, newer] = await Promise.all([remote.detail(left), remote.detail(right)]);
	const fitting = older.decodings.find((one) => newer.decodings.includes(one));
	const decoding: Decoding = fitting ?? 'hex';
	await remote.compare(left, right, decoding);
}

/** Items for several messages. `say` shows a result in the log. */
export function severalItems(store: PanelStore, seqs: number[], say: (text: string) => void): MenuItem[] {
	const { remote } = store;
	const copy = (as: 'json-lines' | 'payloads') => () => store.run(copyMessages(store, seqs, as).then(say));
	const [left, right] = seqs;
	const items: MenuItem[] = [];
	if (seqs.length === 2 && left !== undefined && right !== undefined)
		items.push({
			label: 'Compare Selected',
			icon: icon('diff'),
			group: 'compare',
			run: () => store.run(compareMessages(store, left, right)),
		});
	items.push(
		{ label: 'Copy as JSON Lines', icon: icon('copy'), group: 'copy', keys: copyKeys, run: copy('json-lines') },
		{ label: 'Copy Payloads', icon: icon('copy'), group: 'copy', run: copy('payloads') },
		{
			label: 'Save Selected as File…',
			icon: icon('save-as'),
			group: 'file',
			run: () => store.run(remote.saveMessages(seqs, {})),
		},
	);
	if (seqs.length <= maxFile) items.push(newFileItem(store, seqs));
	return items;
}

export function newFileItem(store: PanelStore, seqs: number[]): MenuItem {
	return {
		label: `New Message File from ${seqs.length > 1 ? 'Messages' : 'Message'}`,
		icon: icon('new-file'),
		group: 'file',
		run: () => store.run(store.remote.messageFile(seqs)),
	};
}

/** Saves the log as it is filtered. */
export const saveLog = (store: PanelStore): void =>
	store.run(store.remote.saveMessages(undefined, toLogFilter(store.saved.filter)));

const isMac = navigator.platform.startsWith('Mac');
/** The key of commands: Cmd on a Mac, Ctrl elsewhere. */
export const hasCommandKey = (event: KeyboardEvent): boolean =>
	(isMac ? event.metaKey && !event.ctrlKey : event.ctrlKey && !event.metaKey) && !event.altKey;
export const keysOf = (key: string): string => (isMac ? `⌘${key}` : `Ctrl+${key}`);
export const copyKeys = keysOf('C');
