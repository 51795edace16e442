import { fail } from '../../../base/failure';
import type { Draft } from '../../../model/contracts/message';
import type { Prepared } from '../../adapter';
import { refuseWhenFull } from '../../shared/failures';
import { numberValue, pairsValue, textValue } from '../../shared/values';
import { streamHeaders } from '../describe/fields/message-fields';
import { natsFlag } from '../describe/flags';
import { checkHeader, type Pairs, writeHeaders, writeMeta } from '../describe/headers';
import type { NatsVerb } from '../describe/ids';
import { checkSubject } from '../describe/subjects';
import type { Connection } from '../wire/connection';

export interface PreparedMessage extends Prepared {
	verb: NatsVerb;
	subject: string;
	/** Empty: none. */
	reply: string;
	/** Empty: no headers. */
	block: string;
	payload: Buffer;
	/** Milliseconds to wait for answers. */
	within: number;
	/** Answers to wait for. */
	answers: number;
}

/** Checks a draft against NATS and the limits of the server. Throws a FailureError. */
export function prepareDraft(draft: Draft, connection: Connection): PreparedMessage {
	const { target: subject, values } = draft;
	const verb = draft.verb as NatsVerb;
	const wrong = checkSubject(subject);
	if (wrong) throw fail('bad-draft', wrong);
	const pairs: Pairs = [...pairsValue(values, 'headers')];
	if (verb === 'stream')
		for (const [key, name] of Object.entries(streamHeaders)) {
			const value = textValue(values, key);
			if (value !== undefined) pairs.push([name, value]);
		}
	for (const pair of pairs) {
		const problem = checkHeader(pair);
		if (problem) throw fail('bad-draft', problem, { field: 'headers' });
	}
	const reply = verb === 'publish' ? (textValue(values, 'reply') ?? '') : '';
	const wrongReply = reply === '' ? undefined : checkSubject(reply);
	if (wrongReply) throw fail('bad-draft', `Reply subject: ${wrongReply}`, { field: 'reply' });
	const block = pairs.length > 0 ? writeHeaders(pairs) : '';
	if (block !== '' && !connection.info.headers)
		throw fail('bad-draft', 'The server does not support headers.', { field: 'headers' });
	const { payload: given } = draft;
	const payload = Buffer.isBuffer(given) ? given : Buffer.from(given.buffer, given.byteOffset, given.byteLength);
	refuseTooLarge(connection, block, payload);
	return {
		...{ verb, subject, reply, block, payload },
		flags: reply === '' ? 0 : natsFlag.reply,
		meta: writeMeta(reply, block),
		within: (numberValue(values, 'timeout') ?? 5) * 1000,
		answers: numberValue(values, 'maxAnswers') ?? 1,
	};
}

/** Throws a FailureError for a message after which the server would close the connection, and while it does not read. */
export function refuseTooLarge({ info, waiting }: Connection, block: string, payload: Uint8Array): void {
	const size = payload.length + Buffer.byteLength(block);
	if (size > info.maxPayload)
		throw fail(
			'message-too-large',
			`The message has ${size.toLocaleString('en')} bytes with its headers; the server accepts ${info.maxPayload.toLocaleString('en')}.`,
		);
	refuseWhenFull('server', waiting, size);
}

/** PUB or HPUB (NATS client protocol). */
export function encodePublish(subject: string, reply: string, block: string, payload: Uint8Array): Buffer {
	const to = reply === '' ? subject : `${subject} ${reply}`;
	const headers = Buffer.byteLength(block);
	const line =
		headers === 0 ? `PUB ${to} ${payload.length}\r\n` : `HPUB ${to} ${headers} ${headers + payload.length}\r\n${block}`;
	const start = Buffer.byteLength(line);
	const bytes = Buffer.allocUnsafe(start + payload.length + 2);
	bytes.write(line, 0);
	bytes.set(payload, start);
	bytes[start + payload.length] = 13;
	bytes[start + payload.length + 1] = 10;
	return bytes;
}
