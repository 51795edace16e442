import { fail } from '../../base/failure';
import type { ProtocolDescription } from '../../protocols/description';
import { describe } from '../../protocols/descriptions';
import type { Message, Sketch } from '../../protocols/shared/commands/sketch';
import { isPlainBody, type PrintedHeader, printBody, printRequest } from '../syntax/print';
import { isPlain } from '../syntax/quoted';
import { verbOf } from '../syntax/words';
import { findReserved, reservedFor } from '../values/headers';
import { binaryField } from '../values/sending-verb';
import { protocolOf } from './sketch';

export interface RequestTextOptions {
	/** After "###". */
	title?: string;
	/** Undefined: the protocol of the sketch. */
	description?: ProtocolDescription;
	/** The name of the connection, which replaces its URL. */
	connection?: string;
	/** The line in front of the message with this index; undefined: "===". */
	separator?(index: number): string | undefined;
}

/** A request of a message file. User name and password are left out, and a remark says so. Throws `cannot-write`. */
export function requestText(sketch: Sketch, options: RequestTextOptions = {}): string {
	const { title, connection, separator, description = describe(protocolOf(sketch)) } = options;
	const { verb, url, messages, dropped, metadata = [] } = sketch;
	const isConversation = verbOf(verb)?.action === 'conversation';
	const encoded = isEncoded(messages);
	const remarks = dropped.map((one) => `Left out: ${one}`);
	if (sketch.password !== undefined || sketch.username !== undefined)
		remarks.unshift('User name and password are left out: keep them in a connection.');
	const where: PrintedHeader[] = [];
	if (connection !== undefined) where.push({ kind: 'option', name: 'Connection', value: connection });
	else if (url && !isConversation) where.push({ kind: 'option', name: 'Host', value: url });
	const given = sketch.own?.verb ?? sketch.headers.find(([name, , kind]) => name === 'Verb' && kind !== 'message')?.[1];
	const reserved = reservedFor(verb, description, given);
	const isOption = (name: string) => findReserved(name, reserved) !== undefined;
	const headers = sketch.headers.map(
		([name, value, kind]): PrintedHeader => ({
			name,
			value,
			kind: kind !== 'message' && isOption(name) ? 'option' : 'message',
			...(kind === 'item' || kind === 'bytes' ? { as: kind } : {}),
		}),
	);
	const type = description && binaryField(description, sketch.own?.verb ?? description.verbs[0]?.id);
	const typeName = reserved.find(({ sets }) => 'field' in sets && sets.field === type)?.name;
	// An encoded body is binary unless the header of the field says otherwise.
	const isTyped = headers.some(({ name, kind }) => kind === 'option' && name === typeName);
	if (encoded && type && 'default' in type && typeName !== undefined && !isTyped)
		headers.push({ kind: 'option', name: typeName, value: String(type.default) });
	return printRequest(
		{
			...(title !== undefined && { title }),
			metadata: [...metadata, ...(encoded ? [['body', 'base64'] as const] : [])],
			remarks,
			verb,
			target: isConversation ? (connection === undefined ? (url ?? '') : '') : sketch.target,
			headers: [...where, ...headers],
			steps: messages.map((one, at) => ({
				...(at > 0 && { separator: separator?.(at) ?? '===' }),
				body: bodyText(one, encoded),
			})),
		},
		isOption,
	);
}

/** Whether one of the messages would change when written as text: then all are encoded. */
export const isEncoded = (messages: readonly Message[]): boolean =>
	messages.some((one) => 'bytes' in one && !isPlainBody(one.bytes));

function bodyText(one: Message, encoded: boolean): string {
	if ('bytes' in one) return printBody(one.bytes, encoded);
	if (isPlain(one.file)) return `< ${one.file}`;
	throw fail('cannot-write', 'The path of the file with the payload cannot be written in a message file.');
}
