import { isRecord } from '../../base/check';
import { membersOf, parseJson, toPlain } from '../../model/json/value';
import { cutText, wellFormed } from '../../model/text/text';
import { everything, withoutField } from './describe/describe';

/** A longer message is not parsed: what it costs must not grow with what a server sends. Bytes. */
const longest = 1024 * 1024;
/** Of a group's name, in characters. */
const longestName = 200;

/** Where a received text or binary message is filed, by the value of a JSON field ("type", "data.type"). */
export function grouping(field: string | undefined): (payload: Buffer, binary: boolean) => string {
	if (!field) return () => everything;
	const path = field.split('.');
	const without = withoutField(field);
	return (payload) => {
		// Only an object has fields; and a text that is no JSON costs twenty times one that is.
		if (payload.length > longest || !startsObject(payload)) return without;
		const text = payload.toString('utf8');
		let value: unknown;
		try {
			value = JSON.parse(text);
		} catch {
			return without;
		}
		for (const name of path) value = isRecord(value) && Object.hasOwn(value, name) ? value[name] : undefined;
		if (typeof value !== 'string' && typeof value !== 'number' && typeof value !== 'boolean') return without;
		// Two ids beyond 2^53 may be one double. Only such a value is read again: JSON.parse is several times faster.
		if (typeof value === 'number' && !Number.isSafeInteger(value)) value = exactAt(text, path) ?? value;
		// A target is kept as UTF-8, so half of a surrogate pair would not be found again.
		return wellFormed(cutText(String(value), longestName)) || without;
	};
}

function exactAt(text: string, path: readonly string[]): unknown {
	const parsed = parseJson(text);
	let value = 'value' in parsed ? parsed.value : undefined;
	for (const name of path) value = value && membersOf(value)?.get(name);
	return value && toPlain(value);
}

/** The first byte that is no white space of JSON (RFC 8259, section 2) is a brace. */
function startsObject(payload: Buffer): boolean {
	let at = 0;
	while (payload[at] === 0x20 || payload[at] === 0x0a || payload[at] === 0x0d || payload[at] === 0x09) at++;
	return payload[at] === 0x7b;
}
