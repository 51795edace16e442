import type { Fix, MessageFile } from '../syntax/ast';
import { verbOf } from '../syntax/words';

/**
 * Edits that make a file even: verbs in capitals, one space around "=" and after ":", no spaces at the ends of lines
 * that mean nothing, one blank line before "###". Nothing that is sent changes: targets and bodies are left alone.
 */
export function format(file: MessageFile): Pick<Fix, 'range' | 'text'>[] {
	const edits: Pick<Fix, 'range' | 'text'>[] = [];
	const { text } = file;
	const eol = text.includes('\r\n') ? '\r\n' : '\n';
	const set = (start: number, end: number, wanted: string) => {
		if (start <= end && text.slice(start, end) !== wanted) edits.push({ range: { start, end }, text: wanted });
	};
	for (const section of file.sections) {
		if (section.separator) {
			const { title } = section.separator;
			set(section.separator.start, section.separator.end, title ? `### ${title.text}` : '###');
		}
		for (const { name, value } of section.variables)
			set(name.end, value.end, ` =${value.text === '' ? '' : ` ${value.text}`}`);
		const { request } = section;
		if (request) {
			const { verb, target } = request;
			// httpYac's bare URL has no verb of its own.
			if (verb.end > verb.start) {
				if (verbOf(verb.text)) set(verb.start, verb.end, verb.text.toUpperCase());
				if (target.text !== '') set(verb.end, target.start, ' ');
			}
			for (const { name, value } of request.headers) set(name.end, value.start, value.text === '' ? ':' : ': ');
		}
		spaceBefore(file, section.end, set, eol);
	}
	return edits.sort((a, b) => a.range.start - b.range.start);
}

/** Between the last thing of a section and the next "###" stands one blank line. */
function spaceBefore(
	{ text, end }: MessageFile,
	at: number,
	set: (start: number, end: number, wanted: string) => void,
	eol: string,
): void {
	if (at >= end) return;
	let start = at;
	while (start > 0 && /[ \t\r\n]/.test(text[start - 1] ?? '')) start--;
	// A target may end with spaces: they belong to it.
	const feed = text.indexOf('\n', start);
	if (feed === -1 || feed >= at) return;
	const from = text[feed - 1] === '\r' ? feed - 1 : feed;
	if (start === 0) set(0, at, '');
	else set(from, at, eol + eol);
}
