import { randomUUID } from 'node:crypto';
import type { Delivery } from 'rhea';
import { FailureError, fail, toFailure } from '../../../base/failure';
import type { Draft, Receipt } from '../../../model/contracts/message';
import type { Sink, Sending as Way } from '../../adapter';
import { textValue } from '../../shared/values';
import { amqp1Flag } from '../describe/flags';
import { sectionsOf, storedMessage } from '../describe/stored-message';
import { hex } from '../describe/typed-text';
import { attachReceiver, type ReceivingLink } from '../wire/attach';
import type { Value } from '../wire/codec/values';
import { encodeValue } from '../wire/codec/writer';
import type { Connection } from '../wire/connection';
import type { Payload } from '../wire/reassembly';
import { type PreparedMessage, prepareDraft } from './draft';
import { createSplitter } from './incoming';
import type { Sending } from './sending';

export interface PreparedRequest extends PreparedMessage {
	draft: Draft;
}

export interface Requesting {
	send(prepared: PreparedRequest, way?: Way): Promise<Receipt>;
}

/** A link that answers arrive over. */
interface Inbox {
	address: string;
	link: ReceivingLink;
	/** That wait for their answers. */
	requests: number;
}

interface Waiting {
	answered(seq: number): void;
	target: string;
	seq: number | undefined;
}

/** Positions in the properties of a message. */
const correlationField = 5;
const maxAnswers = 200;

/**
 * Requests with a reply address that the server makes (AMQP 1.0, part 3, section 3.5.3, "dynamic"), one for the connection, or
 * with one that the user names.
 */
export function createRequesting(connection: Connection, sink: Sink, sending: Sending): Requesting {
	const waiting = new Map<string, Waiting>();
	const inboxes = new Map<string, Promise<Inbox>>();
	const split = createSplitter();

	/** `fixed`: an address that others may use, too; undefined: one that the server makes for this link. */
	function inboxAt(fixed: string | undefined): Promise<Inbox> {
		const key = fixed ?? '';
		const cached = inboxes.get(key);
		if (cached) return cached;
		let link: ReceivingLink | undefined;
		const made = attachReceiver(
			connection,
			{ source: fixed === undefined ? { dynamic: true, expiry_policy: 'link-detach' } : { address: fixed } },
			{
				address: fixed ?? 'a reply address',
				refusal:
					fixed === undefined
						? 'The server refused to make a reply address:'
						: 'The server refused to send answers from',
				ending: 'The server ended the receiving from',
				ended: () => void inboxes.delete(key),
				message: (({ delivery }: { delivery: Delivery }) => {
					const payload = connection.take();
					// Those of others wait without an outcome and go back with the link.
					if (payload && !arrived(payload, fixed !== undefined && !delivery.remote_settled)) return;
					delivery.accept();
					link?.grant(1);
				}) as never,
			},
		).then((attached): Inbox => {
			link = attached;
			const address = fixed ?? attached.reply.address;
			if (!address) {
				void attached.close();
				throw fail('no-reply-address', 'The server does not make reply addresses, so nothing was sent.', {
					remedy: { text: 'Name an address that exists in "Reply to".' },
				});
			}
			attached.grant(maxAnswers);
			return { address, link: attached, requests: 0 };
		});
		inboxes.set(key, made);
		made.catch(() => inboxes.delete(key));
		return made;
	}

	/** A fixed address is received from only as long as a request waits. */
	function left(inbox: Inbox, fixed: string | undefined): void {
		if (--inbox.requests > 0 || fixed === undefined) return;
		inboxes.delete(fixed);
		void inbox.link.close();
	}

	/** Returns false, with nothing logged, for a message that answers no request, if `isShared`. */
	function arrived({ bytes, format }: Payload, isShared: boolean): boolean {
		const { payload, flags, meta } = split(bytes, format);
		const stored = storedMessage(meta);
		const sections = stored && sectionsOf(stored);
		const correlation = typeof sections === 'object' ? sections.properties[correlationField] : undefined;
		const key = correlation && keyOf(correlation);
		// A server that leaves out the correlation ID can only mean the one request.
		const [only] = waiting.size === 1 ? waiting.values() : [];
		const request =
			(key === undefined ? undefined : waiting.get(key)) ??
			(!isShared && (correlation?.type === 'null' || !correlation) ? only : undefined);
		if (!request && isShared) return false;
		const seq = sink.message({
			...{ target: request?.target ?? 'reply', payload, meta, flags: flags | amqp1Flag.reply },
			...(request?.seq !== undefined && { answers: request.seq }),
		});
		request?.answered(seq);
		return true;
	}

	return {
		async send(prepared, way) {
			const began = performance.now();
			const ms = () => Math.round((performance.now() - began) * 10) / 10;
			const { answerWithin = 10_000, draft } = prepared;
			const fixed = textValue(draft.values, 'replyTo');
			let inbox: Inbox;
			try {
				inbox = await inboxAt(fixed);
				inbox.requests++;
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
			const message = prepareDraft(draft, { replyTo: inbox.address, correlationId });
			const keys = keysOf(message, correlationId);
			return new Promise((resolve) => {
				let accepted = false;
				let isOver = false;
				const settle = (receipt: Receipt) => {
					if (isOver) return;
					isOver = true;
					left(inbox, fixed);
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
