import { toFailure } from '../../base/failure';
import { createWindow } from '../../base/window';
import type { Draft, Receipt } from '../../model/contracts/message';

/** Limits of messages and bytes without a receipt: beyond them no more input is read. */
const maxMessages = 500;
const maxBytes = 4 * 1024 * 1024;
/** Failures that are reported one by one; more are only counted. */
const maxReported = 10;

/** Sends messages without waiting for each receipt, with a limit on those that have none yet. */
export interface SendWindow {
	/** Sends message `number`. Returns a promise to wait for while the window is full. */
	send(draft: Draft, number: number): Promise<void> | undefined;
	/** Resolves when every message has its receipt. */
	settled(): Promise<void>;
	readonly failed: number;
	/** How many messages were sent and how many not, in one sentence. */
	summary(): string;
}

export function createSendWindow(send: (draft: Draft) => Promise<Receipt>, say: (text: string) => void): SendWindow {
	const window = createWindow(maxMessages, maxBytes);
	let sent = 0;
	let failed = 0;

	function fail(number: number, reason: string): void {
		failed++;
		if (failed <= maxReported) say(`Message ${number}: ${reason}`);
	}

	return {
		send(draft, number) {
			const done = window.add(draft.payload.length);
			send(draft).then(
				({ proof, text }) => {
					if (successes.has(proof)) sent++;
					else fail(number, text);
					done();
				},
				(error) => {
					fail(number, toFailure(error).message);
					done();
				},
			);
			return window.full();
		},
		settled: () => window.empty(),
		get failed() {
			return failed;
		},
		summary: () => `${sent} sent, ${failed} not.`,
	};
}

const successes = new Set<Receipt['proof']>(['handed-over', 'acknowledged', 'answered', 'unrouted']);
