import { positionOf } from '../../controls/virtual-list';
import type { PanelStore } from '../store';
import type { LogPages } from './log-pages';
import { Selection } from './selection';

/** The list in which rows are picked. */
export interface PickingHost {
	readonly pages: LogPages;
	readonly store: PanelStore;
	/** One past the last position. */
	readonly end: number;
	/** Selecting by hand stops following: otherwise new messages would move the row away. */
	stopFollowing(): void;
	changed(): void;
}

/** Selects rows with pointer and keyboard, and shows the message of the active one. */
export class Picking {
	/** The position of the keyboard. */
	active: number | undefined;
	readonly selection = new Selection();
	/** The row under the pointer when its button was pressed. Until it is released, the list may have moved. */
	private pressed: number | undefined;
	/** The key being handled extends the selection. */
	private extending = false;
	/** A position that was selected before its row arrived. */
	private awaited: number | undefined;

	constructor(private readonly host: PickingHost) {}

	/** Forgets positions, which belong to one filter. */
	reset(): void {
		this.active = undefined;
		this.selection.one(undefined);
	}

	/** Selects a single row by its position without showing it. */
	point(position: number): void {
		this.active = position;
		this.selection.one(position);
		this.host.changed();
	}

	/** Makes a row the active one and shows its message. */
	pick(position: number): void {
		const { host } = this;
		host.stopFollowing();
		this.active = position;
		const row = host.pages.row(position);
		this.awaited = row ? undefined : position;
		if (row) host.store.select(row.seq, row.time);
		host.changed();
	}

	pickOnly(position: number): void {
		this.selection.one(position);
		this.pick(position);
	}

	/** Shows a message whose row has arrived. */
	arrived(): void {
		const row = this.awaited === undefined ? undefined : this.host.pages.row(this.awaited);
		if (!row) return;
		this.awaited = undefined;
		this.host.store.select(row.seq, row.time);
	}

	selectAll(): void {
		this.host.stopFollowing();
		this.selection.all(this.host.pages.low, this.host.end);
		this.host.changed();
	}

	clear(): void {
		this.selection.one(undefined);
		this.host.changed();
	}

	toggle(position: number): void {
		this.host.stopFollowing();
		this.selection.toggle(position);
		this.host.changed();
	}

	/** Called by the list when a key has moved to a row. */
	readonly onActive = (position: number) => {
		if (this.extending) this.selection.to(position);
		else this.selection.one(position);
		this.pick(position);
	};

	readonly onPress = (event: PointerEvent) => {
		const isOwnClick = (event.target as Element).closest('[data-own-click]') !== null;
		this.pressed = isOwnClick ? undefined : positionOf(event);
		if (this.pressed !== undefined) this.host.stopFollowing();
	};

	readonly onClick = (event: MouseEvent) => {
		const position = this.pressed;
		this.pressed = undefined;
		if (position === undefined) return;
		const several = event.shiftKey || event.ctrlKey || event.metaKey;
		if (event.shiftKey) this.selection.to(position);
		else if (several) this.selection.toggle(position);
		else this.selection.one(position);
		this.pick(position);
		if (!several) this.host.store.openDetail();
	};

	/** Selects the row of a context menu, unless it is selected already. Returns whether there is one. */
	contextMenu(event: MouseEvent): boolean {
		const position = this.pressed ?? positionOf(event);
		this.pressed = undefined;
		if (position === undefined) return false;
		if (!this.selection.has(position)) this.pickOnly(position);
		return true;
	}

	/** Runs before the list handles the key. */
	readonly beforeKey = {
		capture: true,
		handleEvent: (event: KeyboardEvent) => {
			this.extending = event.shiftKey;
			if (event.shiftKey && this.selection.size === 0 && this.active !== undefined) this.selection.one(this.active);
		},
	};
}
