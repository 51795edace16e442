import type { Sink } from '../../adapter';

/** Each reason is told this often; the log must not fill with what somebody else sends. */
const mostNotes = 3;
const mostReasons = 50;

/** Tells of datagrams that were not taken in. */
export function ignoredNotes(sink: Sink): (why: string) => void {
	const told = new Map<string, number>();
	return (why) => {
		const count = (told.get(why) ?? 0) + 1;
		if (count > mostNotes || (count === 1 && told.size >= mostReasons)) return;
		told.set(why, count);
		sink.note(
			`A datagram was ignored: ${why}.${count === mostNotes ? ' Further ones like it are not told.' : ''}`,
			true,
		);
	};
}
