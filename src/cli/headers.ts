import { readFileSync } from 'node:fs';
import { type BytesField, createBytesHeaders, headerFile, writtenBytes } from '../files/values/bytes-headers';
import { fieldValue, findReserved, reservedFor } from '../files/values/headers';
import { ownHeadersField, receivingMode } from '../files/values/sending-verb';
import { bytesValue } from '../model/profile/bytes-value';
import type { BytesValue, Values } from '../model/profile/field';
import { oneEditAway } from '../model/text/nearest';
import type { ProtocolDescription } from '../protocols/description';
import { UsageError } from './commands/usage';

/** The headers `-H "Name: value"` as values of a message, or of the subscription to `target`. Throws a UsageError. */
export function headerValues(
	headers: readonly string[],
	verb: 'PUBLISH' | 'SUBSCRIBE',
	description: ProtocolDescription,
	target = '',
): Values {
	// The verb decides which options the message has.
	const given =
		verb === 'PUBLISH'
			? headers.map((header) => /^verb\s*:\s*(.*?)\s*$/i.exec(header)?.[1]?.toLowerCase()).findLast((id) => id)
			: undefined;
	const sending = description.verbs.find(({ id }) => id === given) ?? description.verbs[0];
	const reserved = reservedFor(verb, description, given).filter(({ sets }) => 'field' in sets);
	const values: Values = {};
	const bytes = createBytesHeaders<string>();
	const own: [string, string][] = [];
	for (const header of headers) {
		const [, name = '', value = ''] = /^([^:]+?)\s*:\s*(.*?)\s*$/s.exec(header) ?? [];
		if (name === '') throw new UsageError(`A header is written as "Name: value", not "${header}".`);
		const found = findReserved(name, reserved);
		if (found && 'field' in found.sets) {
			const converted = fieldValue(found.sets.field, value);
			if ('problem' in converted) throw new UsageError(converted.problem);
			if (bytes.take(found.sets, value, header)) continue;
			const { key, type } = found.sets.field;
			const before = type === 'pairs' ? ((values[key] as [string, string][] | undefined) ?? []) : undefined;
			values[key] = before ? [...before, ...(converted.value as [string, string][])] : converted.value;
			continue;
		}
		const meant = oneEditAway(
			name,
			reserved.map((one) => one.name),
		);
		if (meant) throw new UsageError(`"${name}" is not known. Did you mean "${meant}"?`);
		own.push([name, value]);
	}
	for (const one of bytes.fields) values[one.field.key] = bytesValueOf(one);
	const [unused] = bytes.unused;
	if (unused !== undefined) throw new UsageError(`"${unused}" states the notation of a header that is missing.`);
	if (own.length === 0) return values;
	const mode = () =>
		receivingMode(verb, description, target, typeof values.mode === 'string' ? values.mode : undefined);
	const pairs =
		verb === 'PUBLISH' ? sending?.fields.find(({ type }) => type === 'pairs') : ownHeadersField(description, mode());
	if (!pairs) throw new UsageError(`"${own[0]?.[0]}" cannot be sent here.`);
	return { ...values, [pairs.key]: own };
}

/** The value of a field for bytes. `< path` reads a file, by its path from the working directory. */
function bytesValueOf({ field, headers }: BytesField<string>): BytesValue | BytesValue[] {
	const values = headers.map(({ place, ...header }) => {
		const path = headerFile(header.text);
		if (path !== undefined) return bytesValue(fileOf(path));
		const written = writtenBytes(header);
		if ('problem' in written) throw new UsageError(`"${place}": ${written.problem}`);
		return written.value;
	});
	return field.many ? values : (values[0] as BytesValue);
}

function fileOf(path: string): Uint8Array {
	try {
		return readFileSync(path);
	} catch {
		throw new UsageError(`The file "${path}" cannot be read.`);
	}
}
