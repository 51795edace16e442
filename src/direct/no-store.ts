import type { Marking } from '../engine/store/marking';
import type { Store } from '../engine/store/store';
import { flag } from '../model/contracts/message';

/** A store that only counts messages: the command line writes them at once and keeps none. */
export function createNoStore(
	marking: Pick<Marking, 'set' | 'subscribed' | 'counts'>,
): Omit<Store, 'reader' | 'feed' | 'next' | 'message' | 'tap'> {
	let next = 0;
	let received = 0;
	let sent = 0;
	return {
		append(_target, _payload, flags) {
			if ((flags & flag.note) === 0) {
				if (flags & flag.out) sent++;
				else received++;
			}
			return next++;
		},
		receipt() {},
		answer() {},
		settle() {},
		endSettlements() {},
		mark() {},
		setChecks: marking.set,
		subscribed: marking.subscribed,
		get marked() {
			return marking.counts;
		},
		// Only rules run actions here: they answer a message, for which its line is enough.
		logged: (seq) => ({ seq, target: '', payload: new Uint8Array(), flags: 0 }),
		clear() {},
		get received() {
			return received;
		},
		get sent() {
			return sent;
		},
		kept: 0,
		notes: 0,
		evicted: 0,
		keptBytes: 0,
		topics: 0,
		unlisted: 0,
		rate: () => 0,
	};
}
