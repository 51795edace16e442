import { setTimeout as wait } from 'node:timers/promises';
import { toFailure } from '../../base/failure';
import { createHistogram } from '../../base/histogram';
import { createWindow } from '../../base/window';
import { carried } from '../../lines/carry';
import type { Recorded } from '../../lines/recording';
import { type Direction, type Draft, direction, type Proof, type Receipt } from '../../model/contracts/message';
import type { ProtocolDescription } from '../../protocols/description';
import { openRecordings } from './read-parts';

export interface ReplayOptions {
	path: string;
	/** The protocol of the recording. */
	from: ProtocolDescription;
	to: ProtocolDescription;
	send(draft: Draft): Promise<Receipt>;
	/** Of the recorded pace, 0.1 to 100; undefined: as fast as messages are acknowledged. */
	speed: number | undefined;
	/** Of the recorded time, in milliseconds since its start. */
	part: { from?: number; until?: number };
	directions: readonly Direction[];
	/** The target to send to; undefined: the message is left out. */
	targetOf(target: string): string | undefined;
	/** How often the recording is replayed. */
	times: number;
	signal: AbortSignal;
	onProgress?(state: ReplayState): void;
}

/** What has become of the messages so far. */
export interface ReplayState {
	/** Messages that were sent, by their proof. */
	proofs: Partial<Record<Proof, number>>;
	sent: number;
	/** Messages that were not sent, by the reason as a sentence; at most 20 reasons, further ones under "Other reasons.". */
	unsent: Map<string, number>;
	/** Lines of the recording that could not be read, the first of them as sentences. */
	unread: number;
	problems: string[];
	/** Options that the other protocol has no place for, by their label. */
	left: Map<string, number>;
	/** Time of sending after the time at which the recording would have it, in milliseconds. */
	late: { p50: number; p99: number; max: number };
	ms: number;
	/** The user has stopped it. */
	stopped: boolean;
}

/** Limits of messages and bytes without a receipt: beyond them, the next one waits. */
const maxPending = 1000;
const maxPendingBytes = 8 * 1024 * 1024;
/** Milliseconds before a message is due that are not waited for: a timer is not more exact. */
const early = 0.5;
const maxReasons = 20;
const progressEvery = 250;

/** Sends the messages of a recording again. Resolves when each has its receipt. Throws if the recording cannot be opened. */
export async function replay(options: ReplayOptions): Promise<ReplayState> {
	const { signal, speed, part } = options;
	const lateness = createHistogram();
	const state: ReplayState = {
		...{ proofs: {}, sent: 0, unsent: new Map(), unread: 0, problems: [], left: new Map() },
		...{ late: { p50: 0, p99: 0, max: 0 }, ms: 0, stopped: false },
	};
	const began = performance.now();
	const pending = createWindow(maxPending, maxPendingBytes);
	let reported = began;

	function current(): ReplayState {
		state.late = { p50: lateness.at(0.5), p99: lateness.at(0.99), max: lateness.max };
		state.ms = performance.now() - began;
		state.stopped = signal.aborted;
		return state;
	}

	function count<Key>(counts: Map<Key, number>, key: Key): void {
		counts.set(key, (counts.get(key) ?? 0) + 1);
	}

	function unsent(reason: string): void {
		count(state.unsent, state.unsent.has(reason) || state.unsent.size < maxReasons ? reason : 'Other reasons.');
	}

	function draftOf(message: Recorded): Draft | undefined {
		const target = options.targetOf(message.target);
		if (target === undefined) return undefined;
		try {
			const { draft, left } = carried(options.from, options.to, message, target);
			for (const label of left) count(state.left, label);
			return draft;
		} catch (error) {
			unsent(toFailure(error).message);
			return undefined;
		}
	}

	function send(draft: Draft): void {
		const done = pending.add(draft.payload.length);
		options.send(draft).then(
			({ proof }) => {
				state.sent++;
				state.proofs[proof] = (state.proofs[proof] ?? 0) + 1;
				done();
			},
			(error) => {
				unsent(toFailure(error).message);
				done();
			},
		);
	}

	for (let time = 0; time < options.times && !signal.aborted; time++) {
		const recording = await openRecordings(options.path);
		/** When the recording's start is sent, by `performance.now()`: that of the first message that is sent, at its pace. */
		let start: number | undefined;
		for await (const { messages, problems, unread } of recording.batches(signal)) {
			if (time === 0) {
				state.unread += unread;
				state.problems.push(...problems);
			}
			for (const message of messages) {
				if (signal.aborted) break;
				if (!options.directions.includes(direction(message.flags))) continue;
				if (message.at < (part.from ?? 0) || message.at >= (part.until ?? Number.POSITIVE_INFINITY)) continue;
				const draft = draftOf(message);
				if (!draft) continue;
				if (speed !== undefined) {
					start ??= performance.now() - message.at / speed;
					const due = start + message.at / speed;
					const now = performance.now();
					if (due - now > early) await wait(due - now, undefined, { signal }).catch(() => {});
					if (signal.aborted) break;
					lateness.add(performance.now() - due);
				}
				send(draft);
				const full = pending.full();
				if (full) await full;
				if (options.onProgress && performance.now() - reported > progressEvery) {
					reported = performance.now();
					options.onProgress(current());
				}
			}
		}
	}
	await pending.empty();
	return current();
}
