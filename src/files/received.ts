import { isRecord } from '../base/check';
import type { FieldValue, Values } from '../model/field';
import type { ProtocolDescription } from '../protocols/description';
import type { Received } from './connection';
import { plain, reservedFor } from './headers';

/** What the log's properties call a field of the message. */
const otherNames: Record<string, string> = {
	expiry: 'messageExpiry',
	correlation: 'correlationData',
	utf8: 'payloadFormat',
};

/**
 * The options of a received message by the keys of the fields that would send it again just so. `meta` is what the
 * adapter logged with it.
 */
export function receivedValues(description: ProtocolDescription, flags: number, meta: unknown): Values {
	const fields = description.verbs[0]?.fields ?? [];
	const values: Values = {};
	for (const column of description.columns) {
		const field = fields.find(({ key }) => key === column.id);
		const text = column.text(flags);
		if (field?.type !== 'choice') continue;
		const choice = field.choices.find(({ value }) => String(value) === text);
		if (choice) values[field.key] = choice.value;
	}
	if (description.retained && fields.some(({ key }) => key === 'retain'))
		values.retain = (flags & description.retained.flag) !== 0;
	if (!isRecord(meta)) return values;
	for (const [name, value] of Object.entries(meta)) {
		const key = Object.hasOwn(otherNames, name) ? (otherNames[name] as string) : name;
		// The alias belongs to the connection it came over.
		if (key === 'topicAlias' || !fields.some((field) => field.key === key)) continue;
		values[key] = key === 'correlationData' ? `0x${String(value)}` : (value as FieldValue);
	}
	return values;
}

/** A message as the session hands it on, for expectations. */
export function toReceived(
	description: ProtocolDescription,
	message: { target: string; payload: Uint8Array; flags: number; meta?: unknown; time: number; answers?: number },
): Received {
	const values = receivedValues(description, message.flags, message.meta);
	const names = reservedFor('PUBLISH', description);
	const headers: [string, string][] = [];
	const own: [string, string][] = [];
	for (const [key, value] of Object.entries(values)) {
		if (Array.isArray(value)) own.push(...(value as [string, string][]));
		else {
			const reserved = names.find(({ sets }) => 'field' in sets && plain(sets.field.key) === plain(key));
			headers.push([reserved?.name ?? key, String(value)]);
		}
	}
	const meta = isRecord(message.meta) ? message.meta : {};
	const code = description.columns.find(({ id }) => id === 'code')?.text(message.flags);
	return {
		target: message.target,
		payload: message.payload,
		headers: [...headers, ...own],
		time: message.time,
		...(typeof meta.correlation === 'string' && { correlation: meta.correlation }),
		...(code && { code }),
		...(message.answers !== undefined && { answers: message.answers }),
	};
}
