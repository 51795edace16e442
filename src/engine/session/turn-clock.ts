/**
 * Milliseconds since the epoch, read from the system once per turn of the event loop. One socket read may deliver
 * hundreds of messages, which arrived together.
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
