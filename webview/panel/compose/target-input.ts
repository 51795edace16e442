import { css, html, LitElement, nothing, type PropertyValues } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { emit, emitFailure } from '../../base/emit';
import { Latest } from '../../base/latest-question';
import { controls, shared } from '../../base/styles';
import { visible } from '../../base/words';
import { popUp, popupStyles } from '../../controls/popup';
import type { Session } from '../session';

const most = 12;

/** Where a message goes, completed from the live tree. Says `mw-target`. */
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
				color: var(--vscode-editorSuggestWidget-foreground, var(--vscode-foreground)); background: var(--vscode-editorSuggestWidget-background, var(--vscode-dropdown-background));
			}
			li { padding: 2px 6px; cursor: pointer; font-family: var(--mono); }
			li[aria-selected='true'] { color: var(--vscode-editorSuggestWidget-selectedForeground, inherit); background: var(--vscode-editorSuggestWidget-selectedBackground, var(--vscode-list-activeSelectionBackground));
				outline: 1px solid var(--vscode-contrastActiveBorder, transparent); outline-offset: -1px; }
		`,
	];
	@property({ attribute: false }) session!: Session;
	@property() value = '';
	@property() placeholder = '';
	@property({ type: Boolean }) invalid = false;
	@state() private found: string[] = [];
	@state() private at = -1;
	private questions!: Latest<string, string[]>;

	protected override willUpdate(changed: PropertyValues<this>) {
		if (!changed.has('session')) return;
		this.questions = new Latest(
			(start) => this.session.remote.complete(start, most),
			(found, start) => {
				if (start !== this.value || !this.matches(':focus-within')) return;
				this.found = found.length === 1 && found[0] === start ? [] : found;
				this.at = -1;
			},
			(error) => emitFailure(this, error),
		);
	}

	private readonly typed = (event: Event) => {
		this.value = (event.target as HTMLInputElement).value;
		emit(this, 'mw-target', this.value);
		this.questions.want(this.value);
	};

	private take(target: string) {
		this.value = target;
		this.found = [];
		emit(this, 'mw-target', target);
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
			this.take(chosen);
		else return;
		if (event.key !== 'Tab') event.preventDefault();
	};

	private readonly leave = () => {
		this.found = [];
	};

	protected override updated() {
		popUp(this.renderRoot.querySelector('ul'), this.renderRoot.querySelector('input'), this.found.length > 0, 'above');
	}

	override focus() {
		this.renderRoot.querySelector('input')?.focus();
	}

	override render() {
		const { words } = this.session.describe;
		return html`<input class="text" role="combobox" spellcheck="false" autocomplete="off" aria-label=${words.target} aria-autocomplete="list"
				aria-expanded=${this.found.length > 0} aria-controls="found" aria-activedescendant=${this.at >= 0 ? `found-${this.at}` : nothing}
				aria-invalid=${this.invalid ? 'true' : nothing} placeholder=${this.placeholder} .value=${this.value}
				@input=${this.typed} @keydown=${this.onKey} @blur=${this.leave}>
			<ul id="found" popover="manual" role="listbox" aria-label=${words.targets}>${this.found.map(
				(target, at) => html`<li role="option" id=${`found-${at}`} aria-selected=${at === this.at}
					@mousedown=${(event: Event) => {
						event.preventDefault();
						this.take(target);
					}}>${visible(target)}</li>`,
			)}</ul>`;
	}
}
