import { css, html, type LitElement, nothing, type TemplateResult } from 'lit';
import type { Status } from '../../../src/model/contracts/session';
import { emit } from '../../base/emit';
import { noFilter } from '../saved';
import { isOpen, type Session } from '../session';

export const emptyStyles = css`
	.empty { position: absolute; inset: 0; z-index: 1; display: flex; flex-direction: column; align-items: center; justify-content: center; gap: 10px;
		padding: 16px; text-align: center; color: var(--dim); background: var(--vscode-editor-background); line-height: 1.5; }
	.empty p { margin: 0; max-width: 46em; }
	.empty .row { flex-wrap: wrap; justify-content: center; }
`;

/** An empty log says why it is empty and what to do about it. */
export function emptyLog(
	session: Session,
	status: Status,
	filtering: boolean,
	searched: number,
	from: LitElement,
): TemplateResult | typeof nothing {
	const { words, subscription } = session.describe;
	if (filtering && status.kept > 0) {
		if (searched < 1) return page(html`<p>Searching…</p>`);
		const none =
			status.kept === 1
				? `The one ${words.message} does not fit the filter.`
				: `None of the ${status.kept.toLocaleString('en')} ${words.messages} fits the filter.`;
		return page(
			html`<p>${none}</p>
			<vscode-button appearance="secondary" @click=${() => emit(from, 'mw-filter', noFilter())}>Clear the filter</vscode-button>`,
		);
	}
	if (status.kept > 0) return nothing;
	if (status.state.kind === 'closed' || status.state.kind === 'closing')
		return page(
			html`<p>Not connected. ${words.empty}</p><vscode-button @click=${() => emit(from, 'mw-connect')}>Connect</vscode-button>`,
		);
	if (!isOpen(status))
		return page(html`<vscode-progress-ring></vscode-progress-ring><p>Waiting for the connection…</p>`);
	if (subscription && status.subscriptions.length === 0)
		return page(
			html`<p>${words.empty}</p><p>${subscription.sideEffect}</p>
			<div class="row">${subscription.suggest.map(
				({ target, label }) =>
					html`<vscode-button appearance="secondary" @click=${() => emit(from, 'mw-subscribe', { target })}>${words.subscribe} ${target} – ${label}</vscode-button>`,
			)}</div>`,
		);
	return page(html`<p>${subscription ? `Connected, and waiting for the first ${words.message}.` : words.empty}</p>`);
}

const page = (content: TemplateResult) => html`<div class="empty">${content}</div>`;
