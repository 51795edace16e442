import { randomUUID } from 'node:crypto';
import { FailureError, fail, toFailure } from '../../../base/failure';
import type { Draft, Receipt } from '../../../model/contracts/message';
import type { Sink, Sending as Way } from '../../adapter';
import { textValue } from '../../shared/values';
import { amqp1Flag } from '../describe/flags';
import { sectionsOf, storedMessage } from '../describe/stored-message';
import { hex } from '../describe/values/typed-text';
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
	/** Key of the inbox in which the answer arrives. */
	inbox: string;
	answered(seq: number): void;
	giveUp(text: string): void;
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
				ended(failure) {
					inboxes.delete(key);
					for (const one of new Set(waiting.values())) if (one.inbox === key) one.giveUp(failure.message);
				},
				message(delivery, payload) {
					// Those of others wait without an outcome and go back with the link.
					if (payload && !arrived(payload, fixed !== undefined && !delivery.remote_settled)) return;
					delivery.accept();
					link?.grant(1);
				},
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
				let reason: string | undefined;
				const stop = new AbortController();
				const settle = (receipt: Receipt) => {
					if (isOver) return;
					isOver = true;
					left(inbox, fixed);
					clearTimeout(timer);
					for (const key of keys) waiting.delete(key);
					resolve(receipt);
				};
				/** Ends the wait for the answer. A request that has not been sent yet is withdrawn. */
				const giveUp = (text: string) => {
					reason = text;
					if (accepted) settle({ proof: 'acknowledged', text, ms: ms() });
					else stop.abort();
				};
				const timer = setTimeout(
					() =>
						giveUp(
							`${accepted ? 'The server accepted the request, but no' : 'No outcome and no'} answer arrived within ${answerWithin / 1000} s.`,
						),
					answerWithin,
				);
				way?.signal.addEventListener('abort', () => giveUp('The wait for the answer was stopped.'), { once: true });
				const entry: Waiting = {
					...{ inbox: fixed ?? '', target: draft.target, seq: way?.seq, giveUp },
					answered: (seq) => settle({ proof: 'answered', text: `answered in ${ms()} ms`, ms: ms(), answers: [seq] }),
				};
				for (const key of keys) waiting.set(key, entry);
				void sending.send(message, { progress: way?.progress, signal: stop.signal }).then((receipt) => {
					if (receipt.proof === 'acknowledged') {
						accepted = true;
						way?.progress('accepted, waiting for the answer');
					} else settle(receipt.proof === 'unknown' && reason !== undefined ? { ...receipt, text: reason } : receipt);
				});
				void connection.life.ended.then(() => giveUp('The connection ended before an answer arrived.'));
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
