import { isRecord } from '../../base/check';
import { membersOf, parseJson, toPlain } from '../../model/json/value';
import { cutText, wellFormed } from '../../model/text/text';
import { everything, withoutField } from './describe/describe';

/** Longer messages are not parsed, so that the server cannot make parsing expensive. Bytes. */
const maxParsed = 1024 * 1024;
/** Longest name of a group, in characters. */
const maxName = 200;

/** Returns the function that names the group of a message by the value of a JSON field ("type", "data.type"). */
export function grouping(field: string | undefined): (payload: Buffer, binary: boolean) => string {
	if (!field) return () => everything;
	const path = field.split('.');
	const without = withoutField(field);
	return (payload) => {
		// Only objects have fields, and a failing JSON.parse costs twenty times a successful one.
		if (payload.length > maxParsed || !startsObject(payload)) return without;
		const text = payload.toString('utf8');
		let value: unknown;
		try {
			value = JSON.parse(text);
		} catch {
			return without;
		}
		for (const name of path) value = isRecord(value) && Object.hasOwn(value, name) ? value[name] : undefined;
		if (typeof value !== 'string' && typeof value !== 'number' && typeof value !== 'boolean') return without;
		// Different numbers beyond 2^53 may become the same double, so these are read again with their exact digits.
		if (typeof value === 'number' && !Number.isSafeInteger(value)) value = exactAt(text, path) ?? value;
		// Targets are stored as UTF-8, which cannot hold half of a surrogate pair.
		return wellFormed(cutText(String(value), maxName)) || without;
	};
}

function exactAt(text: string, path: readonly string[]): unknown {
	const parsed = parseJson(text);
	let value = 'value' in parsed ? parsed.value : undefined;
	for (const name of path) value = value && membersOf(value)?.get(name);
	return value && toPlain(value);
}

/** Whether the first byte after the white space of JSON (RFC 8259, section 2) is a brace. */
function startsObject(payload: Buffer): boolean {
	let at = 0;
	while (payload[at] === 0x20 || payload[at] === 0x0a || payload[at] === 0x0d || payload[at] === 0x09) at++;
	return payload[at] === 0x7b;
}
