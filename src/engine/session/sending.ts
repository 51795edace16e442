import { createDeadlines } from '../../base/deadlines';
import { fail, toFailure } from '../../base/failure';
import { type Draft, flag, type Receipt } from '../../model/contracts/message';
import type { Underway } from '../../model/contracts/session';
import type { Link, Sending } from '../../protocols/adapter';
import type { Store } from '../store/store';

/** Milliseconds. */
const usualReceiptWithin = 30_000;

/** Messages under way that a status names. */
const mostUnderway = 20;

/** Messages on their way: each has a line in the log from the start, and exactly one receipt in the end. */
export interface Sender {
	/** Throws if nothing was sent; a receipt otherwise, whatever became of it. */
	send(draft: Draft): Promise<Receipt>;
	/** Gives up on a pending message, as far as its protocol can. */
	cancel(seq: number): void;
	/** Messages on their way whose protocol tells how far they are or can stop them, oldest first, at most 20. */
	readonly underway: Underway[];
}

export interface SenderOptions {
	store: Pick<Store, 'append' | 'receipt'>;
	/** Throws `not-open`. */
	link(): Link;
	/** Throws what is wrong with the draft by the description. */
	check(draft: Draft): void;
	/** In milliseconds. */
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
	/** Of pending messages whose adapter has asked for a signal. */
	const stops = new Map<number, AbortController>();
	const underway = new Map<number, Underway>();

	/** One message from the start to its receipt. A class, since a flood of closures would cost more than sending. */
	class OnItsWay implements Sending {
		private receipt: Receipt;
		private over = false;

		constructor(
			readonly seq: number,
			private readonly target: string,
		) {
			this.receipt = { proof: 'pending', text: 'on its way', ms: 0, seq };
			store.receipt(seq, this.receipt);
		}

		/** Not a method: an adapter may hand it on alone. */
		readonly progress = (text: string, done?: number): void => this.update({ text, done });

		/** Made at hand, since most protocols never look at it. */
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
			// What is known in the end is not overwritten by a late word from on the way.
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
			// What throws in here rejects.
			return new Promise((resolve, reject) => {
				const current = link();
				check(draft);
				const prepared = current.prepare(draft);
				const { flags, meta, logged = draft } = prepared;
				const seq = store.append(logged.target, logged.payload, flags | flag.out, meta);
				const sending = new OnItsWay(seq, draft.target);
				changed();
				const arrived = deadlines.add(() => {
					// A late answer still corrects the log.
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
			return [...underway.values()].slice(0, mostUnderway);
		},
		cancel(seq) {
			const stop = stops.get(seq);
			if (!stop) throw fail('not-pending', 'This message is not on its way any more, or cannot be stopped.');
			stop.abort();
		},
	};
}
