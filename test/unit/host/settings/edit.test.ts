import assert from 'node:assert/strict';
import test from 'node:test';
import { toFailure } from '../../../../src/base/failure';
import { addEntry, type ListEdit, removeEntry, reorderEntries, replaceEntry } from '../../../../src/host/settings/edit';
import { readList } from '../../../../src/host/settings/text';

const key = 'messagingWorkbench.connections';
const path = [key];

/** A realistic file: comments everywhere, an unknown entry, a trailing comma, other settings around. */
const file = `{
	// before
	"editor.tabSize": 3, /* odd */
	"${key}": [
		{
			"id": "a", // the first
			"name": "A",
			"tls": { "verify": false /* only here */ },
			"later": [1, { "x": null }]
		},
		/* between */
		{ "id": "b", "protocol": "from-the-future" }, // second
		"not even an object",
		// last
		{ "id": "c", "name": "C" },
	],
	"files.eol": "\\n" // after
}
`;

const values = (text: string) => {
	const list = readList(text, path);
	assert.equal(list.kind, 'list');
	// Parsed objects have no prototype, so that a member may have any name.
	return list.kind === 'list' ? list.entries.map(({ value }) => JSON.parse(JSON.stringify(value)) as unknown) : [];
};
const comments = (text: string) => text.match(/\/\/[^\n]*|\/\*.*?\*\//g) ?? [];
const outside = (text: string) => [text.slice(0, text.indexOf('[')), text.slice(text.lastIndexOf(']'))];

test('a changed member changes that line only', () => {
	const next = replaceEntry(0, { id: 'a', name: 'Anew', tls: { verify: false }, later: [1, { x: null }] })(file, path);
	assert.equal(next, file.replace('"name": "A"', '"name": "Anew"'));
});

test('a nested member is changed inside its object', () => {
	const next = replaceEntry(0, { id: 'a', name: 'A', tls: { verify: true }, later: [1, { x: null }] })(file, path);
	assert.equal(next, file.replace('"verify": false', '"verify": true'));
});

test('a member added to an entry on one line touches no neighbor', () => {
	const next = replaceEntry(3, { id: 'c', name: 'C', url: 'h' })(file, path);
	assert.equal(next, file.replace('"name": "C" }', '"name": "C", "url": "h" }'));
});

test('an unchanged entry leaves the text as it is', () => {
	values(file).forEach((value, at) => {
		if (typeof value === 'object') assert.equal(replaceEntry(at, value as Record<string, unknown>)(file, path), file);
	});
});

test('a new and a removed member leave the rest of the entry', () => {
	const next = replaceEntry(0, { id: 'a', name: 'A', tls: { verify: false }, url: 'h' })(file, path);
	assert.deepEqual(values(next)[0], { id: 'a', name: 'A', tls: { verify: false }, url: 'h' });
	assert.deepEqual(comments(next), comments(file));
	assert.deepEqual(values(next).slice(1), values(file).slice(1));
	assert.deepEqual(outside(next), outside(file));
});

test('appends a new entry and keeps the text before it byte for byte', () => {
	const next = addEntry({ id: 'd', name: 'D' })(file, path);
	assert.deepEqual(values(next), [...values(file), { id: 'd', name: 'D' }]);
	const last = file.indexOf('{ "id": "c", "name": "C" }') + '{ "id": "c", "name": "C" }'.length;
	assert.equal(next.slice(0, last), file.slice(0, last));
	assert.deepEqual(comments(next), comments(file));
});

for (const at of [0, 1, 2, 3])
	test(`removing entry ${at} keeps every other entry and every comment outside it`, () => {
		const next = removeEntry(at)(file, path);
		assert.deepEqual(
			values(next),
			values(file).filter((_, one) => one !== at),
		);
		const own = at === 0 ? ['// the first', '/* only here */'] : [];
		assert.deepEqual(
			comments(next),
			comments(file).filter((one) => !own.includes(one)),
		);
		assert.deepEqual(outside(next), outside(file));
	});

test('removing all of them one by one leaves an empty list', () => {
	let text = file;
	for (let left = 4; left > 0; left--) text = removeEntry(left % 2 === 0 ? 0 : left - 1)(text, path);
	assert.deepEqual(values(text), []);
	assert.deepEqual(outside(text), outside(file));
});

test('removes the comma before the last entry along with it', () => {
	assert.equal(removeEntry(1)(`{"${key}":[{"id":"a"},{"id":"b"}]}`, path), `{"${key}":[{"id":"a"}]}`);
	assert.equal(removeEntry(0)(`{"${key}":[{"id":"a"},{"id":"b"}]}`, path), `{"${key}":[{"id":"b"}]}`);
});

test('reorders entries with their texts, and the reverse order restores the file', () => {
	const next = reorderEntries([3, 0, 1, 2])(file, path);
	const [a, b, s, c] = values(file);
	assert.deepEqual(values(next), [c, a, b, s]);
	assert.ok(next.includes('"id": "a", // the first\n'));
	assert.equal(reorderEntries([1, 2, 3, 0])(next, path), file);
});

for (const [what, text, expected] of [
	['an empty file', '', [{ id: 'n' }]],
	['an empty object', '{}', [{ id: 'n' }]],
	['only comments', '// mine\n{\n\t// nothing yet\n}\n', [{ id: 'n' }]],
	['other settings', '{\n  "a": 1\n}\n', [{ id: 'n' }]],
	['an empty list', `{ "${key}": [] }`, [{ id: 'n' }]],
	['a list with a comment only', `{ "${key}": [ /* none yet */ ] }`, [{ id: 'n' }]],
	[
		'Windows line ends',
		`{\r\n    "a": 1,\r\n    "${key}": [\r\n        {"id": "x"}\r\n    ]\r\n}\r\n`,
		[{ id: 'x' }, { id: 'n' }],
	],
] as const)
	test(`adding to ${what}`, () => {
		const next = addEntry({ id: 'n' })(text, path);
		assert.deepEqual(values(next), expected);
		assert.deepEqual(comments(next), comments(text));
		if (text.includes('\r\n')) assert.doesNotMatch(next, /[^\r]\n/);
	});

test('a workspace file keeps its list below "settings"', () => {
	const text = '{ "folders": [{ "path": "." }], "settings": { "a": 1 } }';
	const next = addEntry({ id: 'n' })(text, ['settings', key]);
	assert.deepEqual(JSON.parse(next), { folders: [{ path: '.' }], settings: { a: 1, [key]: [{ id: 'n' }] } });
});

const edits: ListEdit[] = [addEntry({ id: 'n' }), replaceEntry(0, { id: 'n' }), removeEntry(0), reorderEntries([0])];
for (const [what, text] of [
	['invalid JSON', `{ "${key}": [ { "id": "a" } `],
	['two values', '{} {}'],
	['a list instead of an object', '[]'],
	['a text instead of the list', `{ "${key}": "x" }`],
	['an object instead of the list', `{ "${key}": {} }`],
	['the list twice', `{ "${key}": [{}], "${key}": [{}] }`],
	['half a file', file.slice(0, 150)],
] as const)
	test(`${what} is never written`, () => {
		for (const edit of edits)
			assert.throws(
				() => edit(text, path),
				(error) => toFailure(error).code === 'unreadable-settings',
			);
	});

test('refuses an edit if the list has changed in the meantime', () => {
	for (const edit of [replaceEntry(9, {}), removeEntry(9), reorderEntries([0, 1]), reorderEntries([0, 0, 0, 0])])
		assert.throws(
			() => edit(file, path),
			(error) => toFailure(error).code === 'changed-meanwhile',
		);
});
