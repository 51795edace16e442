import { type FailureError, fail } from '../../../base/failure';
import type { Receipt } from '../../../model/contracts/message';
import { peerText } from '../../shared/peer-text';
import { statusOf } from '../describe/flags';
import type { Connection } from '../wire/connection';
import { encodePublish, refuseTooLarge } from './drafts';
import type { Inbox } from './inbox';
import type { Publishes } from './publishes';

/** The answer to a request of the adapter's own, which is not logged. */
export interface Answer {
	payload: Buffer;
	/** As `readMeta` reads it. */
	meta: Buffer | undefined;
	flags: number;
}

export interface RequestOptions {
	block?: string;
	/** Milliseconds; 5,000 unless given. */
	within?: number;
}

/**
 * Sends a request and returns its answer. Throws a FailureError: `no-responders`, `not-permitted`, `no-answer`,
 * `message-too-large`.
 */
export type Request = (subject: string, payload: Uint8Array | string, options?: RequestOptions) => Promise<Answer>;

export function createRequests(connection: Connection, inbox: Inbox, publishes: Publishes): Request {
	return async (subject, payload, { block = '', within = 5000 } = {}) => {
		const bytes = Buffer.from(payload);
		refuseTooLarge(connection, block, bytes);
		await inbox.ready();
		const receipt = publishes.receipts.open();
		let answer: Answer | undefined;
		const box = inbox.open((_, body, meta, flags) => {
			if (statusOf(flags) === '503') {
				receipt.settle('unrouted', 'no responders');
				return;
			}
			answer = { payload: Buffer.from(body), meta: meta && Buffer.from(meta), flags };
			receipt.settle('answered', 'answered');
		});
		receipt.onSettled(box.close);
		receipt.within(within, () => receipt.settle('acknowledged', 'no answer'));
		connection.write(encodePublish(subject, box.subject, block, bytes));
		publishes.watch(subject, box.subject, receipt);
		const outcome = await receipt.promise;
		if (answer) return answer;
		throw refusal(subject, outcome, within);
	};
}

function refusal(subject: string, { proof, evidence }: Receipt, within: number): FailureError {
	const to = `"${peerText(subject, { most: 100 })}"`;
	if (proof === 'unrouted') return fail('no-responders', `Nothing at the server answers requests to ${to}.`);
	if (proof === 'refused')
		return fail('not-permitted', `The user has no permission for requests to ${to}.`, { evidence });
	if (proof === 'unknown') return fail('closed', 'The connection ended before the server had answered.');
	return fail('no-answer', `The server did not answer a request to ${to} within ${within / 1000} s.`);
}
