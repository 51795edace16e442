import { shortened } from '../../model/text/text';

/** UTF-16 units of a text on one line. */
const maxUnits = 500;
/** Lines of a text with several lines. */
const maxLines = 50;

/** U+2060 WORD JOINER: invisible, and none of VS Code's parsers matches across it. */
const joiner = '\u2060';

/** Places at which VS Code recognizes syntax, each as patterns of the text before and after it. */
const syntax: readonly (readonly [before: string, behind: string])[] = [
	// Icons: `$(bug)` in labels, lenses, buttons and the status bar.
	['\\$', '\\('],
	// Links in notifications and prompts (`parseLinkedText`), which can run commands, and in Markdown: `[text](target)`.
	['\\]', '\\('],
	// Autolinks of Markdown: `<scheme:…>` and `<name@host>`, which can already contain a joiner.
	['<', `[a-z][a-z0-9+.${joiner}-]*:|[\\w.+${joiner}-]+@`],
	// Bare links in Markdown, in terminals and in editors.
	['https?|ftps?|file', ':\\/\\/'],
	['\\bwww', '\\.'],
	// URIs with an effect.
	['\\b(?:command|data|file|javascript|mailto|vbscript|vscode(?:-insiders)?)', ':\\S'],
];

const places = (between: string) =>
	new RegExp(syntax.map(([before, behind]) => `(?<=${before})${between}(?=${behind})`).join('|'), 'gi');
const open = places('');
const broken = places(joiner);

/** Invisible characters: controls, direction marks, lone surrogates. Variation selectors of emoji are kept. */
const unseen = /(?![\ufe00-\ufe0f])[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]/gu;

/** `\u202e`, `\u{e0001}` */
function escaped(character: string): string {
	const hex = (character.codePointAt(0) ?? 0).toString(16);
	return hex.length > 4 ? `\\u{${hex}}` : `\\u${hex.padStart(4, '0')}`;
}

/** Escapes invisible characters only, because lines of the log are copied into reports. Continuation lines are indented. */
export const visibleEntry = (text: string): string =>
	text
		.split(/\r\n|\r|\n/)
		.map((line) => line.replace(unseen, escaped))
		.join('\n    ');

/**
 * Prepares a text of a peer, a file or a setting for any part of VS Code that is not a document. Returns one line of at
 * most `max` UTF-16 units, in which invisible characters are escaped, so that a name cannot imitate another, and the
 * syntax of links, commands and icons is inert. Applying it twice has no further effect.
 */
export function visibleText(text: string, max = maxUnits): string {
	// At most every second unit is a joiner. One unit beyond the limit shows that the text is longer.
	const start = text
		.slice(0, 2 * max + 2)
		.replace(broken, '')
		.slice(0, max + 1);
	return shortened(start.replace(unseen, escaped), max).replace(open, joiner);
}

/** The same for a text with several lines. */
export const visibleLines = (text: string): string =>
	text
		.split(/\r\n|\r|\n/)
		.slice(0, maxLines)
		.map((line) => visibleText(line))
		.join('\n');
