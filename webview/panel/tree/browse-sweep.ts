import type { BrowsePages } from './browse-pages';

/** What is read in one go, in lists and in rows: a peer may have more than anybody looks through, and each list is a request to it. */
export const mostLists = 300;
const mostRows = 20_000;

/** Reads what the find does not see yet, one list after the other, nearest first. */
export class Sweep {
	private turn: symbol | undefined;

	constructor(
		private readonly pages: Pick<BrowsePages, 'extent' | 'readOn' | 'size'>,
		private readonly changed: () => void,
	) {}

	get running(): boolean {
		return this.turn !== undefined;
	}

	/** Until everything was read, enough was, or it is stopped. Going on is running it again. */
	async run(): Promise<void> {
		if (this.running) return;
		const turn = Symbol('sweep');
		this.turn = turn;
		this.changed();
		const most = this.pages.size + mostRows;
		let lists = 0;
		for (let wave = this.pages.extent().unread; wave.length > 0; wave = this.pages.extent().unread)
			for (const key of wave) {
				if (lists++ === mostLists || this.pages.size > most) return this.stop();
				await this.pages.readOn(key);
				if (this.turn !== turn) return;
			}
		this.stop();
	}

	stop(): void {
		this.turn = undefined;
		this.changed();
	}
}
