import { html, nothing, type TemplateResult } from 'lit';
import type { PanelInit } from '../../src/model/contracts/panel-api';
import type { ShownFile, Status } from '../../src/model/contracts/session';
import type { ProtocolDescription } from '../../src/protocols/description';
import { isOffered } from '../../src/protocols/menus';
import { bytes, count, dateAndClock, duration, momentOf, number, visible } from '../base/words';
import { icon } from '../controls/icons';
import type { PanelStore } from './store';

/** The description of the protocol of a recording: its messages and the given actions, and nothing that needs the peer. */
export const recorded = (
	description: ProtocolDescription,
	{ actions, hasHead }: NonNullable<PanelInit['recording']>,
): ProtocolDescription => ({
	...description,
	// Without a head, the lines do not say how their messages were logged.
	columns: hasHead ? description.columns : [],
	...{ verbs: [], actions, subscription: undefined, browse: undefined, graph: undefined, retained: undefined },
});

/** Where a recording comes from, its time and its size, in place of the state of a connection. */
export function recordedFacts(store: PanelStore, { file, received, sent, running }: Status): TemplateResult {
	const { words } = store.describe;
	const source = file?.connection === undefined ? nothing : sourceOf(file);
	const messages = count(received + sent, words.message, words.messages);
	const read = running.some(({ id }) => id === 'read') ? 'Reading…' : messages;
	const size = file === undefined ? nothing : html`<span class="dim fact">${read}, ${bytes(file.size)}</span>`;
	return html`${source}${timeOf(file)}${size}${unread(file)}${state(file)}`;
}

function sourceOf({ connection = '', url = '' }: ShownFile): TemplateResult {
	const address = visible(url);
	return html`<span class="dim fact cut" title=${`${visible(connection)} · ${address}`}>${icon('plug')} ${visible(connection)} · ${address}</span>`;
}

function timeOf(file: ShownFile | undefined) {
	if (file?.from === undefined || file.until === undefined) return nothing;
	const { from, until } = file;
	const length = until > from ? ` (${duration(until - from)})` : '';
	return html`<span class="dim fact">${icon('calendar')} ${dateAndClock(from).slice(0, 19)} – ${momentOf(until, from).slice(0, 8)}${length}</span>`;
}

const unread = (file: ShownFile | undefined) =>
	file && file.unread > 0
		? html`<span class="bad fact" title="They are named in the log.">${icon('error')} ${number(file.unread)} ${
				file.unread === 1 ? 'line' : 'lines'
			} could not be read</span>`
		: nothing;

function state(file: ShownFile | undefined) {
	if (file?.gone) return html`<span class="warn fact">${icon('warning')} The file was ${file.gone}</span>`;
	return file?.rest === undefined
		? nothing
		: html`<span class="warn fact" title="The log has no room for the rest. Its limits are in the settings.">${icon('warning')} Only a part is shown</span>`;
}

/** The buttons of the actions on a recording; the first one is the main one. */
export function recordedButtons(store: PanelStore, { states = [] }: Status): TemplateResult[] {
	const offered = (store.describe.actions ?? []).filter((action) => isOffered(action, states));
	return offered.map(
		(action, at) =>
			html`<vscode-button appearance=${at === 0 ? 'primary' : 'secondary'} title=${action.sideEffect ?? nothing}
				@click=${() => store.act({ action })}>${action.label}</vscode-button>`,
	);
}
