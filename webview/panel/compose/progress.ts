import { css, html, LitElement, nothing } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import type { Underway } from '../../../src/model/contracts/session';
import { controls, shared } from '../../base/styles';
import { visible } from '../../base/words';
import { place } from '../../controls/computed-style';
import { icon } from '../../controls/icons';
import type { PanelStore } from '../store';

/** The messages that take time and have no receipt yet: their progress, and a button that stops them. */
@customElement('mw-progress')
export class Progress extends LitElement {
	static override styles = [
		shared,
		controls,
		css`
			:host { display: block; flex: none; max-height: 72px; overflow: auto; }
			.line { display: flex; align-items: center; gap: 6px; min-height: 22px; }
			.bar { flex: 0 1 120px; min-width: 40px; height: 4px; background: var(--vscode-editorWidget-border, var(--line)); }
			.bar > div { height: 100%; background: var(--vscode-progressBar-background); }
		`,
	];
	@property({ attribute: false }) store!: PanelStore;
	@property({ attribute: false }) underway: readonly Underway[] = [];

	private bar(done: number) {
		const percent = Math.round(done * 100);
		return html`<div class="bar" role="progressbar" aria-label="Sent" aria-valuenow=${percent}>
			<div ${place({ width: `${percent}%` })}></div></div>`;
	}

	private message({ seq, target, text, done, stoppable }: Underway) {
		const { store } = this;
		const stop = () => store.run(store.remote.cancel(seq));
		return html`<div class="line">${icon('watch')}
			<button class="link cut" @click=${() => store.showMessage(seq)}>${visible(target) || 'A message'}</button>
			<span class="dim cut" role="status">${visible(text)}</span>
			${done === undefined ? nothing : this.bar(done)}
			${stoppable ? html`<button class="tool" @click=${stop}>${icon('debug-stop')} Stop</button>` : nothing}</div>`;
	}

	override render() {
		return this.underway.map((one) => this.message(one));
	}
}
