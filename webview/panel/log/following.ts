import type { VisibleRange } from '../../controls/virtual-list';
import type { Place } from '../saved';
import type { PanelStore } from '../store';
import type { LogPages } from './log-pages';

/** The log whose list follows. */
export interface FollowingHost {
	readonly store: PanelStore;
	readonly pages: LogPages;
	readonly list: { moveTo(position: number): void; readonly updateComplete: Promise<boolean> };
	readonly updateComplete: Promise<boolean>;
	/** Whether the list moves with the newest message. */
	follow: boolean;
	/** The message at the top when it does not. */
	anchor: Place | undefined;
	redraw(): void;
}

/** Whether the list moves with the newest message, is paused, or stays where the user has scrolled to. */
export class Following {
	private isPaused = false;
	/** One past the newest position that was visible, while not following; a paused list ends there. */
	private seen = 0;
	/** The anchor to restore once the rows are there. */
	private start: Place | undefined;
	private restoring = false;

	constructor(private readonly host: FollowingHost) {}

	/** For a log that has just been opened. */
	begin(): void {
		const { host } = this;
		this.start = host.follow ? undefined : host.anchor;
		if (!this.start && !host.store.recording) host.follow = true;
	}

	/** For other rows, such as those of another filter. */
	restart(): void {
		this.set(!this.host.store.recording);
		this.isPaused = false;
	}

	/** A page of rows has arrived. */
	arrived(): void {
		const { pages } = this.host;
		if (this.sticks) this.seen = pages.high;
		if (this.start && !this.restoring && pages.searched === 1) void this.restore(this.start);
	}

	/** Scrolls to the anchor of an earlier page, or to the newest message if this session does not have it. */
	private async restore({ seq, time }: Place) {
		const { host } = this;
		this.restoring = true;
		this.seen = host.pages.high;
		const found = await host.pages.find(seq).catch(() => undefined);
		// The list must know its rows before it can scroll to one.
		await host.updateComplete;
		await host.list.updateComplete;
		this.start = undefined;
		if (found?.row.time === time) host.list.moveTo(found.position);
		else this.toEnd();
	}

	get paused(): boolean {
		return this.isPaused;
	}

	/** The list moves with the newest message. */
	get sticks(): boolean {
		return this.host.follow && !this.isPaused;
	}

	/** One past the last position that is shown. */
	get end(): number {
		const { low, high } = this.host.pages;
		return this.isPaused ? Math.max(low, Math.min(this.seen, high)) : high;
	}

	/** Messages that have arrived since the list stopped to follow. */
	get missed(): number {
		return this.host.pages.high - this.seen;
	}

	set(follow: boolean): void {
		const { host } = this;
		if (host.follow === follow) return;
		host.follow = follow;
		this.seen = host.pages.high;
		host.store.keep({ follow });
	}

	scrolled(atEnd: boolean): void {
		if (!this.isPaused) this.set(atEnd);
	}

	/** Remembers the row at the top of a list that does not follow. */
	showed({ from }: VisibleRange): void {
		const { host } = this;
		const row = host.follow || this.start ? undefined : host.pages.row(from);
		if (!row || row.seq === host.anchor?.seq) return;
		host.anchor = { seq: row.seq, time: row.time };
		host.store.keepAnchor(host.anchor);
	}

	toEnd(): void {
		this.isPaused = false;
		this.set(true);
		this.host.redraw();
	}

	togglePause(): void {
		if (this.isPaused) this.toEnd();
		else {
			this.seen = this.host.pages.high;
			this.isPaused = true;
			this.host.redraw();
		}
	}
}
