import type { Failure } from '../../../base/failure';
import type { OpenReceipt } from '../../shared/receipts';
import { Receipts } from '../../shared/receipts';
import type { Connection, Flush } from '../wire/connection';
import { type Denied, errorLine } from '../wire/server-errors';

/** A message that the server has not been proven to have processed. */
interface Waiting {
	subject: string;
	reply: string;
	receipt: OpenReceipt;
	/** Only a refusal settles the receipt. */
	isRequest: boolean;
}

/** The messages between two PINGs. */
interface Batch {
	messages: Waiting[];
	/** The messages before it have been refused or are not meant by the next refusal. */
	searched: number;
	/** An error that could not be attributed to one of them. */
	error?: string;
}

export interface Publishes {
	readonly receipts: Receipts;
	/** Settles the receipt as soon as the server has processed what was written before. */
	follow(subject: string, reply: string, receipt: OpenReceipt): void;
	/** Only refusals settle the receipt: a request, whose answer is the proof. */
	watch(subject: string, reply: string, receipt: OpenReceipt): void;
	/** A publish was refused. Returns whether it was one of these. */
	denied(denied: Denied, text: string): boolean;
	/** An error that names no subject. */
	failed(text: string): void;
}

/**
 * Servers acknowledge no message of core NATS, but they answer a PING after everything before it, and report refusals before
 * that. All messages that are written while a PING is on its way share the next one.
 */
export function createPublishes(connection: Connection): Publishes {
	const receipts = new Receipts();
	const batches: Batch[] = [];
	let filling: { flush: Flush; batch: Batch } | undefined;

	function settle(batch: Batch, failure?: Failure): void {
		batches.splice(batches.indexOf(batch), 1);
		if (filling?.batch === batch) filling = undefined;
		const { error } = batch;
		for (const { receipt, isRequest } of batch.messages) {
			if (isRequest && !failure) continue;
			if (failure) receipt.lose();
			else if (error !== undefined)
				receipt.settle('handed-over', 'sent; the server reported an error that may belong to it', errorLine(error));
			else receipt.settle('acknowledged', (ms) => `processed by the server in ${ms} ms`);
		}
	}

	function add(message: Waiting): void {
		const flush = connection.flush();
		if (filling?.flush !== flush) {
			const batch: Batch = { messages: [], searched: 0 };
			filling = { flush, batch };
			batches.push(batch);
			flush.after((failure) => settle(batch, failure));
		}
		filling.batch.messages.push(message);
	}

	return {
		receipts,
		follow: (subject, reply, receipt) => add({ subject, reply, receipt, isRequest: false }),
		watch: (subject, reply, receipt) => add({ subject, reply, receipt, isRequest: true }),
		denied({ kind, subject }, text) {
			for (const batch of batches) {
				// Refusals come in the order of the messages, so that a flood of them is searched once.
				for (let at = batch.searched; at < batch.messages.length; at++) {
					const message = batch.messages[at] as Waiting;
					if ((kind === 'reply' ? message.reply : message.subject) !== subject) continue;
					batch.searched = at + 1;
					const what = kind === 'reply' ? `the reply subject "${subject}"` : `"${subject}"`;
					message.receipt.settle(
						'refused',
						`refused by the server: the user has no permission to publish ${kind === 'reply' ? 'with' : 'to'} ${what}`,
						errorLine(text),
					);
					return true;
				}
			}
			return false;
		},
		failed(text) {
			const [batch] = batches;
			if (batch) batch.error ??= text;
		},
	};
}
