/** Most rows that are chosen at once. */
const most = 100_000;

/** Rows of a list that are chosen together, by position: one by one, or all from where it began. */
export class Picked {
	private positions = new Set<number>();
	private anchor: number | undefined;

	/** Only this one, and from here on. */
	one(position: number | undefined): void {
		this.positions = new Set(position === undefined ? [] : [position]);
		this.anchor = position;
	}

	/** This one as well, or not any more. */
	toggle(position: number): void {
		if (!this.positions.delete(position)) this.positions.add(position);
		this.anchor = position;
	}

	/** All from where it began to here. */
	to(position: number): void {
		const from = this.anchor ?? position;
		const [low, high] = from < position ? [from, position] : [Math.max(position, from - most), from];
		this.positions = new Set();
		for (let at = low; at <= high && this.positions.size < most; at++) this.positions.add(at);
		this.anchor = from;
	}

	has(position: number): boolean {
		return this.positions.has(position);
	}

	get size(): number {
		return this.positions.size;
	}

	/** In the order of the list. */
	get all(): number[] {
		return [...this.positions].sort((a, b) => a - b);
	}
}
