import { createDeadlines } from '../../base/deadlines';
import { fail, toFailure } from '../../base/failure';
import { type Draft, flag, type Receipt } from '../../model/contracts/message';
import type { Underway } from '../../model/contracts/session';
import type { Link, Sending } from '../../protocols/adapter';
import type { Store } from '../store/store';

/** Milliseconds. */
const usualReceiptWithin = 30_000;

/** Maximum number of pending messages in a status. */
const maxUnderway = 20;

/** Sends messages. Each has a line in the log from the start and ends with exactly one receipt. */
export interface Sender {
	/** Rejects if nothing was sent; otherwise resolves with a receipt, whatever the outcome. */
	send(draft: Draft): Promise<Receipt>;
	/** Stops waiting for a pending message, if its protocol supports this. */
	cancel(seq: number): void;
	/** Pending messages with progress or a stop, oldest first, at most 20. */
	readonly underway: Underway[];
}

export interface SenderOptions {
	store: Pick<Store, 'append' | 'receipt'>;
	/** Throws `not-open`. */
	link(): Link;
	/** Throws if the draft does not fit the protocol's description. */
	check(draft: Draft): void;
	/** Limit for the receipt, in milliseconds. */
	receiptWithin?: number;
	changed(): void;
}

export function createSender({
	store,
	link,
	check,
	changed,
	receiptWithin = usualReceiptWithin,
}: SenderOptions): Sender {
	const deadlines = createDeadlines(receiptWithin);
	/** For pending messages whose adapter uses the signal. */
	const stops = new Map<number, AbortController>();
	const underway = new Map<number, Underway>();

	/** One message until its receipt. A class, because closures per message would cost more than sending in a flood. */
	class OnItsWay implements Sending {
		private receipt: Receipt;
		private over = false;

		constructor(
			readonly seq: number,
			private readonly target: string,
		) {
			this.receipt = { proof: 'pending', text: 'pending', ms: 0, seq };
			store.receipt(seq, this.receipt);
		}

		/** Created lazily; most protocols do not use it. An arrow function, because adapters pass it on without its object. */
		get progress() {
			return (text: string, done?: number): void => this.update({ text, done });
		}

		/** Created lazily; most protocols do not use it. */
		get signal(): AbortSignal {
			let stop = stops.get(this.seq);
			if (!stop) {
				stop = new AbortController();
				stops.set(this.seq, stop);
				this.update({ stoppable: true });
			}
			return stop.signal;
		}

		private update(more: Partial<Receipt>): void {
			// Late progress must not overwrite the final receipt.
			if (this.over) return;
			const { seq, target } = this;
			this.receipt = { ...this.receipt, ...more };
			const { text, done, stoppable } = this.receipt;
			underway.set(seq, {
				seq,
				target,
				text,
				...(done === undefined ? {} : { done }),
				...(stoppable ? { stoppable } : {}),
			});
			store.receipt(seq, this.receipt);
			changed();
		}

		end(): void {
			this.over = true;
			stops.delete(this.seq);
			underway.delete(this.seq);
		}
	}

	function settle(seq: number, receipt: Receipt): Receipt {
		const settled = { ...receipt, seq };
		store.receipt(seq, settled);
		changed();
		return settled;
	}

	return {
		send(draft) {
			// An exception in the executor rejects the promise.
			return new Promise((resolve, reject) => {
				const current = link();
				check(draft);
				const prepared = current.prepare(draft);
				const { flags, meta, logged = draft } = prepared;
				const seq = store.append(logged.target, logged.payload, flags | flag.out, meta);
				const sending = new OnItsWay(seq, draft.target);
				changed();
				const arrived = deadlines.add(() => {
					// A late answer still updates the log.
					const text = `No answer within ${receiptWithin / 1000} s: it may or may not have arrived.`;
					resolve(settle(seq, { proof: 'unknown', text, ms: 0 }));
				});
				current.send(prepared, sending).then(
					(receipt) => {
						arrived();
						sending.end();
						resolve(settle(seq, receipt));
					},
					(error) => {
						arrived();
						sending.end();
						const { message, evidence } = toFailure(error);
						settle(seq, { proof: 'refused', text: message, ms: 0, evidence });
						reject(error);
					},
				);
			});
		},
		get underway() {
			return [...underway.values()].slice(0, maxUnderway);
		},
		cancel(seq) {
			const stop = stops.get(seq);
			if (!stop) throw fail('not-pending', 'This message is no longer pending, or it cannot be stopped.');
			stop.abort();
		},
	};
}
