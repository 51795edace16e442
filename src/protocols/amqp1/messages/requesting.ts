import { randomUUID } from 'node:crypto';
import type { Delivery } from 'rhea';
import { FailureError, fail, toFailure } from '../../../base/failure';
import type { Draft, Receipt } from '../../../model/contracts/message';
import type { Sink, Sending as Way } from '../../adapter';
import { amqp1Flag } from '../describe/flags';
import { sectionsOf, storedMessage } from '../describe/stored-message';
import { hex } from '../describe/typed-text';
import { attachReceiver } from '../wire/attach';
import type { Value } from '../wire/codec/values';
import { encodeValue } from '../wire/codec/writer';
import type { Connection } from '../wire/connection';
import { type PreparedMessage, prepareDraft } from './draft';
import { createSplitter } from './incoming';
import type { Sending } from './sending';

export interface PreparedRequest extends PreparedMessage {
	draft: Draft;
}

export interface Requesting {
	send(prepared: PreparedRequest, way?: Way): Promise<Receipt>;
}

interface Waiting {
	answered(seq: number): void;
	target: string;
	seq: number | undefined;
}

/** Positions in the properties of a message. */
const correlationField = 5;
const maxAnswers = 200;

/** Requests with a reply address that the server makes (AMQP 1.0, part 3, section 3.5.3, "dynamic"), one for the connection. */
export function createRequesting(connection: Connection, sink: Sink, sending: Sending): Requesting {
	const waiting = new Map<string, Waiting>();
	let address: Promise<string> | undefined;
	const split = createSplitter();

	function replyAddress(): Promise<string> {
		address ??= attachReceiver(
			connection,
			{ source: { dynamic: true, expiry_policy: 'link-detach' } },
			{
				address: 'a reply address',
				refusal: 'The server refused to make a reply address:',
				ending: 'The server ended the receiving from',
				ended() {
					address = undefined;
				},
				message: (({ delivery }: { delivery: Delivery }) => {
					const payload = connection.take();
					if (payload) arrived(payload.bytes, payload.format);
					delivery.accept();
				}) as never,
			},
		).then(
			(link) => {
				const made = link.reply.address;
				if (!made) {
					void link.close();
					throw fail('no-reply-address', 'The server does not make reply addresses, so nothing was sent.', {
						remedy: { text: 'Send the message with "Reply to", and receive from that address.' },
					});
				}
				link.grant(maxAnswers);
				refill = () => link.grant(1);
				return made;
			},
			(error) => {
				address = undefined;
				throw error;
			},
		);
		return address;
	}
	let refill = () => {};

	function arrived(bytes: Uint8Array, format: number): void {
		const { payload, flags, meta } = split(bytes, format);
		refill();
		const stored = storedMessage(meta);
		const sections = stored && sectionsOf(stored);
		const correlation = typeof sections === 'object' ? sections.properties[correlationField] : undefined;
		const key = correlation && keyOf(correlation);
		// A server that leaves out the correlation ID can only mean the one request.
		const [only] = waiting.size === 1 ? waiting.values() : [];
		const request =
			(key === undefined ? undefined : waiting.get(key)) ??
			(correlation?.type === 'null' || !correlation ? only : undefined);
		const seq = sink.message({
			...{ target: request?.target ?? 'reply', payload, meta, flags: flags | amqp1Flag.reply },
			...(request?.seq !== undefined && { answers: request.seq }),
		});
		request?.answered(seq);
	}

	return {
		async send(prepared, way) {
			const began = performance.now();
			const ms = () => Math.round((performance.now() - began) * 10) / 10;
			const { answerWithin = 10_000, draft } = prepared;
			let reply: string;
			try {
				reply = await replyAddress();
			} catch (error) {
				const failure = error instanceof FailureError ? error.failure : toFailure(error);
				return {
					proof: 'refused',
					text: failure.message,
					ms: ms(),
					...(failure.evidence && { evidence: failure.evidence }),
				};
			}
			const correlationId = randomUUID();
			const message = prepareDraft(draft, { replyTo: reply, correlationId });
			const keys = keysOf(message, correlationId);
			return new Promise((resolve) => {
				let accepted = false;
				const settle = (receipt: Receipt) => {
					clearTimeout(timer);
					for (const key of keys) waiting.delete(key);
					resolve(receipt);
				};
				const unanswered = (text: string) => settle({ proof: accepted ? 'acknowledged' : 'unknown', text, ms: ms() });
				const timer = setTimeout(
					() =>
						unanswered(
							`${accepted ? 'The server accepted the request, but no' : 'No outcome and no'} answer arrived within ${answerWithin / 1000} s.`,
						),
					answerWithin,
				);
				way?.signal.addEventListener('abort', () => unanswered('The wait for the answer was stopped.'), { once: true });
				const entry: Waiting = {
					target: draft.target,
					seq: way?.seq,
					answered: (seq) => settle({ proof: 'answered', text: `answered in ${ms()} ms`, ms: ms(), answers: [seq] }),
				};
				for (const key of keys) waiting.set(key, entry);
				if (connection.life.state === 'ended') unanswered('The connection ended before the request was sent.');
				void connection.life.ended.then(() => unanswered('The connection ended before an answer arrived.'));
				void sending.send(message, way && { ...way, signal: new AbortController().signal }).then((receipt) => {
					if (receipt.proof !== 'acknowledged') {
						settle(receipt);
						return;
					}
					accepted = true;
					way?.progress('accepted, waiting for the answer');
				});
			});
		},
	};
}

const keyOf = (value: Value): string => hex(encodeValue(value));

/** The correlation ID of the request; some servers answer with its message ID instead. */
function keysOf({ meta }: PreparedMessage, own: string): string[] {
	const stored = storedMessage(meta);
	const sections = stored && sectionsOf(stored);
	const properties = typeof sections === 'object' ? sections.properties : [];
	const ids = [properties[correlationField], properties[0]].filter((one) => one && one.type !== 'null') as Value[];
	return ids.length > 0 ? ids.map(keyOf) : [keyOf({ type: 'string', value: own })];
}
