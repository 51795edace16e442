import assert from 'node:assert/strict';
import test from 'node:test';
import { diffLines } from '../../../../src/engine/decode/diff';

/** The lines of a comparison with the changed ranges in brackets; a line without ranges has none at all. */
const marked = (before: string, after: string) =>
	diffLines(before, after).map(({ kind, text, changed }) => {
		const parts = (changed ?? []).map(([from, to]): [number, string] => [from, text.slice(from, to)]);
		let shown = text;
		for (const [from, part] of parts.reverse())
			shown = `${shown.slice(0, from)}[${part}]${shown.slice(from + part.length)}`;
		return `${{ same: ' ', added: '+', removed: '-' }[kind]}${changed ? '' : '!'}${shown}`;
	});

const cases: [what: string, before: string, after: string, lines: string[]][] = [
	[
		'a number in a line',
		'{\n  "t": 29.13\n}',
		'{\n  "t": 29.91\n}',
		[' !{', '-  "t": [29.13]', '+  "t": [29.91]', ' !}'],
	],
	[
		'parts of a date',
		'at 2026-11-28T10:00',
		'at 2026-11-29T10:00',
		['-at 2026-11-[28T10]:00', '+at 2026-11-[29T10]:00'],
	],
	['a word that was added', 'a b', 'a new b', ['-a b', '+a [new ]b']],
	[
		'a byte of a hex dump',
		'000000  7b 22  {"',
		'000000  7b 23  {#',
		['-000000  7b [22]  {["]', '+000000  7b [23]  {[#]'],
	],
	['sides without anything in common', 'left', 'right', ['-!left', '+!right']],
	['more lines than before', '"a": 1', '"a": 2,\n"b": 3', ['-"a": [1]', '+"a": [2,]', '+["b": 3]']],
	['a whole line', 'a', 'a\nb', [' !a', '+!b']],
];
for (const [what, before, after, lines] of cases) {
	test(`marks ${what}`, () => assert.deepEqual(marked(before, after), lines));
}

test('ranges never leave their line, and large changes have none', () => {
	const text = (seed: number) =>
		Array.from({ length: 40 }, (_, at) => `"key${at}": ${(at * seed) % 7}${at % seed === 0 ? ',\n' : ' '}`).join('');
	for (let seed = 1; seed < 12; seed++) {
		for (const { text: line, changed } of diffLines(text(seed), text(seed + 1))) {
			let last = 0;
			for (const [from, to] of changed ?? []) {
				assert.ok(from >= last && from < to && to <= line.length, `${from} to ${to} of ${line}`);
				last = to;
			}
		}
	}
	const large = (end: string) => `${'word '.repeat(10_000)}${end}`;
	assert.ok(diffLines(large('a'), large('b')).every(({ changed }) => changed === undefined));
});
