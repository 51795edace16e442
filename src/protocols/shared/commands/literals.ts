import { type Code, comment, python, script } from './code';
import type { Message, Sketch, SketchHeader } from './sketch';

export const header = (sketch: Sketch, name: string) =>
	sketch.headers.find(([one, , kind]) => kind !== 'message' && one.toLowerCase() === name.toLowerCase())?.[1];

/** Headers of a sketch, sorted: fields of the protocol, and the message's own, whose names may be those of fields. */
export interface SortedHeaders {
	/** A field's value by its name as a header, in any case. */
	field(name: string): string | undefined;
	own: [string, string][];
}

/** `fields`: names of all fields, which tell them apart where a header does not say what it is. */
export function sortHeaders(sketch: Sketch, fields: readonly string[]): SortedHeaders {
	const names = new Set(fields.map((name) => name.toLowerCase()));
	const isField = ([name, , kind]: SketchHeader) => kind !== 'message' && names.has(name.toLowerCase());
	const given = sketch.headers.filter(isField);
	return {
		field: (name) => given.find(([one]) => one.toLowerCase() === name.toLowerCase())?.[1],
		own: sketch.headers.filter((one) => !isField(one)).map(([name, value]) => [name, value]),
	};
}

/** A whole number in this range, or undefined. */
export function whole(text: string | undefined, from: number, to: number): number | undefined {
	const value = text !== undefined && /^\d{1,15}$/.test(text) ? Number(text) : Number.NaN;
	return value >= from && value <= to ? value : undefined;
}

/** A sketch without a message sends an empty one. */
export const messagesOf = (sketch: Sketch): Message[] =>
	sketch.messages.length > 0 ? sketch.messages : [{ bytes: new Uint8Array() }];

/** What a copy cannot say, and why, as the sentence that stands in it instead. */
export type LeftOut = [what: string, why: string];
export const sentence = ([what, why]: LeftOut) => `Left out: ${what}, ${why}.`;
export const comments = (start: '#' | '//', left: readonly LeftOut[]) =>
	left.map((one) => comment(start, sentence(one)));

export const pythonBytes = (one: Message): Code =>
	'file' in one ? python`open(${one.file}, "rb").read()` : python`${one.bytes}`;

export const scriptBytes = (one: Message): Code =>
	'file' in one ? script`await readFile(${one.file})` : script`${one.bytes}`;

/** What `scriptBytes` needs. */
export const fileImport = (sketch: Sketch): Code[] =>
	sketch.messages.some((one) => 'file' in one) ? [script`import { readFile } from 'node:fs/promises';`] : [];

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
