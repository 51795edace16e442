import { css, html, LitElement, nothing } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import type { Repeat } from '../../../src/model/contracts/session';
import { emitFailure } from '../../base/emit';
import { controls, shared } from '../../base/styles';
import { number, visible } from '../../base/words';
import { icon } from '../../controls/icons';
import type { Session } from '../session';

/** What is being sent again and again, each with a way to stop it. */
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
	@property({ attribute: false }) session!: Session;
	@property({ attribute: false }) repeats: readonly Repeat[] = [];

	override render() {
		return this.repeats.map(
			({
				id,
				target,
				everyMs,
				count,
				failure,
			}) => html`<div class="line">${icon('refresh')}<span class="cut">${target === '' ? 'A message' : visible(target)}</span>
				<span class="dim">every ${number(everyMs)} ms, sent ${number(count)} times</span>
				${failure ? html`<span class="bad cut" title=${visible(failure.evidence ?? '')}>${visible(failure.message)}</span>` : nothing}
				<button class="tool" @click=${() => this.session.remote.stopRepeat(id).catch((error) => emitFailure(this, error))}>${icon('close')} Stop</button></div>`,
		);
	}
}
