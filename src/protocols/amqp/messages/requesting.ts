import { toFailure } from '../../../base/failure';
import type { Receipt } from '../../../model/contracts/message';
import type { Sending, Sink } from '../../adapter';
import { amqpFlag } from '../describe/flags';
import type { Connection } from '../wire/connection';
import type { Returned } from '../wire/contents';
import { type Prepared, replyQueue } from './drafts';
import type { Outcome } from './publishing';
import { receiptOf } from './sending';

export interface RequestOptions {
	connection: Connection;
	sink: Sink;
	prepared: Prepared;
	/** The target under which the answer is logged. */
	target: string;
	sending?: Sending;
}

/**
 * A request and its first answer by RabbitMQ's direct reply-to. The pseudo-queue must be consumed on the channel that
 * publishes, so each request has its own channel. Never rejects once something was sent.
 */
export async function request({ connection, sink, prepared, target, sending }: RequestOptions): Promise<Receipt> {
	const began = performance.now();
	const ms = () => Math.round((performance.now() - began) * 10) / 10;
	const { answerWithin = 10_000 } = prepared;
	let settle: (receipt: Receipt) => void = () => {};
	const settled = new Promise<Receipt>((resolve) => {
		settle = resolve;
	});
	let sent = false;
	let over = false;
	let confirmed = false;
	let returned: Outcome | undefined;

	const opening = connection.open(
		{
			deliver({ flags, meta, body: payload }) {
				const answer = sink.message({
					...{ target, meta, payload, flags: flags | amqpFlag.reply },
					answers: sending?.seq,
				});
				settle({ proof: 'answered', text: `answered in ${ms()} ms`, ms: ms(), answers: [answer] });
			},
			returned({ code, text }: Returned) {
				returned = { kind: 'returned', code, text };
			},
			cancelled: () => settle(unanswered('The server ended the consumer for the answer.')),
			closed(failure) {
				if (confirmed)
					settle(unanswered('The request reached a queue, but the connection ended before an answer arrived.'));
				else settle(receiptOf({ kind: sent && !connection.live ? 'unknown' : 'refused', failure }, ms()));
			},
		},
		true,
	);

	function confirm(accepted: boolean): void {
		confirmed = accepted;
		const failure = { code: 'nacked', message: 'The server did not accept the request (basic.nack).' };
		if (returned) settle(receiptOf(returned, ms()));
		else if (!accepted) settle(receiptOf({ kind: 'refused', failure }, ms()));
		else if (!over) sending?.progress('in a queue, waiting for the answer');
	}

	function unanswered(text: string): Receipt {
		if (!sent)
			return {
				proof: 'refused',
				text: 'The request was not sent: the server had not opened a channel for it yet.',
				ms: ms(),
			};
		return { proof: confirmed ? 'acknowledged' : 'unknown', text, ms: ms() };
	}

	async function start(): Promise<void> {
		const channel = await opening;
		await channel.consume(replyQueue, { noAck: true });
		if (over) return;
		sent = true;
		channel.publish(prepared, confirm);
	}

	const timedOut = `within ${answerWithin / 1000} s`;
	const timer = setTimeout(() => {
		const text = confirmed
			? 'The request reached a queue, but no answer arrived'
			: 'The server did not confirm the request, and no answer arrived';
		settle(unanswered(`${text} ${timedOut}.`));
	}, answerWithin);
	const stopped = () =>
		settle(unanswered(`${confirmed ? 'The request reached a queue. ' : ''}The wait for the answer was stopped.`));
	sending?.signal.addEventListener('abort', stopped, { once: true });
	start().catch((error) => settle(receiptOf({ kind: 'refused', failure: toFailure(error) }, ms())));
	const receipt = await settled;
	over = true;
	clearTimeout(timer);
	sending?.signal.removeEventListener('abort', stopped);
	// Also closes a channel that opens only later.
	opening.then(
		(channel) => channel.close(),
		() => {},
	);
	return receipt;
}
