import { css, html, nothing, type TemplateResult } from 'lit';
import { number, visible } from '../../base/words';
import { noFilter } from '../saved';
import { isAlive, isOpen, type PanelStore } from '../store';

export const emptyStyles = css`
	.empty { position: absolute; inset: 0; z-index: 1; display: flex; flex-direction: column; align-items: center; justify-content: center;
		gap: 10px; padding: 16px; text-align: center; color: var(--dim); background: var(--vscode-editor-background); line-height: 1.5; }
	.empty p { margin: 0; max-width: 46em; }
	.empty .row { flex-wrap: wrap; justify-content: center; }
`;

const page = (content: TemplateResult) => html`<div class="empty">${content}</div>`;

/** The reason for an empty log, and the next step. `searched` is the part of the log that the filter has seen, 0 to 1. */
export function emptyLog(store: PanelStore, filtering: boolean, searched: number): TemplateResult | typeof nothing {
	const { status, remote, describe } = store;
	const { words, subscription } = describe;
	if (filtering && status.kept > 0) {
		if (searched < 1) return page(html`<p>Searching…</p>`);
		return page(html`<p>No ${words.messages} match the filter (${number(status.kept - status.notes)} hidden).</p>
			<vscode-button appearance="secondary" @click=${() => store.keep({ filter: noFilter() })}>Clear Filter</vscode-button>`);
	}
	if (status.kept > 0) return nothing;
	if (store.recording)
		return page(
			isOpen(status) || isAlive(status)
				? html`<p>${status.running.some(({ id }) => id === 'read') ? 'Reading the recording…' : `The recording has no ${words.messages}.`}</p>`
				: html`<p>The recording cannot be read.</p>`,
		);
	if (!isAlive(status) && store.ended) {
		const { recorded } = store;
		const words = { recording: 'the recording', history: 'the history' };
		const open = (what: 'recording' | 'history') =>
			html`<vscode-button appearance="secondary" @click=${() =>
				store.run(remote.recording(what === 'history' ? 'history' : 'open'))}>
				${what === 'history' ? 'Open History' : 'Open Recording'}</vscode-button>`;
		return page(html`<p>The window was reloaded. The log of ${visible(store.profile.name)} ended with it.${
			recorded ? ` Earlier messages are in ${words[recorded]}.` : ''
		}</p>
			<div class="row"><vscode-button @click=${() => store.run(remote.connect())}>Connect Again</vscode-button>
				${recorded ? open(recorded) : nothing}</div>`);
	}
	if (!isAlive(status))
		return page(html`<p>Not connected. ${words.empty}</p>
			<vscode-button @click=${() => store.run(remote.connect())}>Connect</vscode-button>`);
	if (!isOpen(status))
		return page(html`<vscode-progress-ring></vscode-progress-ring><p>Waiting for the connection…</p>`);
	if (!subscription) return page(html`<p>${words.empty}</p>`);
	if (status.subscriptions.length > 0) return page(html`<p>Connected. Waiting for ${words.messages}…</p>`);
	const suggestions = subscription.suggest.map(
		({ target, label }) =>
			html`<vscode-button appearance="secondary" @click=${() => store.subscribe({ target })}>
				${words.subscribe} ${target} – ${label}</vscode-button>`,
	);
	return page(html`<p>${words.empty}</p><p>${subscription.sideEffect}</p><div class="row">${suggestions}</div>`);
}
