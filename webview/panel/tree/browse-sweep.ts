import type { BrowseLists } from '../../../src/model/browse-lists';

/** Limits of one run, in lists and in rows. A peer may have far more than a user looks through, and each list is a request to it. */
export const maxLists = 300;
const maxRows = 20_000;

/** Reads the lists that a search does not reach yet, one after the other, the nearest to the top first. */
export class Sweep {
	private turn: symbol | undefined;

	constructor(
		private readonly lists: BrowseLists,
		private readonly changed: () => void,
	) {}

	get running(): boolean {
		return this.turn !== undefined;
	}

	/** Runs until everything is read, a limit is reached or `stop` is called. A further call continues. */
	async run(): Promise<void> {
		if (this.running) return;
		const turn = Symbol('sweep');
		this.turn = turn;
		this.changed();
		const limit = this.lists.size + maxRows;
		let read = 0;
		for (let wave = this.lists.extent().unread; wave.length > 0; wave = this.lists.extent().unread)
			for (const key of wave) {
				if (read++ === maxLists || this.lists.size > limit) return this.stop();
				await this.lists.readOn(key);
				if (this.turn !== turn) return;
			}
		this.stop();
	}

	stop(): void {
		this.turn = undefined;
		this.changed();
	}
}
