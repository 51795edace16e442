import { css, html, LitElement, nothing, type TemplateResult } from 'lit';
import { customElement, query, state } from 'lit/decorators.js';
import { shared } from '../base/styles';
import { icon } from './icons';
import { popupStyles } from './popup';

export interface MenuItem {
	label: string;
	icon?: TemplateResult;
	/** The effect of the item, in a sentence that the pointer shows. */
	hint?: string;
	/** Items of the same group stand together; a line separates two groups. */
	group?: string;
	/** Marks an item that removes something or that others notice. */
	warning?: boolean;
	run: () => unknown;
	/** The keys that do the same. */
	keys?: string;
}

/** The keys that open a context menu. */
export const isMenuKey = (event: KeyboardEvent): boolean =>
	event.key === 'ContextMenu' || (event.key === 'F10' && event.shiftKey);

/** A context menu with arrow keys, Enter and Escape. It closes when the focus leaves it. */
@customElement('mw-menu')
export class Menu extends LitElement {
	static override styles = [
		shared,
		popupStyles,
		css`
			[role='menu'] { min-width: 160px; max-width: min(420px, 94vw); max-height: 90vh; padding: 4px; border-radius: 5px; overflow-y: auto;
				color: var(--vscode-menu-foreground); background: var(--vscode-menu-background);
				border: 1px solid var(--vscode-menu-border, var(--vscode-contrastBorder, transparent)); }
			[role='menuitem'] { display: block; width: 100%; padding: 4px 12px; border: 0; border-radius: 3px;
				background: none; color: inherit; font: inherit; text-align: start; cursor: pointer; }
			.label { display: flex; gap: 6px; align-items: center; }
			hr { margin: 4px 0; border: 0; border-top: 1px solid var(--vscode-menu-separatorBackground, var(--vscode-menu-border, var(--line))); }
			.keys { margin-inline-start: 24px; opacity: 0.75; }
			[role='menuitem']:is(:hover, :focus) { color: var(--vscode-menu-selectionForeground); background: var(--vscode-menu-selectionBackground);
				outline: 1px solid var(--vscode-menu-selectionBorder, transparent); outline-offset: -1px; }
		`,
	];
	@state() private items: MenuItem[] = [];
	@query('[role="menu"]') private sheet!: HTMLElement;
	private back: () => void = () => {};

	/** Opens the menu at a pointer event or below an element. `back` returns the focus when the menu is closed. */
	async open(items: MenuItem[], at: MouseEvent | Element | null, back: () => void) {
		if (items.length === 0) return;
		const box = at instanceof Element ? at.getBoundingClientRect() : undefined;
		const [x, y] = at instanceof MouseEvent ? [at.clientX, at.clientY] : [box?.left ?? 0, box?.bottom ?? 0];
		this.items = items;
		this.back = back;
		await this.updateComplete;
		const sheet = this.sheet;
		if (!sheet.matches(':popover-open')) sheet.showPopover();
		const { width, height } = sheet.getBoundingClientRect();
		sheet.style.setProperty('left', `${Math.max(0, Math.min(x, window.innerWidth - width - 4))}px`);
		// Above an element at the lower edge, so that the menu does not cover it.
		const lowest = window.innerHeight - height - 4;
		const top = box && y > lowest && box.top >= height ? box.top - height : Math.min(y, lowest);
		sheet.style.setProperty('top', `${Math.max(0, top)}px`);
		this.buttons[0]?.focus();
	}

	private get buttons() {
		return [...this.renderRoot.querySelectorAll<HTMLButtonElement>('[role="menuitem"]')];
	}

	private close(returnFocus: boolean) {
		this.items = [];
		if (this.sheet.matches(':popover-open')) this.sheet.hidePopover();
		if (returnFocus) this.back();
	}

	private readonly onKey = (event: KeyboardEvent) => {
		const { buttons } = this;
		const at = buttons.indexOf(this.shadowRoot?.activeElement as HTMLButtonElement);
		if (event.key === 'Escape' || event.key === 'Tab') this.close(true);
		else if (event.key === 'ArrowDown') buttons[(at + 1) % buttons.length]?.focus();
		else if (event.key === 'ArrowUp') buttons.at(at - 1)?.focus();
		else return;
		event.preventDefault();
		event.stopPropagation();
	};

	private readonly onBlur = (event: FocusEvent) => {
		if (!event.relatedTarget || !this.shadowRoot?.contains(event.relatedTarget as Node)) this.close(false);
	};

	private run(item: MenuItem) {
		this.close(true);
		item.run();
	}

	private content({ label, icon: image, warning, keys }: MenuItem) {
		// Labels without an icon stand below those with one.
		const hasIcons = this.items.some((item) => item.icon !== undefined);
		if (!hasIcons && !warning && !keys) return label;
		const slot = image ?? (hasIcons ? html`<span class="icon"></span>` : nothing);
		const mark = warning ? icon('warning', 'Asks first') : nothing;
		const key = keys ? html`<span class="keys" aria-hidden="true">${keys}</span>` : nothing;
		return html`<span class="label">${slot}<span class="grow">${label}</span>${key}${mark}</span>`;
	}

	override render() {
		const button = (item: MenuItem, at: number) =>
			html`${at > 0 && item.group !== this.items[at - 1]?.group ? html`<hr role="separator">` : nothing}
				<button role="menuitem" tabindex="-1" title=${item.hint ?? nothing}
					@click=${() => this.run(item)}>${this.content(item)}</button>`;
		return html`<div role="menu" popover="manual" @keydown=${this.onKey} @focusout=${this.onBlur}>${this.items.map(button)}</div>`;
	}
}
