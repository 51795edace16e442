import { css, html, LitElement, nothing, type PropertyValues } from 'lit';
import { customElement, property, query, state } from 'lit/decorators.js';
import type { Field } from '../../src/model/profile/field';
import { controls, shared } from '../base/styles';
import { icon } from '../controls/icons';
import { toolButton } from '../controls/tool-button';

/** What becomes of the stored secret when the connection is saved. */
type Plan = 'keep' | 'change' | 'remove';

/**
 * A secret. It is typed here and handed to the host when the connection is tested or saved. A stored one never enters the
 * page. The typed text stands in the input only: not in the profile, the component's state or the saved state of the page.
 */
@customElement('mw-secret')
export class Secret extends LitElement {
	static override styles = [
		shared,
		controls,
		css`
			:host { display: flex; flex: 1 1 0; align-items: center; gap: 8px; min-width: 0; min-height: 26px; }
			.box { position: relative; flex: 1 1 0; min-width: 0; }
			.box input { width: 100%; padding-right: 30px; }
			.box button { position: absolute; right: 3px; top: 2px; }
		`,
	];
	@property({ attribute: false }) field!: Field;
	@property({ type: Boolean }) stored = false;
	onEdit: () => void = () => {};
	@state() private plan: Plan = 'keep';
	@state() private revealed = false;
	@query('input') private input!: HTMLInputElement | null;

	/** The typed text; empty if there is none. */
	get typed(): string {
		return this.input?.value ?? '';
	}

	/** Whether the stored secret is to be removed. */
	get isRemoved(): boolean {
		return this.stored && this.plan === 'remove';
	}

	/** Takes a secret that was written elsewhere, such as in a URL. */
	async take(value: string) {
		this.plan = 'change';
		await this.updateComplete;
		if (this.input) this.input.value = value;
	}

	protected override willUpdate(changed: PropertyValues<this>) {
		// Another address has other stored secrets.
		if (changed.has('stored') && !this.stored) this.plan = 'keep';
	}

	private async choose(plan: Plan) {
		this.plan = plan;
		this.revealed = false;
		this.onEdit();
		await this.updateComplete;
		(plan === 'change' ? this.input : this.renderRoot.querySelector<HTMLElement>('vscode-button'))?.focus();
	}

	private button(label: string, verb: string, plan: Plan) {
		return html`<vscode-button appearance="secondary" aria-label=${`${verb} ${this.field.label}`}
			@click=${() => this.choose(plan)}>${label}</vscode-button>`;
	}

	private box() {
		const reveal = () => {
			this.revealed = !this.revealed;
		};
		return html`<div class="box"><input class="text" type=${this.revealed ? 'text' : 'password'}
			aria-label=${this.field.label} autocomplete="off" spellcheck="false" maxlength="65535" @input=${() => this.onEdit()}>
			${toolButton(this.revealed ? 'eye-closed' : 'eye', `${this.revealed ? 'Hide' : 'Show'} ${this.field.label}`, reveal)}</div>
			${this.stored ? this.button('Keep Stored', 'Keep stored', 'keep') : nothing}`;
	}

	override render() {
		if (!this.stored || this.plan === 'change') return this.box();
		if (this.plan === 'remove')
			return html`<span class="dim">${icon('trash')} Removed when you save</span> ${this.button('Undo', 'Do not remove', 'keep')}`;
		return html`<span class="good">${icon('check')} Stored on this machine</span>
			${this.button('Change', 'Change', 'change')} ${this.button('Remove', 'Remove', 'remove')}`;
	}
}
