/**
 * The time in milliseconds since the epoch, asked of the system once in each turn of the loop: one read of a socket may
 * bring hundreds of messages, and they came together.
 */
export function createTurnClock(system: () => number = Date.now): () => number {
	const turn = Promise.resolve();
	let now: number | undefined;
	const forget = () => {
		now = undefined;
	};
	return () => {
		if (now !== undefined) return now;
		now = system();
		void turn.then(forget);
		return now;
	};
}
