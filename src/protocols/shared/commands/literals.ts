import { type Code, comment, python, script } from './code';
import type { Message, Sketch, SketchHeader } from './sketch';

export const header = (sketch: Sketch, name: string) =>
	sketch.headers.find(([one, , kind]) => kind !== 'message' && one.toLowerCase() === name.toLowerCase())?.[1];

/** The headers of a sketch: fields of the protocol, and headers of the message, whose names may equal those of fields. */
export interface SortedHeaders {
	/** The value of a field by the name of its header; ignores case. */
	field(name: string): string | undefined;
	own: [string, string][];
}

/** `fields` are the headers of all fields, for headers without a kind. */
export function sortHeaders(sketch: Sketch, fields: readonly string[]): SortedHeaders {
	const names = new Set(fields.map((name) => name.toLowerCase()));
	const isField = ([name, , kind]: SketchHeader) => kind !== 'message' && names.has(name.toLowerCase());
	const ofFields = sketch.headers.filter(isField);
	return {
		field: (name) => ofFields.find(([one]) => one.toLowerCase() === name.toLowerCase())?.[1],
		own: sketch.headers.filter((one) => !isField(one)).map(([name, value]) => [name, value]),
	};
}

/** The whole number in a text; undefined if it is none or out of range. */
export function whole(text: string | undefined, from: number, to: number): number | undefined {
	const value = text !== undefined && /^\d{1,15}$/.test(text) ? Number(text) : Number.NaN;
	return value >= from && value <= to ? value : undefined;
}

/** The messages to send: a sketch without one sends an empty message. */
export const messagesOf = (sketch: Sketch): Message[] =>
	sketch.messages.length > 0 ? sketch.messages : [{ bytes: new Uint8Array() }];

/** A part that a copy cannot express, and the reason. A remark in the copy states both. */
export type LeftOut = [what: string, why: string];
export const sentence = ([what, why]: LeftOut) => `Left out: ${what}, ${why}.`;
export const comments = (start: '#' | '//', left: readonly LeftOut[]) =>
	left.map((one) => comment(start, sentence(one)));

export const pythonBytes = (one: Message): Code =>
	'file' in one ? python`open(${one.file}, "rb").read()` : python`${one.bytes}`;

export const scriptBytes = (one: Message): Code =>
	'file' in one ? script`await readFile(${one.file})` : script`${one.bytes}`;

/** The import that `scriptBytes` needs. */
export const fileImport = (sketch: Sketch): Code[] =>
	sketch.messages.some((one) => 'file' in one) ? [script`import { readFile } from 'node:fs/promises';`] : [];

/** Scheme, host without brackets, the port if there is one, and the path. `scheme` is the default. */
export function hostOf(
	url: string,
	scheme: string,
): { scheme: string; host: string; port: number | undefined; path: string } {
	const [, written = scheme, host = 'localhost', port, path = ''] =
		/^([a-z][a-z0-9+.-]*):\/\/(\[[^\]]*\]|[^:/?#]*)(?::(\d+))?([^#]*)/i.exec(url) ?? [];
	return {
		scheme: written.toLowerCase(),
		host: host.replace(/^\[(.*)\]$/, '$1'),
		port: port === undefined ? undefined : Number(port),
		path,
	};
}
