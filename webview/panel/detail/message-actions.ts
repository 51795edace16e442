import { css, html, LitElement, nothing, type PropertyValues } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { controls, shared } from '../../base/styles';
import type { MenuItem } from '../../controls/menu';
import { messageMenu } from '../node-menu';
import type { PanelStore } from '../store';

/** The protocol's actions that apply to a message. */
@customElement('mw-message-actions')
export class MessageActions extends LitElement {
	static override styles = [
		shared,
		controls,
		css`
			:host { display: block; }
			div { display: flex; flex-wrap: wrap; gap: 2px; margin: 4px 0 4px -3px; }
		`,
	];
	@property({ attribute: false }) store!: PanelStore;
	@property({ type: Number }) seq!: number;
	/** Whether the peer waits for the outcome of the message. A change of it changes the actions. */
	@property({ attribute: false }) waiting: boolean | undefined;
	@state() private items: MenuItem[] = [];
	/** Those that have applied to the message before. */
	@state() private over: MenuItem[] = [];

	protected override willUpdate(changed: PropertyValues<this>) {
		if (changed.has('seq')) this.items = this.over = [];
		if (changed.has('seq') || changed.has('waiting')) void this.load(this.seq);
	}

	private async load(seq: number) {
		const items = await messageMenu(this.store, [seq]).catch(() => []);
		if (seq !== this.seq) return;
		// They stay: another action must not come under the pointer that has just settled the message.
		const before = [...this.over, ...this.items];
		this.over = before.filter(({ label }) => !items.some((item) => item.label === label));
		this.items = items;
	}

	private button({ label, icon, hint, run }: MenuItem, isOver: boolean) {
		return html`<button class="tool" title=${hint ?? nothing} aria-disabled=${isOver ? 'true' : nothing}
			@click=${isOver ? nothing : run}>${icon ?? nothing} ${label}</button>`;
	}

	override render() {
		if (this.items.length + this.over.length === 0) return nothing;
		return html`<div>${this.over.map((item) => this.button(item, true))}${this.items.map((item) => this.button(item, false))}</div>`;
	}
}
