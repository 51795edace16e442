import { css, html, LitElement, nothing } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import type { Field } from '../../src/model/profile/field';
import { emit } from '../base/emit';
import { controls, shared } from '../base/styles';
import { icon } from '../controls/icons';

/** A secret: the page knows only whether it is stored. Says `mw-set-secret` and `mw-clear-secret` with the key. */
@customElement('mw-secret')
export class Secret extends LitElement {
	static override styles = [
		shared,
		controls,
		css`
			:host { display: flex; flex-wrap: wrap; align-items: center; gap: 8px; }
		`,
	];
	@property({ attribute: false }) field!: Field;
	@property({ type: Boolean }) stored = false;

	override render() {
		const { label, key } = this.field;
		return html`${this.stored ? html`<span class="good">${icon('check')} stored on this machine</span>` : html`<span class="dim">${icon('circle-outline')} not stored on this machine</span>`}
			<vscode-button appearance="secondary" aria-label=${`Set ${label}`} @click=${() => emit(this, 'mw-set-secret', key)}>${this.stored ? 'Change…' : 'Set…'}</vscode-button>
			${this.stored ? html`<vscode-button appearance="secondary" aria-label=${`Clear ${label}`} @click=${() => emit(this, 'mw-clear-secret', key)}>Clear</vscode-button>` : nothing}`;
	}
}
