import { css, html, LitElement, nothing } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import type { Repeat, Underway } from '../../../src/model/contracts/session';
import { controls, shared } from '../../base/styles';
import { number, visible } from '../../base/words';
import { place } from '../../controls/computed-style';
import { icon } from '../../controls/icons';
import type { PanelStore } from '../store';

/** Messages that take time and have no receipt yet, with their progress, and messages that are sent repeatedly. Each can be stopped. */
@customElement('mw-ongoing')
export class Ongoing extends LitElement {
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
	@property({ attribute: false }) repeats: readonly Repeat[] = [];

	private stopButton(stop: () => Promise<void>) {
		return html`<button class="tool" @click=${() => this.store.run(stop())}>${icon('debug-stop')} Stop</button>`;
	}

	private bar(done: number) {
		const percent = Math.round(done * 100);
		return html`<div class="bar" role="progressbar" aria-label="Sent" aria-valuenow=${percent}>
			<div ${place({ width: `${percent}%` })}></div></div>`;
	}

	private message({ seq, target, text, done, stoppable }: Underway) {
		const { store } = this;
		return html`<div class="line">${icon('watch')}
			<button class="link cut" @click=${() => store.showMessage(seq)}>${visible(target) || 'A message'}</button>
			<span class="dim cut" role="status">${visible(text)}</span>
			${done === undefined ? nothing : this.bar(done)}
			${stoppable ? this.stopButton(() => store.remote.cancel(seq)) : nothing}</div>`;
	}

	private repeat({ id, target, everyMs, count, failure }: Repeat) {
		return html`<div class="line">${icon('sync')}<span class="cut">${visible(target) || 'A message'}</span>
			<span class="dim">every ${number(everyMs)} ms, sent ${number(count)} times</span>
			${failure ? html`<span class="bad cut" title=${visible(failure.evidence ?? '')}>${visible(failure.message)}</span>` : nothing}
			${this.stopButton(() => this.store.remote.stopRepeat(id))}</div>`;
	}

	override render() {
		return [...this.underway.map((one) => this.message(one)), ...this.repeats.map((one) => this.repeat(one))];
	}
}
