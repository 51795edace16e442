import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test from 'node:test';
import { findFiles } from '../../../src/cli/io/find-files';

function tree(t: test.TestContext): string {
	const root = mkdtempSync(join(tmpdir(), 'folders-'));
	t.after(() => rmSync(root, { recursive: true }));
	for (const folder of ['tests/deep', 'tests/node_modules/x', 'tests/.git', 'tests/dist', 'tests/.hidden', 'empty'])
		mkdirSync(join(root, folder), { recursive: true });
	for (const file of ['b', 'a', 'deep/c', 'node_modules/x/d', '.git/e', 'dist/f', '.hidden/g', 'deep/[x]'])
		writeFileSync(join(root, 'tests', `${file}.messages`), '');
	writeFileSync(join(root, 'tests/notes.txt'), '');
	symlinkSync('..', join(root, 'tests/deep/circle'));
	return root;
}

test('a folder stands for the message files in and below it', (t) => {
	const root = tree(t);
	const all = ['.hidden/g', 'a', 'b', 'deep/[x]', 'deep/c'].map((name) => `tests/${name}.messages`);
	assert.deepEqual(findFiles(['tests'], root), all);
	assert.deepEqual(findFiles(['tests/', 'tests/a.messages'], root), all);
	assert.deepEqual(findFiles(['.'], root), all);
	assert.deepEqual(findFiles(['tests/dist'], root), ['tests/dist/f.messages']);
	assert.throws(() => findFiles(['empty'], root), /no message files/);
	assert.throws(() => findFiles(['nothing'], root), /There is no file/);
});

const patterns: [pattern: string, names: string[]][] = [
	['tests/*.messages', ['a', 'b']],
	['./tests/?.messages', ['a', 'b']],
	['tests/**/*.messages', ['.hidden/g', 'a', 'b', 'deep/[x]', 'deep/c', 'dist/f']],
	['tests/{a,deep/c}.messages', ['a', 'deep/c']],
	['tests/[ab].messages', ['a', 'b']],
	['tests/deep/[x].messages', ['deep/[x]']],
	['tests/deep/circle/*.messages', ['deep/circle/a', 'deep/circle/b']],
];
for (const [pattern, names] of patterns)
	test(`the files of ${pattern}`, (t) => {
		const expected = names.map((name) => `tests/${name}.messages`);
		assert.deepEqual(findFiles([pattern], tree(t)), expected);
	});

test('a pattern may be absolute, and one without a file is refused', (t) => {
	const root = tree(t);
	assert.deepEqual(findFiles([`${root}/tests/*.messages`], root), ['tests/a.messages', 'tests/b.messages']);
	assert.throws(() => findFiles(['tests/*.nothing'], root), /No file matches/);
});
