import { type Failure, FailureError, fail } from '../../../base/failure';
import type { Draft, Receipt } from '../../../model/contracts/message';
import type { Values } from '../../../model/profile/field';
import type { Prepared, Sending, Sink } from '../../adapter';
import { peerText } from '../../shared/peer-text';
import { codeInWords, flagsOf, isSuccess } from '../describe/codes';
import { requestWithin } from '../describe/describe';
import type { CoapMeta, LoggedMeta } from '../describe/properties';
import type { Message } from '../wire/message';
import { type AskOptions, ask, type NoAnswer, NoAnswerError, nonAnswerWithin } from '../wire/no-answer';
import { blockSize, find, option } from '../wire/options';
import { type Answer, type Request, transfer } from '../wire/transfer';
import { requestOf } from './draft';

export interface SenderOptions extends Pick<AskOptions, 'exchange' | 'clock' | 'responseWithin'> {
	/** Maximum size of a whole payload, in bytes. */
	limit: number;
	/** Values of the profile. */
	values: Values;
	sink: Sink;
}

export interface PreparedRequest extends Prepared {
	/** Undefined for a ping. */
	request?: Request;
}

export interface Sender {
	/** Throws what is wrong with the draft, or `too-many`. */
	prepare(draft: Draft): PreparedRequest;
	/** Resolves with what was proven. Never rejects for what the server does. */
	send(prepared: PreparedRequest, sending?: Sending): Promise<Receipt>;
	/** Stops everything that is on its way, so that a goodbye does not wait behind it. */
	stop(): void;
}

/** Requests that may wait for their turn or an answer; more are refused. */
const maxOpen = 10_000;

export function createSender(options: SenderOptions): Sender {
	const { exchange, clock, sink } = options;
	const open = new Set<AbortController>();

	function checked(draft: Draft): Request | undefined {
		if (exchange.open >= maxOpen)
			throw fail('too-many', `${maxOpen.toLocaleString('en-US')} requests are waiting already.`, {
				remedy: { text: 'Wait until they are answered, or stop them.' },
			});
		if (draft.verb !== 'ping') return requestOf(draft, options.values);
		if (draft.payload.length > 0) throw fail('no-payload', 'A CoAP ping is an empty message: it carries no payload.');
		return undefined;
	}

	return {
		prepare(draft) {
			const request = checked(draft);
			if (!request) return { flags: flagsOf(0, 0, true) };
			const { code, confirmable, payload, szx } = request;
			const blocks = Math.ceil(payload.length / blockSize(szx));
			const meta: CoapMeta = { options: request.options, ...blocksOf(blocks) };
			return { flags: flagsOf(code, confirmable ? 0 : 1, true), meta, request };
		},
		async send({ request }, sending) {
			const began = clock.now();
			const ms = () => Math.round((clock.now() - began) * 10) / 10;
			const stop = new AbortController();
			open.add(stop);
			const cancelTimer = clock.later(requestWithin - 1000, () => stop.abort());
			const abort = () => stop.abort();
			sending?.signal.addEventListener('abort', abort);
			if (sending?.signal.aborted) abort();
			const progress = sending?.progress ?? (() => {});
			if (request?.confirmable && exchange.ahead > 0) progress(`waiting behind ${exchange.ahead} other requests`);
			const all = { ...options, signal: stop.signal, progress };
			try {
				if (!request) {
					const ping = { code: 0, confirmable: true, options: [], payload: new Uint8Array() };
					await ask(ping, all);
					return { proof: 'answered', text: `answered in ${ms()} ms (by a reset, as specified for a ping)`, ms: ms() };
				}
				const answer = await transfer(request, all);
				log(request, answer, ms(), sending?.seq);
				return receiptOf(answer, ms());
			} catch (error) {
				if (error instanceof NoAnswerError) return unanswered(error.reason, request?.confirmable ?? true, ms());
				if (error instanceof FailureError) return unusable(error.failure, ms());
				throw error;
			} finally {
				open.delete(stop);
				cancelTimer();
				sending?.signal.removeEventListener('abort', abort);
			}
		},
		stop() {
			for (const controller of open) controller.abort();
		},
	};

	function log(request: Request, { message, blocks }: Answer, ms: number, seq: number | undefined): void {
		sink.message({
			...{ target: request.target, payload: message.payload, answers: seq },
			...{ flags: flagsOf(message.code, message.type, false), meta: metaOf(message, { ms, ...blocksOf(blocks) }) },
		});
	}
}

/** What is logged of a received message besides its payload: only its head where nothing else is known. */
export function metaOf({ head }: Message, more: Pick<CoapMeta, 'blocks' | 'ms' | 'from'> = {}): LoggedMeta | undefined {
	// The log copies bytes, but keeps objects: a view would keep the whole datagram.
	return head && Object.keys(more).length > 0 ? { ...more, head: head.slice() } : head;
}

/** The number of blocks, where there are several. */
export const blocksOf = (blocks: number): { blocks?: number } => (blocks > 1 ? { blocks } : {});

/** The diagnostic payload of an error response: text without a content format (RFC 7252, 5.5.2). */
export function diagnostic(message: Message): string | undefined {
	if (isSuccess(message.code) || message.payload.length === 0) return undefined;
	if (find(message.options, option.contentFormat)) return undefined;
	return peerText(new TextDecoder('utf-8', { ignoreBOM: true }).decode(message.payload));
}

function receiptOf({ message, blocks }: Answer, ms: number): Receipt {
	const words = codeInWords(message.code);
	const place = message.options
		.filter(({ number }) => number === option.locationPath)
		.map(({ value }) => `/${new TextDecoder('utf-8', { ignoreBOM: true }).decode(value)}`)
		.join('');
	const text = [
		`${words} in ${ms} ms`,
		blocks > 1 ? `, in ${blocks.toLocaleString('en-US')} blocks` : '',
		place ? ` at ${peerText(place)}` : '',
	].join('');
	return { proof: isSuccess(message.code) ? 'answered' : 'refused', text, ms, evidence: diagnostic(message) };
}

function unanswered({ why, acknowledged }: NoAnswer, confirmable: boolean, ms: number): Receipt {
	const seconds = Math.round(ms / 1000);
	if (why === 'reset')
		return { proof: 'refused', text: `The server rejected the message with a reset after ${ms} ms.`, ms };
	const end =
		why === 'cancelled'
			? 'stopped before an answer arrived'
			: why === 'stopped'
				? 'the connection ended before an answer arrived'
				: undefined;
	if (acknowledged)
		return { proof: 'acknowledged', text: `acknowledged, but ${end ?? `no response arrived within ${seconds} s`}`, ms };
	if (!confirmable && why === 'timeout')
		return {
			proof: 'handed-over',
			text: `handed to the network; no answer within ${Math.min(seconds, nonAnswerWithin / 1000)} s`,
			ms,
		};
	const text = end
		? `${end[0]?.toUpperCase()}${end.slice(1)}: the request may or may not have arrived.`
		: `No answer to the request and four retransmissions in ${seconds} s: it may or may not have arrived.`;
	return { proof: 'unknown', text, ms };
}

/** The answer could not be used. */
function unusable({ message, evidence }: Failure, ms: number): Receipt {
	return { proof: 'unknown', text: message, ms, evidence };
}
