import { toFailure } from '../../base/failure';
import { sentence } from '../../base/sentence';
import type { Draft, Receipt } from '../../model/contracts/message';
import { headerValues } from '../headers';
import { createLineReader } from '../io/json-lines';
import { linesOf } from '../io/lines';
import { type Opened, openTarget } from '../open';
import type { Target } from '../target';
import { UsageError } from './usage';

export interface PublishOptions {
	target: Target;
	subject?: string;
	headers: readonly string[];
	format: 'json' | 'lines' | 'raw';
	message?: string;
	input: AsyncIterable<Uint8Array>;
	signal: AbortSignal;
	say(text: string): void;
}

/** Messages, and bytes, that may be on their way at once: beyond it no more input is read. */
const mostMessages = 500;
const mostBytes = 4 * 1024 * 1024;
/** Failures that are told one by one. */
const mostTold = 10;

/** Sends what the input says, in order, and waits for every receipt. Returns the exit code. */
export async function publish(options: PublishOptions): Promise<number> {
	const { description } = options.target;
	const verb = description.verbs[0];
	if (!verb) throw new UsageError(`${description.label} cannot send.`);
	const { id } = verb;
	if (verb.target === 'none' && options.subject !== undefined)
		throw new UsageError(`${description.label} takes no ${description.words.target}.`);
	const needed = verb.target === 'required' && options.subject === undefined;
	if (needed && (options.format !== 'json' || options.message !== undefined))
		throw new UsageError(`Which ${description.words.target}? Give it after the connection.`);
	const wrong = options.subject === undefined ? undefined : verb.checkTarget(options.subject);
	if (wrong) throw new UsageError(wrong);
	const values = headerValues(options.headers, 'PUBLISH', description);
	const opened = await openTarget(options.target);
	const window = createWindow(opened, options.say);
	// What arrives meanwhile is for nobody.
	opened.onMessage(() => {});
	const fromLine = createLineReader(verb);
	const isJson = options.format === 'json' && options.message === undefined;
	/** Throws a sentence about the line. */
	function draftOf(piece: Uint8Array): Draft {
		if (!isJson) return { verb: id, target: options.subject ?? '', values, payload: piece };
		const message = fromLine(piece);
		const all = { ...message.values, ...values };
		return { verb: id, target: options.subject ?? message.target ?? '', values: all, payload: message.payload };
	}
	let bad = false;
	let number = 0;
	const lost = opened.ended.then((failure) => failure ?? { code: 'closed', message: 'The connection was closed.' });
	const broken = new AbortController();
	void lost.then(() => broken.abort());
	// Waiting for input must not outlive the connection.
	const stop = AbortSignal.any([options.signal, broken.signal]);
	try {
		for await (const batch of pieces({ ...options, signal: stop })) {
			for (const piece of batch) {
				// Before sending: the last line of an input that was cut off is not whole.
				if (stop.aborted) break;
				number++;
				let draft: Draft;
				try {
					draft = draftOf(piece);
				} catch (error) {
					bad = true;
					options.say(sentence(`Line ${number}: ${error instanceof Error ? error.message : String(error)}`));
					return 2;
				}
				const full = window.send(draft, number);
				if (full) await full;
			}
			if (stop.aborted) break;
		}
		await window.settled();
		if (broken.signal.aborted) {
			const failure = await lost;
			options.say(`${failure.message} ${window.told()}`);
			return 3;
		}
		if (window.failed > 0) options.say(window.told());
		return window.failed > 0 ? 1 : 0;
	} finally {
		if (bad) await window.settled();
		await opened.close();
	}
}

async function* pieces({ message, format, input, signal }: PublishOptions): AsyncGenerator<Uint8Array[]> {
	if (message !== undefined) return yield [Buffer.from(message)];
	if (format !== 'raw') return yield* linesOf(untilAborted(input, signal));
	const all: Uint8Array[] = [];
	for await (const chunk of untilAborted(input, signal)) all.push(chunk);
	// Half of a message is none.
	if (signal.aborted) return;
	yield [Buffer.concat(all)];
}

/** A read that waits for input must not outlive a stop. */
async function* untilAborted(input: AsyncIterable<Uint8Array>, signal: AbortSignal): AsyncGenerator<Uint8Array> {
	const iterator = input[Symbol.asyncIterator]();
	let stop = () => {};
	signal.addEventListener('abort', () => stop());
	while (!signal.aborted) {
		// Not a race with one promise of the stop: that would hold on to everything that was ever read.
		const next = await new Promise<IteratorResult<Uint8Array> | undefined>((resolve, reject) => {
			stop = () => resolve(undefined);
			iterator.next().then(resolve, reject);
		});
		if (!next || next.done) return;
		yield next.value;
	}
}

interface Window {
	/** A promise to wait for when enough is on its way. */
	send(draft: Draft, number: number): Promise<void> | undefined;
	/** When everything has its receipt. */
	settled(): Promise<void>;
	readonly failed: number;
	/** How it went, in one sentence. */
	told(): string;
}

function createWindow(opened: Opened, say: (text: string) => void): Window {
	let messages = 0;
	let bytes = 0;
	let sent = 0;
	let failed = 0;
	let wake: (() => void) | undefined;
	/** Below half of the window there is room again: waking at every receipt would send one by one. */
	let until = 0;

	function done(size: number): void {
		messages--;
		bytes -= size;
		if (wake && messages <= until && bytes <= (mostBytes * until) / mostMessages) {
			const go = wake;
			wake = undefined;
			go();
		}
	}

	function waitFor(most: number): Promise<void> {
		until = most;
		return new Promise((resolve) => {
			wake = resolve;
		});
	}

	function judged(receipt: Receipt, number: number): void {
		if (
			receipt.proof === 'handed-over' ||
			receipt.proof === 'acknowledged' ||
			receipt.proof === 'answered' ||
			receipt.proof === 'unrouted'
		)
			sent++;
		else fail(number, receipt.text);
	}

	function fail(number: number, why: string): void {
		failed++;
		if (failed <= mostTold) say(`Message ${number}: ${why}`);
	}

	return {
		send(draft, number) {
			const size = draft.payload.length;
			messages++;
			bytes += size;
			opened.session.send(draft).then(
				(receipt) => {
					judged(receipt, number);
					done(size);
				},
				(error) => {
					fail(number, toFailure(error).message);
					done(size);
				},
			);
			return messages >= mostMessages || bytes >= mostBytes ? waitFor(mostMessages / 2) : undefined;
		},
		async settled() {
			if (messages > 0) await waitFor(0);
		},
		get failed() {
			return failed;
		},
		told: () => `${sent} sent, ${failed} not.`,
	};
}
