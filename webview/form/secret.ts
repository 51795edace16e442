import { css, html, LitElement, nothing } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import type { Field } from '../../src/model/profile/field';
import { controls, shared } from '../base/styles';
import { icon } from '../controls/icons';

/** A secret, of which the page knows only that it is stored. The host prompts for it and stores it. */
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
	onSet: () => void = () => {};
	onClear: () => void = () => {};

	private button(label: string, verb: string, run: () => void) {
		return html`<vscode-button appearance="secondary" aria-label=${`${verb} ${this.field.label}`} @click=${run}>${label}</vscode-button>`;
	}

	override render() {
		const state = this.stored
			? html`<span class="good">${icon('check')} Stored on this machine</span>`
			: html`<span class="dim">${icon('circle-outline')} Not set</span>`;
		return html`${state} ${this.button(this.stored ? 'Change…' : 'Set…', 'Set', () => this.onSet())}
			${this.stored ? this.button('Clear', 'Clear', () => this.onClear()) : nothing}`;
	}
}
