import { shortened } from '../../model/text/text';

/** UTF-16 units that are shown of a text on one line, and lines of a text of several. */
const mostUnits = 500;
const mostLines = 50;

/** U+2060 WORD JOINER: not drawn, and none of the editor's parsers reads across it. */
const joiner = '\u2060';

/** Where the editor would begin to read syntax, each as what stands before and behind the place. */
const syntax: readonly (readonly [before: string, behind: string])[] = [
	// Icons: `$(bug)` in labels, lenses, buttons and the status bar.
	['\\$', '\\('],
	// Links in notifications and prompts (`parseLinkedText`), which may run commands, and in Markdown: `[text](target)`.
	['\\]', '\\('],
	// Autolinks of Markdown: `<scheme:…>` and `<name@host>`, in which other places may be broken already.
	['<', `[a-z][a-z0-9+.${joiner}-]*:|[\\w.+${joiner}-]+@`],
	// Bare links in Markdown, in terminals and in editors.
	['https?|ftps?|file', ':\\/\\/'],
	['\\bwww', '\\.'],
	// URIs that do something.
	['\\b(?:command|data|file|javascript|mailto|vbscript|vscode(?:-insiders)?)', ':\\S'],
];

const places = (between: string) =>
	new RegExp(syntax.map(([before, behind]) => `(?<=${before})${between}(?=${behind})`).join('|'), 'gi');
const open = places('');
const broken = places(joiner);

/** Everything that is not seen: controls, marks of direction, halves of surrogate pairs. Emoji keep what selects their style. */
const unseen = /(?![\ufe00-\ufe0f])[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]/gu;

/** `\u202e`, `\u{e0001}` */
function escaped(character: string): string {
	const hex = (character.codePointAt(0) ?? 0).toString(16);
	return hex.length > 4 ? `\\u{${hex}}` : `\\u${hex.padStart(4, '0')}`;
}

/** For the log, whose lines are copied into reports: only what is not seen is changed, and later lines are set in. */
export const visibleEntry = (text: string): string =>
	text
		.split(/\r\n|\r|\n/)
		.map((line) => line.replace(unseen, escaped))
		.join('\n    ');

/**
 * The one way of a text of a peer, a file or a setting to anything of the editor that is not a document: on one line, with
 * every character that is not seen made visible, so that a name cannot pretend to be another, and with the syntax of links,
 * commands and icons broken. What is done already is not done again.
 */
export function visibleText(text: string, most = mostUnits): string {
	// At most every second unit is a joiner. One unit more than is shown tells that there is more.
	const start = text
		.slice(0, 2 * most + 2)
		.replace(broken, '')
		.slice(0, most + 1);
	return shortened(start.replace(unseen, escaped), most).replace(open, joiner);
}

/** The same for a text of several lines. */
export const visibleLines = (text: string): string =>
	text
		.split(/\r\n|\r|\n/)
		.slice(0, mostLines)
		.map((line) => visibleText(line))
		.join('\n');
