import fc from 'fast-check';

/** What the editor's parsers look for, and what hides or reorders text. */
const parts = [
	...['[Trust me](command:workbench.action.terminal.new)', '[', '](', ')', '](command:', '(https://', '"title")'],
	...['$(bug)', '$(sync~spin)', '$', '$(', '\\$(', '<', '>', '<https://example.com>', '<command:x>', '<a@b.example>'],
	...['https://example.com', 'HTTP://', 'ftp://x', 'file:///etc/passwd', 'www.', 'command:x', 'mailto:a@b.example'],
	...['javascript:alert(1)', 'vscode://file/x', '`', '**', '![x](https://x/y.png)', '<img src=x>', '&lt;', '{{X}}'],
	...[
		'\u202e',
		'\u200b',
		'\u2060',
		'\ufeff',
		'\ud83d',
		'\ude00',
		'\u{1f600}',
		'\u{e0041}',
		'\n',
		'\r',
		'\t',
		'\0',
		'\x1b[31m',
	],
	...[' ', 'a', ':', '//', '.', '@'],
];

/** Texts that a peer, a file or a setting may hold. */
export const hostileText = fc
	.array(fc.oneof({ weight: 4, arbitrary: fc.constantFrom(...parts) }, fc.string({ unit: 'binary', maxLength: 3 })), {
		minLength: 1,
		maxLength: 12,
	})
	.map((all) => all.join(''));

/** Regular expressions of the editor, each with what it would make of a text. */
const parsers: readonly [string, RegExp][] = [
	// `parseLinkedText`: notifications and prompts.
	['a link of a notification', /\[([^\]]+)\]\(((?:https?:\/\/|command:|file:)[^)\s]+)(?: (["'])(.+?)(\3))?\)/i],
	['a link of Markdown', /\]\(/],
	// `renderLabelWithIcons`
	['an icon', /\$\([a-z0-9-]+(?:~[a-z]+)?\)/i],
	// The `url` and `autolink` rules of its Markdown, and the links of its editors and terminals.
	['a bare link', /(?:https?|ftp|file):\/\/|\bwww\./i],
	['an autolink', /<(?:[a-z][a-z0-9+.-]*:[^\s<>]*|[\w.+-]+@[\w-]+\.[\w.-]+)>/i],
	['a command', /\bcommand:\S/i],
	[
		'something that is not seen',
		/[\p{Cc}\p{Cs}\p{Zl}\p{Zp}\u200b-\u200f\u202a-\u202e\u2061-\u206f\ufeff\u{e0000}-\u{e007f}]/u,
	],
];

/** What the editor would make of a text beyond showing it; lines are allowed where `lines` says so. */
export function liveSyntax(text: string, lines = false): string[] {
	return (lines ? text.split('\n') : [text]).flatMap((line) =>
		parsers.filter(([, pattern]) => pattern.test(line)).map(([name]) => `${name} in ${JSON.stringify(line)}`),
	);
}
