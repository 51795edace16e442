const version = 'NATS/1.0';
const decoder = new TextDecoder('utf-8', { ignoreBOM: true });

export type Pairs = [name: string, value: string][];

export interface HeaderBlock {
	/** Code and text behind the version: "503", "No Messages". */
	status?: { code: string; text: string };
	/** In their order, duplicates kept. */
	pairs: Pairs;
	/** Whether `writeHeaders` writes the pairs in a way that says the same. */
	isExact: boolean;
}

/** Reads a header block (NATS client protocol, HPUB). Never throws. */
export function readHeaders(text: string): HeaderBlock {
	const [first = '', ...lines] = text.split('\r\n');
	const [, code, words = ''] = /^NATS\/1\.0 +(\d{3})(?: +(.*))?$/.exec(first) ?? [];
	const pairs: Pairs = [];
	let isExact = first === version && !text.includes('\ufffd');
	for (const line of lines) {
		if (line === '') continue;
		const colon = line.indexOf(':');
		if (colon < 1) {
			isExact = false;
			continue;
		}
		const name = line.slice(0, colon);
		const value = line.slice(colon + 1);
		if (/\s/.test(name)) isExact = false;
		pairs.push([name, value.trim()]);
	}
	return { ...(code !== undefined && { status: { code, text: words.trim() } }), pairs, isExact };
}

export function writeHeaders(pairs: readonly (readonly [string, string])[]): string {
	return `${version}\r\n${pairs.map(([name, value]) => `${name}: ${value}\r\n`).join('')}\r\n`;
}

/** One sentence that says why a header cannot be sent, or undefined. */
export function checkHeader([name, value]: readonly [string, string]): string | undefined {
	if (name === '') return 'A header has no name.';
	if (/[\s:\p{Cc}]/u.test(name))
		return `The name of the header "${name}" contains a space, a colon or a control character.`;
	if (/[\r\n\0]/.test(value)) return `The header "${name}" contains a line break or a NUL character.`;
	if (value !== value.trim()) return `The header "${name}" starts or ends with a space, which receivers remove.`;
	if (/\p{Surrogate}/u.test(name + value)) return `The header "${name}" contains half a character (a lone surrogate).`;
	return undefined;
}

/** Reply subject and headers of a message. */
export interface MessageMeta {
	reply?: string;
	/** The header block as it was sent; undefined if there is none. */
	block?: string;
}

/**
 * Decodes the meta of a logged message: the end of its control line from the reply subject on, and, if it has headers, a line
 * break and its header block. Received messages keep these bytes as they came.
 */
export function readMeta(bytes: Uint8Array | undefined): MessageMeta {
	if (!bytes) return {};
	const text = decoder.decode(bytes);
	const lineEnd = text.indexOf('\r\n');
	if (lineEnd < 0) return text === '' ? {} : { reply: text };
	// "reply 12 30" with the sizes of headers and message, or "12 30".
	const reply = /^(.*?) *\d+ +\d+$/.exec(text.slice(0, lineEnd))?.[1] ?? '';
	return { ...(reply !== '' && { reply }), block: text.slice(lineEnd + 2) };
}

/** The meta of a message that is sent or that was read from a stream; undefined if it has neither. */
export function writeMeta(reply: string, block: string): Uint8Array | undefined {
	if (block !== '') return new TextEncoder().encode(`${reply && `${reply} `}0 0\r\n${block}`);
	return reply === '' ? undefined : new TextEncoder().encode(reply);
}

/** Headers of a message as pairs. */
export const headersOf = (bytes: Uint8Array | undefined): HeaderBlock => {
	const { block } = readMeta(bytes);
	return block === undefined ? { pairs: [], isExact: true } : readHeaders(block);
};
