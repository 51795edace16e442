import { html, nothing, type TemplateResult } from 'lit';

export interface Tab<T> {
	id: T;
	label: string;
	/** A longer name, as tooltip and accessible name. */
	title?: string;
}

/** A list of tabs that arrow keys move through; `more` stands after them and is not reached by arrow keys. */
export function tabList<T>(
	label: string,
	tabs: readonly Tab<T>[],
	selected: T | undefined,
	choose: (id: T) => void,
	more: TemplateResult | typeof nothing = nothing,
): TemplateResult {
	const onKey = (event: KeyboardEvent) => {
		const by = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
		if (!by) return;
		const list = event.currentTarget as HTMLElement;
		const at = tabs.findIndex(({ id }) => id === selected);
		const next = tabs[(at + by + tabs.length) % tabs.length];
		if (next) choose(next.id);
		requestAnimationFrame(() => list.querySelector<HTMLElement>('[aria-selected="true"]')?.focus());
	};
	const tab = ({ id, label, title }: Tab<T>) => {
		const on = id === selected;
		return html`<button role="tab" aria-selected=${on} tabindex=${on ? 0 : -1} title=${title ?? nothing}
			aria-label=${title ?? nothing} @click=${() => choose(id)}>${label}</button>`;
	};
	return html`<div role="tablist" aria-label=${label} @keydown=${onKey}>${tabs.map(tab)}${more}</div>`;
}
