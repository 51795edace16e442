import { createDeadlines } from '../base/deadlines';
import { fail, toFailure } from '../base/failure';
import { type Draft, flag, type Receipt } from '../model/message';
import type { Underway } from '../model/session';
import type { Link, Sending } from '../protocols/adapter';
import type { Store } from './store';

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
	/** In milliseconds. */
	receiptWithin?: number;
	changed(): void;
}

export function createSender({ store, link, changed, receiptWithin = usualReceiptWithin }: SenderOptions): Sender {
	const deadlines = createDeadlines(receiptWithin);
	/** Of pending messages whose adapter has asked for a signal. */
	const stops = new Map<number, AbortController>();
	const underway = new Map<number, Underway>();

	/** Made at hand, since most protocols never look at it. */
	function sendingOf(seq: number, target: string): Sending & { over(): void } {
		let over = false;
		let pending: Receipt = { proof: 'pending', text: 'on its way', ms: 0, seq };
		store.receipt(seq, pending);
		const update = (more: Partial<Receipt>) => {
			// What is known in the end is not overwritten by a late word from on the way.
			if (over) return;
			pending = { ...pending, ...more };
			const { text, done, stoppable } = pending;
			underway.set(seq, {
				seq,
				target,
				text,
				...(done === undefined ? {} : { done }),
				...(stoppable ? { stoppable } : {}),
			});
			store.receipt(seq, pending);
			changed();
		};
		return {
			seq,
			progress: (text, done) => update({ text, done }),
			get signal() {
				let stop = stops.get(seq);
				if (!stop) {
					stop = new AbortController();
					stops.set(seq, stop);
					update({ stoppable: true });
				}
				return stop.signal;
			},
			over() {
				over = true;
				stops.delete(seq);
				underway.delete(seq);
			},
		};
	}

	return {
		send(draft) {
			// What throws in here rejects.
			return new Promise((resolve, reject) => {
				const current = link();
				const { flags, meta, logged = draft } = current.prepare(draft);
				const seq = store.append(logged.target, logged.payload, flags | flag.out, meta);
				const sending = sendingOf(seq, draft.target);
				changed();
				const settle = (receipt: Receipt): Receipt => {
					const settled = { ...receipt, seq };
					store.receipt(seq, settled);
					changed();
					return settled;
				};
				const arrived = deadlines.add(() => {
					// A late answer still corrects the log.
					const text = `No answer within ${receiptWithin / 1000} s: it may or may not have arrived.`;
					resolve(settle({ proof: 'unknown', text, ms: 0 }));
				});
				const over = () => {
					arrived();
					sending.over();
				};
				current.send(draft, sending).then(
					(receipt) => {
						over();
						resolve(settle(receipt));
					},
					(error) => {
						over();
						const failure = toFailure(error);
						settle({ proof: 'refused', text: failure.message, ms: 0, evidence: failure.evidence });
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
