import { type Failure, toFailure } from '../../base/failure';
import type { Clock, Received } from '../run/connection';
import { pause } from '../run/repeat';
import { type Step, Unsendable, type Work } from './steps';

/** Pause before the first repetition of a step, in milliseconds. Each further one is twice as long, up to the longest. */
const firstPause = 200;
const longestPause = 5000;
/** Messages and bytes that wait where the source cannot be slowed. More are dropped and counted. */
const maxWaiting = 10_000;
const maxWaitingBytes = 64 * 1024 * 1024;

/** The code of the failure to send over a connection that is not open. */
const notOpen = 'not-open';

/** How a message has ended. */
export type WorkResult = { kind: 'done' } | Unprocessed;

/** `left`: the rule ended before. */
export interface Unprocessed {
	kind: 'failed' | 'left';
	failure: Failure;
}

export interface WorkerOptions<W extends Work> {
	steps: readonly Step[];
	clock: Clock;
	/** Aborted when the rule ends and nothing more may be sent, with a FailureError as the reason. */
	signal: AbortSignal;
	inFlight: number;
	retries: number;
	/** Called once for each message that was added. Its place is free for another one when it has returned or resolved. */
	onResult(work: W, result: WorkResult): Promise<void> | undefined;
	/** A step has failed and will be repeated. */
	onFailure(failure: Failure): void;
}

/**
 * Takes messages through the steps: the first step is sent in the order of the messages, without waiting for the proof of
 * the one before. The order of repetitions and of further steps is that in which they become due.
 */
export interface Worker<W extends Work> {
	/** Returns false if there is no room for the message. A held one has always room: its source sends no more than its limit. */
	add(work: W): boolean;
	/** Messages at work or waiting. */
	readonly size: number;
	all(): W[];
	/** Resolves when no message is at work or waiting. */
	idle(): Promise<void>;
}

/** A message that goes through the steps. */
interface AtWork<W> {
	work: W;
	/** Its index. */
	at: number;
	/** Does nothing if it has ended. */
	end(result: WorkResult): void;
}

export function createWorker<W extends Work>(options: WorkerOptions<W>): Worker<W> {
	const { steps, clock, signal, inFlight, retries, onResult, onFailure } = options;
	const waiting: W[] = [];
	let first = 0;
	let waitingBytes = 0;
	let active = 0;
	/** Resolves when the messages so far were sent. */
	let order: Promise<unknown> = Promise.resolve();
	/** Messages that wait for their turn to be sent. */
	let inOrder = 0;
	let idlers: (() => void)[] = [];
	/** In any order. An array, because a Set that changes with each message is slow to collect. */
	const atWork: AtWork<W>[] = [];
	// Their proofs may never come.
	signal.addEventListener('abort', () => {
		const failure = toFailure(signal.reason);
		for (const { end } of [...atWork]) end({ kind: 'left', failure });
	});

	/** Sends one message after the other, without waiting for the proof of what was sent. */
	function sendInOrder(step: Step, work: W): Promise<Received | undefined> {
		const next = inOrder === 0 ? step.prepare(work, undefined) : undefined;
		if (next && !(next instanceof Promise)) return next.send();
		inOrder++;
		const sending = order.then(async () => {
			const ready = await (next ?? step.prepare(work, undefined));
			return { sent: ready.send() };
		});
		const passed = () => {
			inOrder--;
		};
		order = sending.then(passed, passed);
		return sending.then(({ sent }) => sent);
	}

	async function run(work: W): Promise<void> {
		let answer: Received | undefined;
		for (const [index, step] of steps.entries())
			for (let attempt = 0; ; attempt++) {
				signal.throwIfAborted();
				try {
					if (index === 0 && attempt === 0) answer = await sendInOrder(step, work);
					else answer = await (await step.prepare(work, answer)).send();
					break;
				} catch (error) {
					const failure = toFailure(error);
					// Nothing was sent, because the connection was lost: the next attempt waits for a new one.
					const isDown = failure.code === notOpen;
					if (error instanceof Unsendable || signal.aborted || (!isDown && attempt >= retries)) throw error;
					onFailure(failure);
					if (isDown) attempt--;
				}
				await pause(Math.min(longestPause, firstPause * 2 ** Math.max(0, attempt)), { clock, signal });
			}
	}

	function start(work: W): void {
		active++;
		const one: AtWork<W> = {
			work,
			at: atWork.length,
			end(result) {
				if (atWork[one.at] !== one) return;
				const last = atWork.pop() as AtWork<W>;
				if (last !== one) {
					last.at = one.at;
					atWork[one.at] = last;
				}
				const concluding = onResult(work, result);
				if (concluding) void concluding.then(free);
				else free();
			},
		};
		atWork.push(one);
		run(work).then(
			() => one.end({ kind: 'done' }),
			(error) => one.end({ kind: signal.aborted ? 'left' : 'failed', failure: toFailure(error) }),
		);
	}

	function free(): void {
		active--;
		next();
	}

	function next(): void {
		while (active < inFlight && first < waiting.length) {
			const work = waiting[first++] as W;
			waitingBytes -= work.message.payload.length;
			if (first > 1000) {
				waiting.splice(0, first);
				first = 0;
			}
			start(work);
		}
		if (size() > 0) return;
		for (const resolve of idlers) resolve();
		idlers = [];
	}

	const size = () => active + waiting.length - first;

	return {
		add(work) {
			if (active < inFlight && first === waiting.length) {
				start(work);
				return true;
			}
			const isFull = waiting.length - first >= maxWaiting || waitingBytes >= maxWaitingBytes;
			if (isFull && !work.message.held) return false;
			waiting.push(work);
			waitingBytes += work.message.payload.length;
			return true;
		},
		get size() {
			return size();
		},
		all: () => [...atWork.map(({ work }) => work), ...waiting.slice(first)],
		idle: () => new Promise((resolve) => (size() === 0 ? resolve() : idlers.push(resolve))),
	};
}
