import { type Duration, parseDuration } from '../../model/text/duration';
import type { MessageFile, Metadata, Section, Token } from './ast';
import { parseRate } from './rate';
import { metadataWord } from './words';

/** Clients of a simulation. */
export const maxClients = 1000;

/** The metadata of a request and of its file. An invalid value counts as absent; `check.ts` reports it. */
export interface RequestOptions {
	name?: Token;
	connection?: Token;
	env?: Token;
	maxMessages?: number;
	/** Milliseconds. */
	timeout?: number;
	keepStreaming: boolean;
	/** Milliseconds. */
	every?: number;
	loop?: number;
	/** Clients of a simulation, 1 to 1,000. */
	clients?: number;
	/** Messages per second of all clients together. */
	rate?: number;
	/** The end of a repeated request, in milliseconds. */
	for?: number;
	/** Repetitions of a rule's step that failed. */
	retries?: number;
	/** Messages that a rule works on at once. */
	inFlight?: number;
	/** The file for messages that a rule could not process. */
	deadLetters?: string;
	body?: 'hex' | 'base64';
	disabled: boolean;
	notes: string[];
}

/** Reads a single option without parsing the others; used on hot paths over large files. */
export function optionOf(file: MessageFile, section: Section, name: string): Metadata | undefined {
	const wanted = name.toLowerCase();
	const named = (item: Metadata) => {
		const { start, end } = item.name;
		return end - start === wanted.length && item.name.text.toLowerCase() === wanted;
	};
	const own = section.metadata.findLast(named);
	const head = file.sections[0];
	if (own || !head || head === section) return own;
	return head.metadata.findLast((item) => named(item) && isOfFile(head, item));
}

/** The value of a single option, without quotation marks. */
export function optionText(file: MessageFile, section: Section, name: string): string | undefined {
	const value = optionOf(file, section, name)?.value;
	return value?.literal ?? value?.text;
}

/** The environment of the file: the first one that a section names. */
export function environmentNameOf(file: MessageFile): string | undefined {
	for (const section of file.sections) {
		const name = optionText(file, section, 'env');
		if (name !== undefined) return name;
	}
	return undefined;
}

/** The encoding of the section's body; undefined for text. */
export function bodyFormatOf(file: MessageFile, section: Section): 'hex' | 'base64' | undefined {
	const format = optionText(file, section, 'body')?.toLowerCase();
	return format === 'hex' || format === 'base64' ? format : undefined;
}

/** The metadata of the section, the last of each name; otherwise that of the file's first lines. */
export function optionsOf(file: MessageFile, section: Section): RequestOptions {
	const has = (name: string) => optionOf(file, section, name) !== undefined;
	const value = (name: string) => optionOf(file, section, name)?.value;
	const ms = (name: string) => {
		const duration: Duration = parseDuration(value(name)?.text ?? '');
		return 'ms' in duration ? duration.ms : undefined;
	};
	const rate = parseRate(value('rate')?.text ?? '');
	const number = (text: string | undefined) =>
		text !== undefined && /^\d{1,9}$/.test(text) ? Number(text) : undefined;
	/** A number above 0. */
	const count = (text: string | undefined) => number(text) || undefined;
	const clients = count(value('clients')?.text);
	return {
		name: value('name'),
		connection: value('connection'),
		env: value('env'),
		maxMessages: count(value('maxMessages')?.text),
		timeout: ms('timeout'),
		keepStreaming: has('keepStreaming'),
		every: ms('every'),
		loop: count(/^for\s+(\d+)$/.exec(value('loop')?.text ?? '')?.[1]),
		clients: clients !== undefined && clients <= maxClients ? clients : undefined,
		rate: 'perSecond' in rate ? rate.perSecond : undefined,
		for: ms('for'),
		retries: number(value('retries')?.text),
		inFlight: count(value('inFlight')?.text),
		deadLetters: optionText(file, section, 'deadLetters'),
		body: bodyFormatOf(file, section),
		disabled: has('disabled'),
		notes: section.metadata.flatMap(({ name, value: note }) =>
			note && /^(?:note|description)$/i.test(name.text) ? [note.text] : [],
		),
	};
}

/** Metadata in the first section applies to every request; if that section has a request, only some names do. */
function isOfFile(head: Section, item: Metadata): boolean {
	return !head.request || metadataWord(item.name.text)?.ofFile === true;
}
