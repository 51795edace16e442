import { parseField } from '../../../model/checks/field';
import { nearest, oneEditAway } from '../../../model/text/nearest';
import type { Range, StreamWord, What } from '../ast';
import { skipBlank, skipWord } from '../lines';

/** What the messages of a request must not be, with the help for completion. */
export const streamWords: Readonly<Record<StreamWord, string>> = {
	replays: 'No message is a replay, is too old, or cannot be checked for it.',
	duplicates: 'No message was delivered twice.',
	gaps: 'No message is missing.',
	reordering: 'Each message came in its order.',
};

const isWord = (word: string): word is StreamWord => Object.hasOwn(streamWords, word);

type Stream = Extract<What, { kind: 'stream' }>;
type Problem = { problem: string; at: Range; fix?: string };

/** Reads "no gaps" or "no gaps by body seq". */
export function readStream(text: string, start: number, end: number): Stream | Problem {
	const from = skipBlank(text, start + 2, end);
	const stop = skipWord(text, from, end);
	const word = text.slice(from, stop);
	const place = { start: from, end: Math.max(stop, from) };
	const known = Object.keys(streamWords);
	if (!isWord(word)) {
		const near = oneEditAway(word, known) ?? nearest(word, known);
		const problem = word === '' ? '"no" needs a word' : `"no ${word}" cannot be checked`;
		return { problem: `${problem}. Use ${known.join(', ')}.`, at: place, ...(near !== undefined && { fix: near }) };
	}
	const by = skipBlank(text, stop, end);
	if (by === end) return { kind: 'stream', no: word };
	const after = skipWord(text, by, end);
	if (text.slice(by, after) !== 'by')
		return { problem: `Unexpected text after "no ${word}". A field follows "by".`, at: { start: by, end } };
	const at = skipBlank(text, after, end);
	const written = text.slice(at, end);
	const field = /^(?:body|header)\s/.test(written) ? parseField(written) : undefined;
	if (!field)
		return {
			problem: 'The field is written as "by body seq" or "by header X-Seq".',
			at: { start: by, end },
			...(/^[\w$.[\]]+$/.test(written) && { fix: `by body ${written}` }),
		};
	return { kind: 'stream', no: word, by: field };
}
