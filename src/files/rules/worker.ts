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

/** How a message has ended. `left`: the rule was stopped before. */
export type WorkResult = { kind: 'done' } | { kind: 'failed' | 'left'; failure: Failure };

export interface WorkerOptions {
	steps: readonly Step[];
	clock: Clock;
	/** Aborted when the rule ends and nothing more may be sent, with a FailureError as the reason. */
	signal: AbortSignal;
	inFlight: number;
	retries: number;
	/** Called once for each message that was added. */
	onResult(work: Work, result: WorkResult): Promise<void>;
	/** A step has failed and will be repeated. */
	onFailure(failure: Failure): void;
}

/**
 * Takes messages through the steps: the first step is sent in the order of the messages, without waiting for the proof of
 * the one before. The order of repetitions and of further steps is that in which they become due.
 */
export interface Worker {
	/** Returns false if there is no room for the message. A held one has always room: its source sends no more than its limit. */
	add(work: Work): boolean;
	/** Messages at work or waiting. */
	readonly size: number;
	/** Resolves when no message is at work or waiting. */
	idle(): Promise<void>;
}

export function createWorker(options: WorkerOptions): Worker {
	const { steps, clock, signal, inFlight, retries, onResult, onFailure } = options;
	const waiting: Work[] = [];
	let first = 0;
	let waitingBytes = 0;
	let active = 0;
	let order: Promise<unknown> = Promise.resolve();
	let idlers: (() => void)[] = [];
	/** Give up the messages at work, whose proofs may never come. */
	const abandons = new Set<() => void>();
	signal.addEventListener('abort', () => {
		for (const abandon of abandons) abandon();
	});

	/** Prepares and sends one after the other, without waiting for what was sent. */
	function inOrder(step: Step, work: Work): Promise<Received | undefined> {
		const sending = order.then(async () => {
			const ready = await step.prepare(work, undefined);
			return { sent: ready.send() };
		});
		order = sending.catch(() => {});
		return sending.then(({ sent }) => sent);
	}

	async function run(work: Work): Promise<void> {
		let answer: Received | undefined;
		for (const [index, step] of steps.entries())
			for (let attempt = 0; ; attempt++) {
				signal.throwIfAborted();
				try {
					if (index === 0 && attempt === 0) answer = await inOrder(step, work);
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

	async function start(work: Work): Promise<void> {
		active++;
		const result = await new Promise<WorkResult>((resolve) => {
			const abandon = () => resolve({ kind: 'left', failure: toFailure(signal.reason) });
			abandons.add(abandon);
			run(work)
				.then(
					() => resolve({ kind: 'done' }),
					(error) => resolve({ kind: signal.aborted ? 'left' : 'failed', failure: toFailure(error) }),
				)
				.finally(() => abandons.delete(abandon));
		});
		await onResult(work, result);
		active--;
		next();
	}

	function next(): void {
		while (active < inFlight && first < waiting.length) {
			const work = waiting[first++] as Work;
			waitingBytes -= work.message.payload.length;
			if (first > 1000) {
				waiting.splice(0, first);
				first = 0;
			}
			void start(work);
		}
		if (size() > 0) return;
		for (const resolve of idlers) resolve();
		idlers = [];
	}

	const size = () => active + waiting.length - first;

	return {
		add(work) {
			if (active < inFlight && first === waiting.length) {
				void start(work);
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
		idle: () => new Promise((resolve) => (size() === 0 ? resolve() : idlers.push(resolve))),
	};
}
