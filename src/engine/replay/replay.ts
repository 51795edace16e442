import { setTimeout as wait } from 'node:timers/promises';
import { toFailure } from '../../base/failure';
import { createHistogram } from '../../base/histogram';
import { createWindow } from '../../base/window';
import type { Draft, Proof, Receipt } from '../../model/contracts/message';
import { shortened } from '../../model/text/text';
import { openRecordings } from '../recording/read-parts';
import { type Chosen, createDrafts, type Selection } from './drafts';

export interface ReplayOptions extends Selection {
	path: string;
	send(draft: Draft): Promise<Receipt>;
	/** Of the recorded pace, 0.1 to 100; undefined: as fast as messages are acknowledged. */
	speed: number | undefined;
	/** How often the recording is replayed. */
	times: number;
	signal: AbortSignal;
	onProgress?(state: ReplayState): void;
}

/** What has become of the messages so far. */
export interface ReplayState extends Chosen {
	/** Messages that were sent, by their proof. */
	proofs: Partial<Record<Proof, number>>;
	sent: number;
	/** What was refused, by target and reason; at most 20, further ones under "Others". */
	refused: Map<string, number>;
	/** Lines of the recording that could not be read, the first of them as sentences. */
	unread: number;
	problems: string[];
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
/** The longest wait of a timer, in milliseconds: a recording may have a gap of months. */
const maxWait = 60_000;
const progressEvery = 250;
/** Characters of a refused target that are named. */
const maxTarget = 200;

/** Sends the messages of a recording again. Resolves when each has its receipt. Throws if the recording cannot be opened. */
export async function replay(options: ReplayOptions): Promise<ReplayState> {
	const { signal, speed } = options;
	const lateness = createHistogram();
	const drafts = createDrafts(options);
	const state: ReplayState = {
		...{ ...drafts.chosen, proofs: {}, sent: 0, refused: new Map(), unread: 0, problems: [] },
		...{ late: { p50: 0, p99: 0, max: 0 }, ms: 0, stopped: false },
	};
	const began = performance.now();
	const pending = createWindow(maxPending, maxPendingBytes);
	let reported = began;

	function current(): ReplayState {
		state.skipped = drafts.chosen.skipped;
		state.late = { p50: lateness.at(0.5), p99: lateness.at(0.99), max: lateness.max };
		state.ms = performance.now() - began;
		state.stopped = signal.aborted;
		return state;
	}

	function send(draft: Draft): void {
		const done = pending.add(draft.payload.length);
		options.send(draft).then(
			({ proof, text }) => {
				state.sent++;
				state.proofs[proof] = (state.proofs[proof] ?? 0) + 1;
				if (proof === 'refused') drafts.count(state.refused, `${shortened(draft.target, maxTarget)}: ${text}`);
				done();
			},
			(error) => {
				drafts.count(state.unsent, toFailure(error).message);
				done();
			},
		);
	}

	for (let time = 0; time < options.times && !signal.aborted; time++) {
		const recording = await openRecordings(options.path);
		/** When the recording's start is sent, by `performance.now()`: that of the first message that is sent, at its pace. */
		let start: number | undefined;
		/** The latest time so far: a message whose time goes back is sent at once and is not late. */
		let latest = Number.NEGATIVE_INFINITY;
		for await (const { messages, problems, unread } of recording.batches(signal, options.part.from)) {
			if (time === 0) {
				state.unread += unread;
				state.problems.push(...problems);
			}
			for (const message of messages) {
				if (signal.aborted) break;
				const draft = drafts.of(message);
				if (!draft) continue;
				if (speed !== undefined) {
					latest = Math.max(latest, message.at);
					start ??= performance.now() - latest / speed;
					const due = start + latest / speed;
					for (let left = due - performance.now(); left > early && !signal.aborted; left = due - performance.now())
						await wait(Math.min(left, maxWait), undefined, { signal }).catch(() => {});
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
