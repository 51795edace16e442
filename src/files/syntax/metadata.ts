import type { MessageFile, Metadata, Section, Token } from './ast';
import { type Duration, parseDuration } from './duration';
import { metadataWord } from './words';

/** What the metadata of a request says, the file's own included. Bad values count as absent: `check.ts` tells them. */
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
	body?: 'hex' | 'base64';
	disabled: boolean;
	notes: string[];
}

/** One of them alone: whoever goes through a large file for one thing does not pay for all. */
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

/** What stands behind its name, without quotation marks. */
export function optionText(file: MessageFile, section: Section, name: string): string | undefined {
	const value = optionOf(file, section, name)?.value;
	return value?.literal ?? value?.text;
}

/** The environment that the file asks for: the first that one of its sections names. */
export function environmentNameOf(file: MessageFile): string | undefined {
	for (const section of file.sections) {
		const name = optionText(file, section, 'env');
		if (name !== undefined) return name;
	}
	return undefined;
}

/** How the section's body is written down; undefined: as text. */
export function bodyFormatOf(file: MessageFile, section: Section): 'hex' | 'base64' | undefined {
	const format = optionText(file, section, 'body')?.toLowerCase();
	return format === 'hex' || format === 'base64' ? format : undefined;
}

/** The section's metadata, the last of each name; that of the file's first lines where the section has none. */
export function optionsOf(file: MessageFile, section: Section): RequestOptions {
	const has = (name: string) => optionOf(file, section, name) !== undefined;
	const value = (name: string) => optionOf(file, section, name)?.value;
	const ms = (name: string) => {
		const duration: Duration = parseDuration(value(name)?.text ?? '');
		return 'ms' in duration ? duration.ms : undefined;
	};
	const count = (text: string | undefined) => (text !== undefined && /^\d{1,9}$/.test(text) ? Number(text) : undefined);
	return {
		name: value('name'),
		connection: value('connection'),
		env: value('env'),
		maxMessages: count(value('maxMessages')?.text),
		timeout: ms('timeout'),
		keepStreaming: has('keepStreaming'),
		every: ms('every'),
		loop: count(/^for\s+(\d+)$/.exec(value('loop')?.text ?? '')?.[1]),
		body: bodyFormatOf(file, section),
		disabled: has('disabled'),
		notes: section.metadata.flatMap(({ name, value: note }) =>
			note && /^(?:note|description)$/i.test(name.text) ? [note.text] : [],
		),
	};
}

/** Of the first lines everything belongs to every request; with a request among them, what no request has for itself. */
function isOfFile(head: Section, item: Metadata): boolean {
	return !head.request || metadataWord(item.name.text)?.ofFile === true;
}
