/** Maximum number of selected rows. */
const maxSelected = 100_000;

/** The selected rows of a list, by position: single ones, or a range that starts at an anchor. */
export class Selection {
	private positions = new Set<number>();
	private anchor: number | undefined;

	/** Selects a single row, or none, and makes it the anchor. */
	one(position: number | undefined): void {
		this.positions = new Set(position === undefined ? [] : [position]);
		this.anchor = position;
	}

	/** Adds or removes a row and makes it the anchor. */
	toggle(position: number): void {
		if (!this.positions.delete(position)) this.positions.add(position);
		this.anchor = position;
	}

	/** Selects the range from the anchor. */
	to(position: number): void {
		const from = this.anchor ?? position;
		const [low, high] = from < position ? [from, position] : [Math.max(position, from - maxSelected), from];
		this.positions = new Set();
		for (let at = low; at <= high && this.positions.size < maxSelected; at++) this.positions.add(at);
		this.anchor = from;
	}

	/** Selects the rows from `low` to `high`, exclusively: the last ones if they are too many. */
	all(low: number, high: number): void {
		this.positions = new Set();
		for (let at = Math.max(low, high - maxSelected); at < high; at++) this.positions.add(at);
		this.anchor = high > low ? high - 1 : undefined;
	}

	/** Whether no further row can be selected. */
	get isFull(): boolean {
		return this.positions.size >= maxSelected;
	}

	has(position: number): boolean {
		return this.positions.has(position);
	}

	get size(): number {
		return this.positions.size;
	}

	/** In the order of the list. */
	get sorted(): number[] {
		return [...this.positions].sort((a, b) => a - b);
	}
}
