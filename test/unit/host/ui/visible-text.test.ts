import assert from 'node:assert/strict';
import test from 'node:test';
import fc from 'fast-check';
import { visibleEntry, visibleLines, visibleText } from '../../../../src/host/ui/visible-text';
import { hostileText, liveSyntax } from '../../../support/texts/evil-text';

/** The text as the user sees it, without joiners. */
const read = (text: string) => text.replaceAll('\u2060', '');

for (const [name, text, shown] of [
	[
		'a link that runs a command',
		'[new.example.com](command:runCommands?x)',
		'[new.example.com](command:runCommands?x)',
	],
	['a link', '[a](https://example.com "b")', '[a](https://example.com "b")'],
	['an icon', '$(bug) x', '$(bug) x'],
	['a bare link', 'see HTTPS://example.com', 'see HTTPS://example.com'],
	['a host of the web', 'www.example.com', 'www.example.com'],
	['autolinks', '<https://example.com> <a@b.example> <command:x>', '<https://example.com> <a@b.example> <command:x>'],
	['marks of direction', 'a\u202eb', 'a\\u202eb'],
	['a joiner that is not ours', 'a\u2060b', 'a\\u2060b'],
	['lines', 'a\nb\u2028c', 'a\\u000ab\\u2028c'],
	['half of a surrogate pair', 'a\ud83d', 'a\\ud83d'],
	['a tag, which has five digits', '\u{e0041}', '\\u{e0041}'],
	['emoji with a style', '❤️ \u{1f600}', '❤️ \u{1f600}'],
	[
		'ordinary words',
		'Text file: data: 12:30 a@b user[0] f(x) <b> $5 (five)',
		'Text file: data: 12:30 a@b user[0] f(x) <b> $5 (five)',
	],
] as const)
	test(`${name}: readable, and nothing but text`, () => {
		assert.equal(read(visibleText(text)), shown);
		assert.deepEqual(liveSyntax(visibleText(text)), []);
	});

test('does not change an ordinary sentence', () => {
	const text = 'mqtt://[::1]:1883, “farm/Gewächshaus 1”: a[0] (1) is refused (0x87); file: a.json, a@b, <stream>';
	assert.equal(visibleText(text), text);
});

test('makes any text inert and readable, and has no effect when applied twice', () => {
	fc.assert(
		fc.property(hostileText, (text) => {
			const shown = visibleText(text);
			assert.deepEqual(liveSyntax(shown), []);
			assert.equal(visibleText(shown), shown);
			assert.deepEqual(liveSyntax(visibleLines(text), true), []);
			if (/^[\p{L}\p{N}\p{P}\p{S} ]*$/u.test(text)) assert.equal(read(shown), text);
		}),
		{ numRuns: 3000, includeErrorInReport: true },
	);
});

test('cuts a long text between characters and marks the cut', () => {
	for (let before = 0; before < 4; before++) {
		const shown = visibleText(`${'x'.repeat(before)}${'\u{1f600}'.repeat(1000)}`, 20);
		assert.ok(!/\p{Cs}/u.test(shown) && shown.endsWith('…') && shown.length <= 21, shown);
	}
	assert.equal(visibleText('x'.repeat(501)), `${'x'.repeat(500)}…`);
	assert.equal(visibleText('x'.repeat(500)), 'x'.repeat(500));
	assert.equal(visibleLines('x\n'.repeat(100)).split('\n').length, 50);
});

test('keeps links in a log entry and indents its further lines, so that they cannot imitate entries', () => {
	assert.equal(
		visibleEntry('said https://a/b\n2026-01-01 [error] x\r\n\x1b[31m'),
		'said https://a/b\n    2026-01-01 [error] x\n    \\u001b[31m',
	);
});
