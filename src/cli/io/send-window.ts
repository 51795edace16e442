import { toFailure } from '../../base/failure';
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
	let messages = 0;
	let bytes = 0;
	let sent = 0;
	let failed = 0;
	let wake: (() => void) | undefined;
	/** The number of messages at which the waiting sender goes on. */
	let wakeAt = 0;

	function done(size: number): void {
		messages--;
		bytes -= size;
		if (wake && messages <= wakeAt && bytes <= (maxBytes * wakeAt) / maxMessages) {
			const go = wake;
			wake = undefined;
			go();
		}
	}

	function waitUntil(left: number): Promise<void> {
		wakeAt = left;
		return new Promise((resolve) => {
			wake = resolve;
		});
	}

	function fail(number: number, reason: string): void {
		failed++;
		if (failed <= maxReported) say(`Message ${number}: ${reason}`);
	}

	return {
		send(draft, number) {
			const size = draft.payload.length;
			messages++;
			bytes += size;
			send(draft).then(
				({ proof, text }) => {
					if (successes.has(proof)) sent++;
					else fail(number, text);
					done(size);
				},
				(error) => {
					fail(number, toFailure(error).message);
					done(size);
				},
			);
			// The sender goes on at half of the window: waking at every receipt would send messages one by one.
			return messages >= maxMessages || bytes >= maxBytes ? waitUntil(maxMessages / 2) : undefined;
		},
		async settled() {
			if (messages > 0) await waitUntil(0);
		},
		get failed() {
			return failed;
		},
		summary: () => `${sent} sent, ${failed} not.`,
	};
}

const successes = new Set<Receipt['proof']>(['handed-over', 'acknowledged', 'answered', 'unrouted']);
