import { css, html, LitElement, nothing } from 'lit';
import { customElement, property, query, state } from 'lit/decorators.js';
import type { Verb } from '../../../src/protocols/description';
import { productionBadge, productionStyles } from '../../base/production-badge';
import { controls, shared } from '../../base/styles';
import { icon } from '../../controls/icons';
import type { Menu } from '../../controls/menu';
import '../../controls/menu';
import { splitButton, splitButtonStyles } from '../../controls/split-button';
import { toolButton } from '../../controls/tool-button';
import type { Notice } from './problems';
import type { Outcome } from './receipt';
import './receipt';

const sendKey = navigator.platform.startsWith('Mac') ? '⌘+Enter' : 'Ctrl+Enter';

/** Time between repeats: the least, and the initial one. Milliseconds. */
const minRepeatMs = 10;
export const initialRepeatMs = 1000;

/** What can be done with a draft. */
export interface DraftActions {
	send(): unknown;
	/** Lets the user choose a file and sends it. */
	sendFile(): unknown;
	repeat(): unknown;
	setRepeatMs(ms: number): void;
	/** Undefined while a file is attached, because its content is not known here. */
	save: (() => unknown) | undefined;
	copy: (() => unknown) | undefined;
}

/** The button that sends, with a menu of its variants, and the receipt of the last message. */
@customElement('mw-send-bar')
export class SendBar extends LitElement {
	static override styles = [
		shared,
		controls,
		productionStyles,
		splitButtonStyles,
		css`
			:host { display: block; flex: none; }
			.line { display: flex; flex-wrap: wrap; align-items: center; gap: 6px 8px; }
			mw-receipt { flex: 1 1 260px; min-width: 0; }
			.repeat { margin-top: 6px; }
			.every { width: 84px; }
		`,
	];
	@property({ attribute: false }) verb!: Verb;
	@property({ type: Boolean }) production = false;
	@property({ attribute: false }) outcome: Outcome | undefined;
	@property({ attribute: false }) notice: Notice | undefined;
	@property({ type: Number }) repeatMs = initialRepeatMs;
	@property({ attribute: false }) actions!: DraftActions;
	/** The line that starts a repeat is open. */
	@state() private repeating = false;
	@query('mw-menu') private menu!: Menu;

	private readonly openMenu = (button: HTMLElement) => {
		const { save, copy, sendFile } = this.actions;
		const items = [
			...(save ? [{ label: 'Repeat…', icon: icon('sync'), run: () => this.openRepeat() }] : []),
			...(this.verb.noPayload ? [] : [{ label: 'Send with File…', icon: icon('file'), run: sendFile }]),
			...(save ? [{ label: 'Save as Message File…', icon: icon('new-file'), run: save }] : []),
			...(copy ? [{ label: 'Copy as Code…', icon: icon('copy'), run: copy }] : []),
		];
		void this.menu.open(items, button, () => button.focus());
	};

	private async openRepeat() {
		this.repeating = true;
		await this.updateComplete;
		this.renderRoot.querySelector<HTMLInputElement>('.every')?.select();
	}

	private readonly closeRepeat = () => {
		this.repeating = false;
		this.renderRoot.querySelector<HTMLElement>('.split-button > :last-child')?.focus();
	};

	private repeatLine() {
		const change = (event: Event) => {
			const ms = Math.round(Number((event.target as HTMLInputElement).value)) || initialRepeatMs;
			this.actions.setRepeatMs(Math.max(minRepeatMs, ms));
		};
		const onKey = (event: KeyboardEvent) => {
			if (event.key === 'Escape') this.closeRepeat();
			if (event.key !== 'Enter' || event.ctrlKey || event.metaKey || !(event.target instanceof HTMLInputElement))
				return;
			event.target.blur();
			this.actions.repeat();
		};
		return html`<div class="line repeat" @keydown=${onKey}>
			<label class="row">Milliseconds between repeats <input class="text every" type="number" min=${minRepeatMs}
				max="86400000" .value=${String(this.repeatMs)} @change=${change}></label>
			<vscode-button appearance="secondary" @click=${() => this.actions.repeat()}>Repeat</vscode-button>
			${toolButton('close', 'Close', this.closeRepeat)}</div>`;
	}

	override render() {
		const { verb, outcome, production } = this;
		const label = verb.button ?? verb.label;
		return html`<div class="line">${splitButton({
			label,
			title: `${verb.proves} (${sendKey})`,
			disabled: outcome === 'sending',
			run: () => this.actions.send(),
			more: 'More ways to send',
			open: this.openMenu,
		})}${production ? productionBadge() : nothing}
			<mw-receipt .outcome=${outcome} .notice=${this.notice}></mw-receipt></div>
			${this.repeating ? this.repeatLine() : nothing}<mw-menu></mw-menu>`;
	}
}
