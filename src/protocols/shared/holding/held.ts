/** Messages that wait for their outcome (`Link.settle`), by their lines. `Place`: what the peer needs to settle one. */
export interface HeldMessages<Place> {
	/** Messages without an outcome. After the end of the link those that it has left. */
	readonly size: number;
	/** `id`: the subscription that holds it. */
	add(seq: number, id: string, place: Place): void;
	/** Removes a message and returns its place; undefined if it is not held. */
	take(seq: number): Place | undefined;
	/** Forgets the messages of a subscription, which has ended. */
	drop(id: string): void;
}

export function createHeldMessages<Place>(): HeldMessages<Place> {
	const held = new Map<number, { id: string; place: Place }>();
	return {
		get size() {
			return held.size;
		},
		add(seq, id, place) {
			held.set(seq, { id, place });
		},
		take(seq) {
			const one = held.get(seq);
			if (one) held.delete(seq);
			return one?.place;
		},
		drop(id) {
			for (const [seq, one] of held) if (one.id === id) held.delete(seq);
		},
	};
}
