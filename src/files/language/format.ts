import type { Fix, MessageFile, Request } from '../syntax/ast';
import { verbOf } from '../syntax/words';

/**
 * The edits that format a file: verbs in upper case, one space around "=" and after ":", no insignificant trailing spaces,
 * one blank line before "###". Targets and bodies stay as they are, so that the sent messages do not change.
 */
export function format(file: MessageFile): Pick<Fix, 'range' | 'text'>[] {
	const edits: Pick<Fix, 'range' | 'text'>[] = [];
	const { text } = file;
	const eol = text.includes('\r\n') ? '\r\n' : '\n';
	const set = (start: number, end: number, formatted: string) => {
		if (start <= end && text.slice(start, end) !== formatted) edits.push({ range: { start, end }, text: formatted });
	};
	for (const section of file.sections) {
		if (section.separator) {
			const { title } = section.separator;
			set(section.separator.start, section.separator.end, title ? `### ${title.text}` : '###');
		}
		for (const { name, value } of section.variables)
			set(name.end, value.end, ` =${value.text === '' ? '' : ` ${value.text}`}`);
		const { request } = section;
		if (request) formatRequest(request, set);
		for (const step of request?.steps ?? []) {
			if (!step.request) continue;
			set(step.start, step.request.verb.start, '=== ');
			formatRequest(step.request, set);
		}
		spaceBefore(file, section.end, set, eol);
	}
	return edits.sort((a, b) => a.range.start - b.range.start);
}

function formatRequest(
	{ verb, target, headers }: Request,
	set: (start: number, end: number, formatted: string) => void,
): void {
	// A request line that is only a URL has no verb to format.
	if (verb.end > verb.start) {
		if (verbOf(verb.text)) set(verb.start, verb.end, verb.text.toUpperCase());
		if (target.text !== '') set(verb.end, target.start, ' ');
	}
	for (const { name, value } of headers) set(name.end, value.start, value.text === '' ? ':' : ': ');
}

/** Leaves one blank line between the last line of a section and the next "###". */
function spaceBefore(
	{ text, end }: MessageFile,
	at: number,
	set: (start: number, end: number, formatted: string) => void,
	eol: string,
): void {
	if (at >= end) return;
	let start = at;
	while (start > 0 && /[ \t\r\n]/.test(text[start - 1] ?? '')) start--;
	// Trailing spaces on the last line may belong to a target.
	const feed = text.indexOf('\n', start);
	if (feed === -1 || feed >= at) return;
	const from = text[feed - 1] === '\r' ? feed - 1 : feed;
	if (start === 0) set(0, at, '');
	else set(from, at, eol + eol);
}
