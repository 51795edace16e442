import { fail } from '../../base/failure';
import { toBase64, toText } from '../../model/contracts/payload';
import { shortened } from '../../model/text/text';
import { isPlain, quote, quoteIfNeeded } from './quoted';

/** A request whose texts stand for themselves: whatever characters they have, none becomes syntax. */
export interface PrintedRequest {
	/** Behind "###". */
	title?: string;
	metadata?: readonly (readonly [name: string, value?: string])[];
	/** Comments, each on a line of its own. */
	remarks?: readonly string[];
	/** One that message files know. */
	verb: string;
	/** Empty: none. */
	target: string;
	headers?: readonly PrintedHeader[];
	steps?: readonly PrintedStep[];
}

export interface PrintedHeader {
	name: string;
	value: string;
	/** `option`: a name that the request takes as an option. `message`: a header of the message, whatever its name. */
	kind: 'option' | 'message';
	/** Set for one item of a list, which would be split at its commas. */
	item?: boolean;
}

export interface PrintedStep {
	/** The line in front of it, such as "=== wait 20ms". The first has none. */
	separator?: string;
	/** As `printBody` gives it. */
	body: string;
}

/** Names of message headers that need no quotation marks, unless they are those of options. */
const simpleName = /^[\p{L}\p{N}_](?:[\p{L}\p{N}_.$/ -]*[\p{L}\p{N}_.$/-])?$/u;

/**
 * The text of a request, the inverse of `parse`: read again, it has exactly these texts. `isOption` says which names the
 * request takes as options, in the forms that `findReserved` knows. Throws `cannot-write` for metadata that a line cannot
 * hold.
 */
export function printRequest(request: PrintedRequest, isOption: (name: string) => boolean): string {
	const { title = '', metadata = [], remarks = [], verb, target, headers = [], steps = [] } = request;
	const lines = [withValue('###', oneLine(title))];
	for (const [name, value = ''] of metadata) lines.push(printMetadata(name, value));
	for (const remark of remarks) lines.push(`# ${oneLine(remark)}`);
	lines.push(target === '' ? verb : `${verb} ${quoteIfNeeded(target)}`);
	for (const { name, value, kind, item = false } of headers) {
		const bare = kind === 'option' || (simpleName.test(name) && !isOption(name));
		const written = item && /^$|^\s|,|\s$/.test(value) ? quote(value) : quoteIfNeeded(value);
		lines.push(withValue(`${bare ? name : quote(name)}:`, written));
	}
	if (steps.some(({ separator, body }) => separator !== undefined || body !== '')) lines.push('');
	for (const { separator, body } of steps) {
		if (separator !== undefined) lines.push(separator);
		if (body !== '') lines.push(body);
	}
	return `${lines.join('\n')}\n`;
}

/** A line of metadata. Of its values, only a connection's name may stand in quotation marks. */
export function printMetadata(name: string, value: string): string {
	if (name === 'connection') return `# @connection ${quoteIfNeeded(value)}`;
	if (!/^[\w-]+$/.test(name) || !isPlain(value))
		throw fail(
			'cannot-write',
			`"@${oneLine(name)}" cannot be written with the value "${shortened(oneLine(value), 100)}".`,
		);
	return withValue(`# @${name}`, value);
}

/** Not by trimming the line: other white space at the end of a value belongs to it. */
const withValue = (start: string, value: string) => (value === '' ? start : `${start} ${value}`);

/** For titles and remarks, which are only shown: every line break and invisible character becomes a space. */
export function oneLine(text: string): string {
	return text.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Surrogate}]+/gu, ' ').trim();
}

/** A message's payload as it stands in a file; `encoded`: under `# @body base64`. */
export function printBody(bytes: Uint8Array, encoded: boolean): string {
	return encoded ? toBase64(bytes) : (toText(bytes) ?? '');
}

/** Whether these bytes, written as text, come back as they are. */
export function isPlainBody(bytes: Uint8Array): boolean {
	const text = toText(bytes);
	if (text === undefined) return false;
	if (text === '') return true;
	// Ends that are trimmed, line ends that become "\n", and what a line may not start with or hold.
	if (/^[ \t]*\n|\n[ \t]*$|^\s+$|\r|\0|^\uFEFF|\{\{/.test(text)) return false;
	return !/^(?:###|\?\?|===(?:\s|$)|<@?\s|[<>]\s*\{%)/m.test(text);
}
