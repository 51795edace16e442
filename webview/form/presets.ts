import { css, html, LitElement, nothing } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import type { Preset, ProtocolDescription } from '../../src/protocols/description';
import { controls, shared } from '../base/styles';

interface Entry {
	description: ProtocolDescription;
	preset: Preset;
}

/** Words of the search that all must occur in what a preset is known by. */
const fits = ({ description, preset }: Entry, words: readonly string[]): boolean => {
	const text = [preset.label, description.label, description.id, preset.words, preset.url].join(' ').toLowerCase();
	return words.every((word) => text.includes(word));
};

const hint = 'A choice fills in the fields below. You can also paste the URL of a server into the search.';

/** Servers and services to start a connection with, by protocol: a search and a list that the keyboard moves in. */
@customElement('mw-presets')
export class Presets extends LitElement {
	static override styles = [
		shared,
		controls,
		css`
			:host { display: block; margin-bottom: 18px; }
			.head { display: flex; align-items: baseline; gap: 12px; margin-bottom: 6px; }
			.head label { flex: 1 1 auto; }
			input.text { width: 100%; }
			.list { display: grid; grid-template-columns: minmax(0, max-content) minmax(0, 1fr); gap: 2px 14px; align-items: baseline;
				margin-top: 6px; padding: 8px; border: 1px solid var(--line); border-radius: 4px; }
			[role='group'] { display: contents; }
			.label { color: var(--dim); white-space: nowrap; }
			.options { display: flex; flex-wrap: wrap; gap: 2px 4px; }
			[role='option'] { padding: 1px 7px; border-radius: 3px; cursor: pointer; line-height: 20px; }
			[role='option']:hover { background: var(--vscode-list-hoverBackground);
				outline: 1px dashed var(--vscode-contrastActiveBorder, transparent); outline-offset: -1px; }
			[role='option'][aria-selected='true'] { color: var(--vscode-list-activeSelectionForeground, inherit);
				background: var(--vscode-list-activeSelectionBackground);
				outline: 1px solid var(--vscode-contrastActiveBorder, transparent); outline-offset: -1px; }
			.help { min-height: 2.8em; margin-top: 4px; color: var(--dim); font-size: 0.92em; line-height: 1.4; }
			.chosen { line-height: 1.45; }
			@media (max-width: 420px) { .list { grid-template-columns: minmax(0, 1fr); } }
		`,
	];
	@property({ attribute: false }) descriptions: readonly ProtocolDescription[] = [];
	/** The protocol of the form. */
	@property() protocol: unknown;
	onChoose: (description: ProtocolDescription, preset: Preset) => void = () => {};
	/** The fields are filled in by hand, beginning with this URL if one was pasted into the search. */
	onEmpty: (url: string) => void = () => {};
	/** The list is open; closed: a preset was chosen, or none is wanted. */
	@state() private open = true;
	@state() private chosen: Entry | undefined;
	@state() private search = '';
	/** Index among the entries that the search leaves. */
	@state() private at = -1;

	private get entries(): Entry[] {
		const words = this.search.toLowerCase().split(/\s+/).filter(Boolean);
		return this.descriptions
			.flatMap((description) => (description.presets ?? []).map((preset) => ({ description, preset })))
			.filter((entry) => fits(entry, words));
	}

	private choose(entry: Entry) {
		const { description, preset } = entry;
		this.chosen = entry;
		this.open = false;
		this.onChoose(description, preset);
	}

	private readonly onInput = (event: Event) => {
		const text = (event.target as HTMLInputElement).value;
		if (text.includes('://')) return this.startEmpty(text);
		this.search = text;
		this.at = this.search.trim() === '' ? -1 : 0;
	};

	private readonly onKey = (event: KeyboardEvent) => {
		const { entries } = this;
		const entry = entries[this.at];
		if (event.key === 'ArrowDown') this.at = Math.min(this.at + 1, entries.length - 1);
		else if (event.key === 'ArrowUp') this.at = Math.max(this.at - 1, entries.length > 0 ? 0 : -1);
		else if (event.key === 'Enter' && entry) this.choose(entry);
		else if (event.key === 'Escape' && this.search !== '') {
			this.search = '';
			this.at = -1;
		} else return;
		event.preventDefault();
	};

	private readonly reopen = async () => {
		this.open = true;
		this.search = '';
		this.at = -1;
		await this.updateComplete;
		this.renderRoot.querySelector<HTMLElement>('input')?.focus();
	};

	private startEmpty(url = '') {
		this.chosen = undefined;
		this.open = false;
		this.onEmpty(url);
	}

	protected override firstUpdated() {
		this.renderRoot.querySelector<HTMLElement>('input')?.focus({ preventScroll: true });
	}

	protected override updated() {
		this.renderRoot.querySelector('[aria-selected="true"]')?.scrollIntoView({ block: 'nearest' });
	}

	private group(description: ProtocolDescription, entries: readonly Entry[]) {
		const own = entries.filter((entry) => entry.description === description);
		if (own.length === 0) return nothing;
		const option = (entry: Entry) => {
			const index = entries.indexOf(entry);
			return html`<span role="option" id=${`preset-${index}`} aria-selected=${index === this.at} title=${entry.preset.help}
				@click=${() => this.choose(entry)}>${entry.preset.label}</span>`;
		};
		return html`<div role="group" aria-label=${description.label}><span class="label" aria-hidden="true">${description.label}</span>
			<span class="options" role="presentation">${own.map(option)}</span></div>`;
	}

	private list() {
		const { entries, at } = this;
		if (entries.length === 0)
			return html`<div class="help" role="status">Nothing matches. Fill in the fields below.</div>`;
		const help = entries[at]?.preset.help;
		return html`<div class="list" role="listbox" id="presets" aria-label="Servers and services">${this.descriptions.map(
			(one) => this.group(one, entries),
		)}</div><div class="help" role="status">${help ?? hint}</div>`;
	}

	override render() {
		const { open, at, search } = this;
		// What is said of a server is not true of another protocol.
		const chosen = this.chosen?.description.id === this.protocol ? this.chosen?.preset : undefined;
		if (!open)
			return html`<div class="chosen" role="status">${chosen ? html`<strong>${chosen.label}:</strong> ${chosen.help} ` : nothing}
				<button class="link" @click=${this.reopen}>${chosen ? 'Change' : 'Start with a server or service'}</button></div>`;
		return html`<div class="head"><label for="search">Start with a server or service</label>
				<button class="link" @click=${() => this.startEmpty()}>Start empty</button></div>
			<input class="text" id="search" role="combobox" type="search" spellcheck="false" autocomplete="off" placeholder="Search"
				aria-expanded="true" aria-controls="presets" aria-autocomplete="list"
				aria-activedescendant=${at >= 0 ? `preset-${at}` : nothing}
				.value=${search} @input=${this.onInput} @keydown=${this.onKey}>
			${this.list()}`;
	}
}
