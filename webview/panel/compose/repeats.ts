import { css, html, LitElement, nothing } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import type { Repeat } from '../../../src/model/contracts/session';
import { controls, shared } from '../../base/styles';
import { number, visible } from '../../base/words';
import { icon } from '../../controls/icons';
import type { PanelStore } from '../store';

/** The messages that are sent repeatedly, each with a button that stops it. */
@customElement('mw-repeats')
export class Repeats extends LitElement {
	static override styles = [
		shared,
		controls,
		css`
			:host { display: block; flex: none; max-height: 72px; overflow: auto; }
			.line { display: flex; align-items: center; gap: 6px; }
		`,
	];
	@property({ attribute: false }) store!: PanelStore;
	@property({ attribute: false }) repeats: readonly Repeat[] = [];

	private repeat({ id, target, everyMs, count, failure }: Repeat) {
		const { store } = this;
		return html`<div class="line">${icon('sync')}<span class="cut">${target === '' ? 'A message' : visible(target)}</span>
			<span class="dim">every ${number(everyMs)} ms, sent ${number(count)} times</span>
			${failure ? html`<span class="bad cut" title=${visible(failure.evidence ?? '')}>${visible(failure.message)}</span>` : nothing}
			<button class="tool" @click=${() => store.run(store.remote.stopRepeat(id))}>${icon('close')} Stop</button></div>`;
	}

	override render() {
		return this.repeats.map((one) => this.repeat(one));
	}
}
