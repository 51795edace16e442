import { fail } from '../../../base/failure';
import { toText } from '../../../model/contracts/payload';
import { type Json, parseJson } from '../../../model/json/value';

/** The arguments of an event or an acknowledgement, ready to be sent. */
export interface Arguments {
	/** A JSON list; an empty one has no spaces. */
	list: Uint8Array;
	attachments: readonly Uint8Array[];
}

const encode = (text: string) => new TextEncoder().encode(text);
const placeholder = (num: number) => `{"_placeholder":true,"num":${num}}`;

/**
 * `as`: `list` for a JSON list or one JSON value, `text` for one text, `binary` for one attachment. Attachments without a
 * placeholder are appended. The list is sent as it was written. Throws a FailureError.
 */
export function toArguments(payload: Uint8Array, as: string, attachments: readonly Uint8Array[]): Arguments {
	if (as === 'binary') {
		const all = [payload, ...attachments];
		return { list: encode(`[${all.map((_, num) => placeholder(num)).join(',')}]`), attachments: all };
	}
	const text = toText(payload);
	if (text === undefined)
		throw fail('not-utf8', 'The payload is not valid UTF-8, which arguments must be.', {
			remedy: { text: 'Send it as one attachment.' },
		});
	const list = as === 'text' ? `[${JSON.stringify(text)}]` : listOf(text);
	if (attachments.length === 0) return { list: encode(list), attachments };
	const parsed = parseJson(list);
	const used = 'value' in parsed ? numbersIn(parsed.value) : new Set<number>();
	const unknown = [...used].find((num) => !(num in attachments));
	if (unknown !== undefined)
		throw fail('no-attachment', `The arguments have a placeholder for attachment ${unknown}, which does not exist.`, {
			remedy: { text: 'The first attachment has the number 0.' },
		});
	const more = attachments.flatMap((_, num) => (used.has(num) ? [] : [placeholder(num)]));
	if (more.length === 0) return { list: encode(list), attachments };
	return { list: encode(`${list.slice(0, -1)}${list === '[]' ? '' : ','}${more.join(',')}]`), attachments };
}

/** A text as a JSON list, with what stands between its brackets kept as it is. */
function listOf(text: string): string {
	const trimmed = text.trim();
	if (trimmed === '') return '[]';
	const parsed = parseJson(trimmed);
	if ('problem' in parsed)
		throw fail(
			'not-json',
			'The arguments are not JSON: write a list such as ["text", 1], or send the payload as one text.',
			{ evidence: parsed.problem },
		);
	if (parsed.value.kind !== 'list') return `[${trimmed}]`;
	return parsed.value.items.length === 0 ? '[]' : trimmed;
}

/** The number of the attachment that a value stands for; NaN for any other value. */
export function placeholderOf(value: Json): number {
	if (value.kind !== 'map') return Number.NaN;
	const members = new Map(value.members);
	return members.get('_placeholder')?.source === 'true' ? Number(members.get('num')?.source) : Number.NaN;
}

/** Numbers of the attachments that a value has placeholders for. */
function numbersIn(value: Json, found = new Set<number>()): Set<number> {
	if (value.kind === 'list') for (const item of value.items) numbersIn(item, found);
	if (value.kind !== 'map') return found;
	const num = placeholderOf(value);
	if (Number.isInteger(num)) found.add(num);
	else for (const [, member] of value.members) numbersIn(member, found);
	return found;
}
