import type { Window } from '../../base/window';
import { maxDuration } from '../../model/text/duration';
import type { RunContext } from '../run/connection';
import { pause } from '../run/repeat';
import type { Simulation } from './settings';
import { within } from './within';

export interface PaceOptions extends Pick<RunContext, 'clock' | 'signal'> {
	simulation: Simulation;
	/** Limits the messages on their way: while it is full, sending waits and messages become late. */
	window: Window;
	/** Sends message `number` of a client, both from 0. `due`: when it should be sent, by the clock. */
	send(client: number, number: number, due: number): Promise<void> | undefined;
}

/** Milliseconds of sending after which receipts are read. */
const turnMs = 5;
/** Milliseconds after the end in which late messages are still sent. */
const grace = 250;

/**
 * Sends at a rate that does not depend on the answers (open loop): message k is due k intervals after the start, from client
 * k modulo their number. What is late is sent at once and keeps its due time. Resolves with the number of messages that were
 * due before the end and were not sent, and with the milliseconds that the messages took.
 */
export async function pace(perSecond: number, options: PaceOptions): Promise<{ behind: number; ms: number }> {
	const { simulation, window, clock, signal } = options;
	const { clients, times = Number.POSITIVE_INFINITY, forMs = Number.POSITIVE_INFINITY } = simulation;
	const interval = 1000 / perSecond;
	const start = clock.now();
	const end = start + forMs + grace;
	/** Messages that are due before the end. */
	const total = Math.min(clients * times, Math.ceil(forMs / interval));
	let next = 0;
	let turn = start;
	while (next < total && !signal.aborted) {
		const due = start + next * interval;
		const now = clock.now();
		if (now > end) break;
		if (due > now) {
			await pause(due - now, options);
			turn = clock.now();
			continue;
		}
		const full = window.full();
		if (full) {
			await within(full, Math.min(end + 1 - now, maxDuration), options);
			continue;
		}
		if (now - turn > turnMs) {
			await pause(0, options);
			turn = clock.now();
		}
		// Without a pause in between, protocols write several messages at once.
		const planned = options.send(next % clients, Math.floor(next / clients), due);
		if (planned) await planned;
		next++;
	}
	const due = Math.min(total, Math.floor((clock.now() - start) / interval) + 1);
	return { behind: signal.aborted ? 0 : Math.max(0, due - next), ms: Math.max(next * interval, clock.now() - start) };
}
