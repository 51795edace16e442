import { toText } from '../../model/payload';
import type { Message, Sketch } from './sketch';

/** A text as a literal that Python and JavaScript both read as exactly this text. */
export const literal = (text: string) =>
	JSON.stringify(text).replace(
		/[\u007f-\u009f\u2028\u2029\ufeff]/g,
		(one) => `\\u${one.charCodeAt(0).toString(16).padStart(4, '0')}`,
	);

export const hexOf = (bytes: Uint8Array) => [...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join('');

export const header = (sketch: Sketch, name: string) =>
	sketch.headers.find(([one]) => one.toLowerCase() === name.toLowerCase())?.[1];

/** A sketch without a message sends an empty one. */
export const messagesOf = (sketch: Sketch): Message[] =>
	sketch.messages.length > 0 ? sketch.messages : [{ bytes: new Uint8Array() }];

/** A line that says what the copy lacks, whatever stands in it. */
export const leftOut = (sign: '#' | '//', what: string, why: string) =>
	`${sign} Left out: ${what.replace(/[\p{Cc}\u2028\u2029]+/gu, ' ')}, ${why}.`;

export function pythonBytes(one: Message): string {
	if ('file' in one) return `open(${literal(one.file)}, "rb").read()`;
	const text = toText(one.bytes);
	return text === undefined ? `bytes.fromhex(${literal(hexOf(one.bytes))})` : `${literal(text)}.encode()`;
}

export function scriptBytes(one: Message): string {
	if ('file' in one) return `await readFile(${literal(one.file)})`;
	const text = toText(one.bytes);
	return text === undefined ? `Buffer.from(${literal(hexOf(one.bytes))}, 'hex')` : `Buffer.from(${literal(text)})`;
}

/** What `scriptBytes` needs. */
export const fileImport = (sketch: Sketch) =>
	sketch.messages.some((one) => 'file' in one) ? ["import { readFile } from 'node:fs/promises';"] : [];

/** Scheme, host without brackets, and the port if one is written. */
export function hostOf(
	url: string,
	scheme: string,
): { scheme: string; host: string; port: number | undefined; path: string } {
	const [, given = scheme, host = 'localhost', port, path = ''] =
		/^([a-z]+):\/\/(\[[^\]]*\]|[^:/?#]*)(?::(\d+))?([^#]*)/i.exec(url) ?? [];
	return {
		scheme: given.toLowerCase(),
		host: host.replace(/^\[(.*)\]$/, '$1'),
		port: port === undefined ? undefined : Number(port),
		path,
	};
}
