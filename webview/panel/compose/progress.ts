import { css, html, LitElement, nothing } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import type { Underway as OnItsWay } from '../../../src/model/contracts/session';
import { emit, emitFailure } from '../../base/emit';
import { controls, shared } from '../../base/styles';
import { visible } from '../../base/words';
import { place } from '../../controls/computed-style';
import { icon } from '../../controls/icons';
import type { Session } from '../session';

/** Messages that have no receipt yet and take their time: how far they are, and a way to stop them. Says `mw-show`. */
@customElement('mw-underway')
export class Underway extends LitElement {
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
	@property({ attribute: false }) session!: Session;
	@property({ attribute: false }) underway: readonly OnItsWay[] = [];

	override render() {
		return this.underway.map(
			({
				seq,
				target,
				text,
				done,
				stoppable,
			}) => html`<div class="line">${icon('watch')}<button class="link cut" @click=${() => emit(this, 'mw-show', seq)}>${visible(target) || 'A message'}</button>
				<span class="dim cut" role="status">${visible(text)}</span>
				${done === undefined ? nothing : html`<div class="bar" role="progressbar" aria-label="Sent" aria-valuenow=${Math.round(done * 100)}><div ${place({ width: `${Math.round(done * 100)}%` })}></div></div>`}
				${stoppable ? html`<button class="tool" @click=${() => this.session.remote.cancel(seq).catch((error) => emitFailure(this, error))}>${icon('debug-stop')} Stop</button>` : nothing}</div>`,
		);
	}
}
