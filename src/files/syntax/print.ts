import { fail } from '../../base/failure';
import { toBase64, toText } from '../../model/contracts/payload';
import { shortened } from '../../model/text/text';
import { isPlain, quote, quoteIfNeeded } from './quoted';

/** A request to print. Its texts are data: no character of them becomes syntax. */
export interface PrintedRequest {
	/** The title behind "###". */
	title?: string;
	metadata?: readonly (readonly [name: string, value?: string])[];
	/** Comments, each on a line of its own. */
	remarks?: readonly string[];
	/** A verb of message files. */
	verb: string;
	/** Empty if there is none. */
	target: string;
	headers?: readonly PrintedHeader[];
	steps?: readonly PrintedStep[];
}

export interface PrintedHeader {
	name: string;
	value: string;
	/** `option`: an option of the request. `message`: a header of the message, whatever its name is. */
	kind: 'option' | 'message';
	/**
	 * `item`: one item of a list, quoted since a list is split at its commas. `bytes`: a value that could be read as the name
	 * of a file.
	 */
	as?: 'item' | 'bytes';
}

export interface PrintedStep {
	/** The line in front of the step, such as "=== wait 20ms". The first step has none. */
	separator?: string;
	/** The result of `printBody`. */
	body: string;
}

/** Names of message headers that need no quotation marks, unless an option has the same name. */
const simpleName = /^[\p{L}\p{N}_](?:[\p{L}\p{N}_.$/ -]*[\p{L}\p{N}_.$/-])?$/u;

const mustQuote = { item: /^$|^\s|,|\s$/, bytes: /^$|^</ };

/**
 * Prints a request. The inverse of `parse`: parsing the result gives exactly these texts. `isOption` returns true for the
 * names of options, in all spellings that `findReserved` accepts. Throws `cannot-write` for metadata that does not fit on a
 * line.
 */
export function printRequest(request: PrintedRequest, isOption: (name: string) => boolean): string {
	const { title = '', metadata = [], remarks = [], verb, target, headers = [], steps = [] } = request;
	const lines = [withValue('###', oneLine(title))];
	for (const [name, value = ''] of metadata) lines.push(printMetadata(name, value));
	for (const remark of remarks) lines.push(`# ${oneLine(remark)}`);
	lines.push(target === '' ? verb : `${verb} ${quoteIfNeeded(target)}`);
	for (const { name, value, kind, as } of headers) {
		const bare = kind === 'option' || (simpleName.test(name) && !isOption(name));
		const written = as && mustQuote[as].test(value) ? quote(value) : quoteIfNeeded(value);
		lines.push(withValue(`${bare ? name : quote(name)}:`, written));
	}
	if (steps.some(({ separator, body }) => separator !== undefined || body !== '')) lines.push('');
	for (const { separator, body } of steps) {
		if (separator !== undefined) lines.push(separator);
		if (body !== '') lines.push(body);
	}
	return `${lines.join('\n')}\n`;
}

/** Prints a line of metadata. Only the name of a connection may be quoted. */
export function printMetadata(name: string, value: string): string {
	if (name === 'connection') return `# @connection ${quoteIfNeeded(value)}`;
	if (!/^[\w-]+$/.test(name) || !isPlain(value))
		throw fail(
			'cannot-write',
			`"@${oneLine(name)}" cannot be written with the value "${shortened(oneLine(value), 100)}".`,
		);
	return withValue(`# @${name}`, value);
}

/** The line is not trimmed, since white space at the end of a value belongs to it. */
const withValue = (start: string, value: string) => (value === '' ? start : `${start} ${value}`);

/** For titles and remarks, which are only displayed: every line break and invisible character becomes a space. */
export function oneLine(text: string): string {
	return text.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Surrogate}]+/gu, ' ').trim();
}

/** Prints a payload; `encoded` for a request with `# @body base64`. */
export function printBody(bytes: Uint8Array, encoded: boolean): string {
	return encoded ? toBase64(bytes) : (toText(bytes) ?? '');
}

/** Returns true if parsing these bytes, printed as text, gives the same bytes. */
export function isPlainBody(bytes: Uint8Array): boolean {
	const text = toText(bytes);
	if (text === undefined) return false;
	if (text === '') return true;
	// White space that is trimmed, line ends that become "\n", and text that is syntax in a body.
	if (/^[ \t]*\n|\n[ \t]*$|^\s+$|\r|\0|^\uFEFF|\{\{/.test(text)) return false;
	return !/^(?:###|\?\?|===(?:\s|$)|<@?\s|[<>]\s*\{%)/m.test(text);
}
