import type { PeerEnd } from '../../base/failure';
import type { Receipt } from '../../model/contracts/message';
import { optionsOf } from '../syntax/metadata';
import { type AttemptOptions, attemptRequest } from './attempt';
import type { Received } from './connection';
import { headOf } from './results/head';
import type { AssertionResult, RequestResult } from './results/result';

/** Runs a request as often as its metadata says (`@loop`, `@every`), until a run does not pass. */
export async function repeatRequest(options: AttemptOptions): Promise<RequestResult> {
	const { file, section, clock, signal } = options;
	const { loop, every, timeout, keepStreaming, for: forMs } = optionsOf(file, section);
	const began = clock.now();
	const limit = loop ?? (every === undefined ? 1 : Number.POSITIVE_INFINITY);
	const isEndless = every === undefined || loop !== undefined || keepStreaming;
	const deadline = began + (forMs ?? (isEndless ? Number.POSITIVE_INFINITY : (timeout ?? options.timeout)));
	const receipts: Receipt[] = [];
	const assertions: AssertionResult[] = [];
	let messages: readonly Received[] = [];
	let end: PeerEnd | undefined;
	let runs = 0;
	let last: Pick<RequestResult, 'ending' | 'failure'> = { ending: 'passed' };
	while (runs < limit && last.ending === 'passed' && (runs === 0 || clock.now() <= deadline)) {
		if (runs > 0 && every !== undefined) {
			const wait = Math.max(0, began + runs * every - clock.now());
			if (clock.now() + wait > deadline) break;
			await pause(wait, options);
			if (signal.aborted) break;
		}
		runs++;
		const device = { client: 1, clients: 1, message: runs - 1 };
		const scope = { ...options.scope, around: { ...options.scope.around, device } };
		const attempt = await attemptRequest({ ...options, scope });
		last = { ending: attempt.ending, ...(attempt.failure && { failure: attempt.failure }) };
		receipts.push(...attempt.receipts);
		assertions.push(...attempt.assertions);
		messages = attempt.messages ?? messages;
		end = attempt.end ?? end;
	}
	return {
		...headOf(file, section),
		...last,
		...{ receipts, messages, assertions },
		...(end && { end }),
		ms: clock.now() - began,
		runs,
	};
}

/** Resolves after this time, or when the user stops the run. */
export function pause(ms: number, { clock, signal }: Pick<AttemptOptions, 'clock' | 'signal'>): Promise<void> {
	return new Promise((resolve) => {
		const all = pausesOf(signal);
		const done = () => {
			timer.dispose();
			all.delete(done);
			resolve();
		};
		const timer = clock.after(ms, done);
		all.add(done);
		if (signal.aborted) done();
	});
}

/** One listener for all pauses: a rule has one for each message that it repeats, and Node warns about more than ten. */
const pauses = new WeakMap<AbortSignal, Set<() => void>>();

function pausesOf(signal: AbortSignal): Set<() => void> {
	const existing = pauses.get(signal);
	if (existing) return existing;
	const created = new Set<() => void>();
	pauses.set(signal, created);
	signal.addEventListener('abort', () => {
		for (const end of [...created]) end();
	});
	return created;
}
