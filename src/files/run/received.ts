import { codeOf, loggedValues } from '../../lines/values';
import { flag } from '../../model/contracts/message';
import { toHex, toText } from '../../model/contracts/payload';
import { bytesOf, isBytesValue } from '../../model/profile/bytes-value';
import type { BytesValue } from '../../model/profile/field';
import type { ProtocolDescription } from '../../protocols/description';
import { plain, reservedFor } from '../values/headers';
import type { Received } from './connection';

/** The text that expectations compare: that of the bytes, or their hexadecimal digits. */
function shownBytes(value: BytesValue): string {
	const bytes = bytesOf(value);
	return bytes ? (toText(bytes) ?? toHex(bytes)) : '';
}

/** A message of the session as expectations see it. */
export function toReceived(
	description: ProtocolDescription,
	message: Pick<Received, 'target' | 'payload' | 'time' | 'answers' | 'subscriptions' | 'seq' | 'marks'> & {
		flags: number;
		meta?: object;
	},
): Received {
	const { target, payload, flags, meta, time, answers, subscriptions, seq, marks } = message;
	const { values, correlation } = loggedValues(description, flags, meta);
	const names = reservedFor('PUBLISH', description);
	const headers: [string, string][] = [];
	const own: [string, string][] = [];
	for (const [key, value] of Object.entries(values)) {
		const name = names.find(({ sets }) => 'field' in sets && sets.field.key === key)?.name ?? key;
		for (const one of Array.isArray(value) ? value : [value])
			if (Array.isArray(one)) own.push(one);
			else headers.push([name, isBytesValue(one) ? shownBytes(one) : String(one)]);
	}
	if (description.files?.propertiesAsHeaders) {
		const listed = new Set([...headers, ...own].map(([name]) => plain(name)));
		for (const { label, value } of description.properties(flags, meta)) {
			const name = label.replaceAll(' ', '-');
			if (!listed.has(plain(name))) own.push([name, value]);
		}
	}
	const code = codeOf(description, flags);
	return {
		target,
		payload,
		headers: [...headers, ...own],
		time,
		...(correlation !== undefined && { correlation }),
		...(code && { code }),
		...(answers !== undefined && { answers }),
		...(subscriptions && { subscriptions }),
		...(seq !== undefined && { seq }),
		...((flags & flag.held) !== 0 && { held: true as const }),
		flags,
		...(meta && { meta }),
		...(marks && { marks }),
	};
}
