import { type FailureError, fail } from '../../../base/failure';
import { natsFlag, statusOf } from '../describe/flags';
import { headersOf, readMeta, writeMeta } from '../describe/headers';
import { bigAt, recordAt, textAt } from '../wire/json';
import { type Api, hasCode, isNotFound } from './api';
import { type JsonInput, jsonText } from './json-text';
import { messageFlags } from './message-flags';
import type { Stream } from './streams';

/** A message of a stream. */
export interface Stored {
	subject: string;
	sequence: bigint;
	/** In ISO 8601 with nanoseconds, as the server writes it. */
	time: string;
	payload: Buffer;
	/** Its headers and its place, as they are logged. */
	meta: Uint8Array | undefined;
	flags: number;
}

/** Which message: by its sequence, the first of a subject from a sequence on, or the last of a subject. */
export type Query = { sequence: bigint } | { from: bigint; subject: string } | { lastOf: string };

/** Reads one message without a consumer. Undefined if there is none. Throws a FailureError. */
export type ReadMessage = (query: Query) => Promise<Stored | undefined>;

export function createReadMessage(
	api: Api,
	{ name, allowsDirect }: Pick<Stream, 'name' | 'allowsDirect'>,
): ReadMessage {
	let isDirect = allowsDirect;
	return async (query) => {
		if (isDirect)
			try {
				return await readDirect(api, name, body(query));
			} catch (error) {
				if (!hasCode(error, 'no-answer', 'no-responders', 'not-permitted')) throw error;
				// The stream was deleted or no longer allows it, or this user may not: the leader says which.
				isDirect = false;
			}
		return readByLeader(api, name, body(query));
	};
}

function body(query: Query): { readonly [name: string]: JsonInput } {
	if ('lastOf' in query) return { last_by_subj: query.lastOf };
	return 'from' in query ? { seq: query.from, next_by_subj: query.subject } : { seq: query.sequence };
}

/** Any server of the stream answers with the message itself, and with its place in headers (ADR-31). */
async function readDirect(api: Api, stream: string, query: JsonInput): Promise<Stored | undefined> {
	const answer = await api.request(`${api.prefix}.DIRECT.GET.${stream}`, jsonText(query));
	const status = statusOf(answer.flags);
	if (status === '404') return undefined;
	const header = new Map(headersOf(answer.meta).pairs);
	const subject = header.get('Nats-Subject');
	const sequence = header.get('Nats-Sequence') ?? '';
	if (status !== '' || subject === undefined || !/^\d{1,20}$/.test(sequence))
		throw fail('jetstream-refused', `The server cannot read a message of the stream "${stream}".`, {
			evidence: `status ${status || 'none'}`,
		});
	const meta = writeMeta('', readMeta(answer.meta).block ?? '');
	const flags = natsFlag.stored | messageFlags(subject, meta, 0);
	return {
		...{ subject, sequence: BigInt(sequence), time: header.get('Nats-Time-Stamp') ?? '', meta, flags },
		payload: answer.payload,
	};
}

/** The leader of the stream answers with JSON. Its place is added to the headers, as in a direct answer. */
async function readByLeader(api: Api, stream: string, query: JsonInput): Promise<Stored | undefined> {
	let message: Record<string, unknown>;
	try {
		message = recordAt(await api.call(`STREAM.MSG.GET.${stream}`, query), 'message');
	} catch (error) {
		if (isNotFound(error) && /err_code 10037/.test((error as FailureError).failure.evidence ?? '')) return undefined;
		throw error;
	}
	const subject = textAt(message, 'subject');
	const sequence = bigAt(message, 'seq');
	const time = textAt(message, 'time');
	const block = Buffer.from(textAt(message, 'hdrs'), 'base64').toString('utf8') || 'NATS/1.0\r\n\r\n';
	const place = `Nats-Stream: ${stream}\r\nNats-Subject: ${subject}\r\nNats-Sequence: ${sequence}\r\nNats-Time-Stamp: ${time}\r\n\r\n`;
	const meta = writeMeta('', block.replace(/\r\n$/, place));
	const flags = natsFlag.stored | messageFlags(subject, meta, 0);
	return { subject, sequence, time, payload: Buffer.from(textAt(message, 'data'), 'base64'), meta, flags };
}
