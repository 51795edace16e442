import { css, html, LitElement, nothing, type PropertyValues } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { Latest } from '../../base/latest-question';
import { controls, shared } from '../../base/styles';
import { visible } from '../../base/words';
import { popUp, popupStyles } from '../../controls/popup';
import type { PanelStore } from '../store';

/** Maximum number of completions. */
const maxFound = 12;

/** The target of a message, completed from the targets in the log's tree. */
@customElement('mw-target-input')
export class TargetInput extends LitElement {
	static override styles = [
		shared,
		controls,
		popupStyles,
		css`
			:host { display: block; position: relative; min-width: 0; }
			input.text { width: 100%; font-family: var(--mono); }
			ul { padding: 2px; list-style: none; max-height: 220px; min-width: 260px; max-width: 90vw; overflow: auto;
				color: var(--vscode-editorSuggestWidget-foreground, var(--vscode-foreground));
				background: var(--vscode-editorSuggestWidget-background, var(--vscode-dropdown-background)); }
			li { padding: 2px 6px; cursor: pointer; font-family: var(--mono); }
			li[aria-selected='true'] { color: var(--vscode-editorSuggestWidget-selectedForeground, inherit);
				background: var(--vscode-editorSuggestWidget-selectedBackground, var(--vscode-list-activeSelectionBackground));
				outline: 1px solid var(--vscode-contrastActiveBorder, transparent); outline-offset: -1px; }
		`,
	];
	@property({ attribute: false }) store!: PanelStore;
	@property() value = '';
	@property() placeholder = '';
	@property({ type: Boolean }) invalid = false;
	onChange: (target: string) => void = () => {};
	@state() private found: string[] = [];
	@state() private at = -1;
	private questions!: Latest<string, string[]>;

	protected override willUpdate(changed: PropertyValues<this>) {
		if (!changed.has('store')) return;
		this.questions = new Latest(
			(start) => this.store.remote.complete(start, maxFound),
			(found, start) => {
				if (start !== this.value || !this.matches(':focus-within')) return;
				this.found = found.length === 1 && found[0] === start ? [] : found;
				this.at = -1;
			},
			(error) => this.store.show(error),
		);
	}

	private readonly onInput = (event: Event) => {
		this.value = (event.target as HTMLInputElement).value;
		this.onChange(this.value);
		this.questions.want(this.value);
	};

	private choose(target: string) {
		this.value = target;
		this.found = [];
		this.onChange(target);
	}

	private readonly onKey = (event: KeyboardEvent) => {
		const { found } = this;
		const chosen = found[this.at];
		if (event.key === 'ArrowDown' && found.length === 0) this.questions.want(this.value);
		else if (found.length === 0) return;
		else if (event.key === 'ArrowDown') this.at = (this.at + 1) % found.length;
		else if (event.key === 'ArrowUp') this.at = (this.at <= 0 ? found.length : this.at) - 1;
		else if (event.key === 'Escape') this.found = [];
		else if ((event.key === 'Enter' || event.key === 'Tab') && chosen !== undefined && !event.ctrlKey && !event.metaKey)
			this.choose(chosen);
		else return;
		if (event.key !== 'Tab') event.preventDefault();
	};

	private readonly onBlur = () => {
		this.found = [];
	};

	protected override updated() {
		popUp(this.renderRoot.querySelector('ul'), this.renderRoot.querySelector('input'), this.found.length > 0, 'above');
	}

	override focus() {
		this.renderRoot.querySelector('input')?.focus();
	}

	private option(target: string, at: number) {
		// On mousedown, since the input loses the focus before a click.
		const choose = (event: Event) => {
			event.preventDefault();
			this.choose(target);
		};
		return html`<li role="option" id=${`found-${at}`} aria-selected=${at === this.at} @mousedown=${choose}>${visible(target)}</li>`;
	}

	override render() {
		const { words } = this.store.describe;
		const { found, at } = this;
		return html`<input class="text" role="combobox" spellcheck="false" autocomplete="off" aria-label=${words.target}
			aria-autocomplete="list" aria-expanded=${found.length > 0} aria-controls="found"
			aria-activedescendant=${at >= 0 ? `found-${at}` : nothing} aria-invalid=${this.invalid ? 'true' : nothing}
			placeholder=${this.placeholder} .value=${this.value}
			@input=${this.onInput} @keydown=${this.onKey} @blur=${this.onBlur}>
			<ul id="found" popover="manual" role="listbox" aria-label=${words.targets}>${found.map((one, index) => this.option(one, index))}</ul>`;
	}
}
