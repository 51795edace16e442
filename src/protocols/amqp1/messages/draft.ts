import { fail } from '../../../base/failure';
import type { Draft } from '../../../model/contracts/message';
import type { Values } from '../../../model/profile/field';
import type { Prepared } from '../../adapter';
import { numberValue, pairsValue, textValue } from '../../shared/values';
import { checkAddress } from '../describe/address';
import { amqp1Flag } from '../describe/flags';
import { type BodyKind, bodyKinds, storeMessage } from '../describe/stored-message';
import { readBody, readSequence, readTyped } from '../describe/values/typed-text';
import { sectionCode } from '../wire/codec/sections';
import type { Value } from '../wire/codec/values';
import { Writer } from '../wire/codec/writer';

export interface PreparedMessage extends Prepared {
	address: string;
	/** The encoded message. */
	bytes: Buffer;
	settled: boolean;
	/** Milliseconds to wait for the answer of a request. */
	answerWithin?: number;
}

/** The parts of a message in which the adapter of a request has a say. */
export interface Own {
	replyTo?: string;
	correlationId?: string;
}

/** Checks and encodes a draft. Throws a FailureError that names the fault. */
export function prepareDraft(draft: Draft, own: Own = {}): PreparedMessage {
	const { verb, target, values, payload } = draft;
	if (verb !== 'send' && verb !== 'request') throw fail('bad-verb', 'AMQP 1.0 has the message types send and request.');
	const wrong = checkAddress(target);
	if (wrong) throw fail('bad-target', wrong);
	const kind = bodyKinds.find((one) => one === (values.body ?? 'data')) ?? 'data';
	const sections = new Writer();
	writeHeader(sections, values);
	writeMap(sections, sectionCode.deliveryAnnotations, values, 'deliveryAnnotations', 'symbol');
	writeMap(sections, sectionCode.messageAnnotations, values, 'annotations', 'symbol');
	writeProperties(sections, values, own);
	writeMap(sections, sectionCode.applicationProperties, values, 'properties', 'string');
	const footer = new Writer();
	writeMap(footer, sectionCode.footer, values, 'footer', 'symbol');
	const message = new Writer().raw(sections.done());
	const body = writeBody(message, kind, payload);
	message.raw(footer.done());
	const settled = verb === 'send' && values.settled === true;
	return {
		...{ address: target, settled, bytes: Buffer.from(message.done()) },
		...(body.logged && { logged: { target, payload: body.logged } }),
		flags: (values.durable === false ? 0 : amqp1Flag.durable) | (settled ? amqp1Flag.settled : 0),
		meta: storeMessage({ kind, bodySections: body.sections, sections: sections.raw(footer.done()).done() }),
		...(verb === 'request' && { answerWithin: (numberValue(values, 'timeout') ?? 10) * 1000 }),
	};
}

const nothing: Value = { type: 'null' };

/** Runs what throws an Error with one sentence for a value that the user has written wrongly. */
function reading<T>(field: string, read: () => T): T {
	try {
		return read();
	} catch (error) {
		throw fail('bad-field', error instanceof Error ? error.message : 'A value is not valid.', { field });
	}
}

/** Writes a section that is a list, without the unset fields at its end; not at all if none is set. */
function writeList(writer: Writer, code: number, fields: (Value | undefined)[]): void {
	const last = fields.findLastIndex((one) => one !== undefined);
	if (last === -1) return;
	writer.section(code, { type: 'list', value: fields.slice(0, last + 1).map((one) => one ?? nothing) });
}

function writeHeader(writer: Writer, values: Values): void {
	const ttl = numberValue(values, 'ttl');
	const priority = numberValue(values, 'priority');
	const count = numberValue(values, 'deliveryCount');
	writeList(writer, sectionCode.header, [
		values.durable === false ? undefined : { type: 'boolean', value: true },
		priority === undefined ? undefined : { type: 'ubyte', value: priority },
		ttl === undefined ? undefined : { type: 'uint', value: ttl },
		values.firstAcquirer === true ? { type: 'boolean', value: true } : undefined,
		count === undefined ? undefined : { type: 'uint', value: count },
	]);
}

/** The properties section in its order (AMQP 1.0, part 3, section 3.2.4). */
function writeProperties(writer: Writer, values: Values, own: Own): void {
	const text = (key: string, type: 'string' | 'symbol' = 'string'): Value | undefined => {
		const value = textValue(values, key);
		return value === undefined ? undefined : { type, value };
	};
	const id = (key: string, label: string): Value | undefined => {
		const value = textValue(values, key);
		if (value === undefined) return undefined;
		const read = reading(key, () => readTyped(value, label));
		if (!['string', 'ulong', 'uuid', 'binary'].includes(read.type))
			throw fail('bad-field', `${label} must be text, (ulong), (uuid) or (binary).`, { field: key });
		return read;
	};
	const address = (key: string, label: string): Value | undefined => {
		const value = textValue(values, key);
		return value === undefined ? undefined : reading(key, () => readTyped(value, label));
	};
	const time = (key: string, label: string): Value | undefined => {
		const value = textValue(values, key);
		return value === undefined ? undefined : reading(key, () => readTyped(`(timestamp) ${value}`, label));
	};
	const user = textValue(values, 'userId');
	const userId = user === undefined ? undefined : reading('userId', () => readTyped(user, 'User ID'));
	const sequence = numberValue(values, 'groupSequence');
	writeList(writer, sectionCode.properties, [
		id('messageId', 'Message ID'),
		userId?.type === 'string' ? { type: 'binary', value: Buffer.from(userId.value) } : userId,
		address('to', 'To'),
		text('subject'),
		own.replyTo === undefined ? address('replyTo', 'Reply to') : { type: 'string', value: own.replyTo },
		id('correlationId', 'Correlation ID') ??
			(own.correlationId === undefined ? undefined : { type: 'string', value: own.correlationId }),
		text('contentType', 'symbol'),
		text('contentEncoding', 'symbol'),
		time('expires', 'Absolute expiry time'),
		time('created', 'Creation time'),
		text('groupId'),
		sequence === undefined ? undefined : { type: 'uint', value: sequence },
		text('replyToGroupId'),
	]);
}

function writeMap(writer: Writer, code: number, values: Values, key: string, names: 'string' | 'symbol'): void {
	const pairs = pairsValue(values, key);
	if (pairs.length === 0) return;
	const written = new Set<string>();
	writer.section(code, {
		type: 'map',
		value: pairs.map(([name, text]): [Value, Value] => {
			if (written.has(name)) throw fail('bad-field', 'A map has each name once; one is written twice.', { field: key });
			written.add(name);
			const read = reading(key, () => readTyped(name, 'A name'));
			const own: Value = read.type === 'string' && names === 'symbol' ? { type: 'symbol', value: read.value } : read;
			return [own, reading(key, () => readTyped(text, `"${name}"`))];
		}),
	});
}

/** Writes the body. `logged`: the payload for the log, where it differs from that of the draft. */
function writeBody(writer: Writer, kind: BodyKind, payload: Uint8Array): { sections: number; logged?: Uint8Array } {
	const asText = () => {
		try {
			return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(payload);
		} catch {
			throw fail('bad-payload', 'A payload that is not UTF-8 can be sent as data or as binary.', { field: 'body' });
		}
	};
	switch (kind) {
		case 'text':
			writer.section(sectionCode.value, { type: 'string', value: asText() });
			return { sections: 1 };
		case 'binary':
			writer.section(sectionCode.value, { type: 'binary', value: payload });
			return { sections: 1 };
		case 'value': {
			const value = reading('body', () => readBody(asText()));
			writer.section(sectionCode.value, value);
			return { sections: 1 };
		}
		case 'sequence': {
			const value = reading('body', () => readSequence(asText()));
			writer.section(sectionCode.sequence, { type: 'list', value });
			return { sections: 1 };
		}
		case 'none':
			if (payload.length > 0)
				throw fail('bad-payload', 'A message without a body has no payload: empty it, or choose another body.', {
					field: 'body',
				});
			return { sections: 0 };
		default:
			writer.section(sectionCode.data, { type: 'binary', value: payload });
			return { sections: 1 };
	}
}
