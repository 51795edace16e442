import { html, nothing, type TemplateResult } from 'lit';
import type { FilterState } from '../../saved';
import type { PanelStore } from '../../store';
import type { LogPages } from '../log-pages';
import type { Picking } from '../picking';
import type { FindBar } from './find-bar';
import './find-bar';
import { findView } from './finder';

/** The log in which is searched. */
export interface FindHost {
	readonly store: PanelStore;
	readonly filter: FilterState;
	readonly follow: boolean;
	readonly pages: LogPages;
	readonly picking: Picking;
	readonly list: {
		/** Position of the first visible row; may have a fraction. */ readonly top: number;
		show(position: number, centered?: boolean): void;
		focus(): void;
	};
	readonly findBar: FindBar | null;
	readonly updateComplete: Promise<boolean>;
	stopFollowing(): void;
	redraw(): void;
}

/** Opens and closes the find bar of the log, and goes to what it finds. */
export class LogFind {
	isOpen = false;

	constructor(private readonly host: FindHost) {}

	readonly open = () => {
		this.isOpen = true;
		this.host.redraw();
		void this.host.updateComplete.then(() => this.host.findBar?.open());
	};

	readonly close = () => {
		this.isOpen = false;
		this.host.pages.setMarks(undefined);
		this.host.redraw();
		this.host.list.focus();
	};

	step(by: 1 | -1): void {
		void this.host.findBar?.step(by);
	}

	/** New messages may match. */
	refresh(): void {
		this.host.findBar?.refresh();
	}

	/** A search starts at the active row, else at the first visible one; while following, at the newest. */
	private readonly near = (): number | undefined => {
		const { follow, pages, picking, list } = this.host;
		if (follow) return undefined;
		const active = picking.active === undefined ? undefined : pages.row(picking.active);
		return (active ?? pages.row(Math.ceil(list.top)))?.seq;
	};

	private readonly reached = async (seq: number, chosen: boolean) => {
		const { pages, list, picking } = this.host;
		const found = await pages.find(seq).catch(() => undefined);
		if (!found) return;
		this.host.stopFollowing();
		list.show(found.position, true);
		// Scrolling to the end follows.
		this.host.stopFollowing();
		if (chosen) picking.pickOnly(found.position);
	};

	private readonly changed = () => {
		this.host.pages.setMarks(this.host.findBar?.isFinding ? findView : undefined);
		this.host.redraw();
	};

	/** The line of the current match. */
	get current(): number | undefined {
		return this.isOpen ? this.host.findBar?.current : undefined;
	}

	bar(): TemplateResult | typeof nothing {
		if (!this.isOpen) return nothing;
		const { store, filter } = this.host;
		return html`<mw-find-bar .store=${store} .filter=${filter} .near=${this.near} .onReach=${this.reached}
			.onChanged=${this.changed} .onClose=${this.close}></mw-find-bar>`;
	}
}
