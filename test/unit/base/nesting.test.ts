import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test from 'node:test';
import { parseTree } from 'jsonc-parser';
import { toFailure } from '../../../src/base/failure';
import { isTooDeep, maxDepth, shallow } from '../../../src/base/nesting';
import { createSettings } from '../../../src/cli/settings';
import { readEnvironment } from '../../../src/files/values/environments';
import { addEntry, removeEntry, replaceEntry } from '../../../src/host/settings/edit';
import { readList } from '../../../src/host/settings/text';
import { readExport } from '../../../src/model/contracts/settings';
import { checkList, checkProfile } from '../../../src/model/profile/check';
import type { Profile } from '../../../src/model/profile/profile';
import { resolveProfile } from '../../../src/model/profile/resolve';
import { descriptions } from '../../../src/protocols/descriptions';
import { mqtt } from '../../../src/protocols/mqtt/describe/describe';

const key = 'messagingWorkbench.connections';
const path = [key];
const sentence = /more than 100 levels of lists and objects/;
const lists = (depth: number) => '['.repeat(depth) + ']'.repeat(depth);
const objects = (depth: number) => `${'{"a":'.repeat(depth)}1${'}'.repeat(depth)}`;
const good = { id: 'good', name: 'Good', protocol: 'mqtt', url: 'mqtt://h' };
const deepEntry = (deep: string) => JSON.stringify({ ...good, id: 'deep', future: 0 }).replace(':0}', `:${deep}}`);
const failsWith = (action: () => unknown, code: string) =>
	assert.throws(action, (error) => {
		const failure = toFailure(error);
		assert.equal(failure.code, code);
		assert.match(failure.message, sentence);
		return true;
	});

test('levels are counted the same in values and in texts', () => {
	for (const make of [lists, objects])
		for (const depth of [0, 1, maxDepth - 1, maxDepth, maxDepth + 1, 2000]) {
			const text = make(depth) || '1';
			assert.equal(isTooDeep(JSON.parse(text)), depth > maxDepth);
			assert.equal(shallow(text).at !== undefined, depth > maxDepth);
		}
	assert.equal(isTooDeep(JSON.parse(`[${objects(5000)}]`)), true);
});

test('what is too deep is blanked, and everything else keeps its place', () => {
	assert.deepEqual(shallow('[[1,[2]],"[[["]// [[', 2), { text: '[[1,0  ],"[[["]// [[', at: 4 });
	assert.deepEqual(shallow('{"[":/*[[*/[ ]}', 1), { text: '{"[":/*[[*/0  }', at: 11 });
	assert.deepEqual(shallow('["\\"[",[', 1), { text: '["\\"[",0', at: 7 });
	assert.deepEqual(shallow('[{]{]', 1), { text: '[0   ', at: 1 });
});

test('no text makes the tolerant parser go deeper than the limit', () => {
	const parts = ['[', ']', '{', '}', '"a":', ',', '"', '/', '*', '\\', '\n', '\r', '1', '// ', '/*', '*/'];
	let seed = 7;
	const next = () => {
		seed = (seed * 1103515245 + 12345) % 2 ** 31;
		return parts[seed % parts.length] ?? '';
	};
	let cut = 0;
	for (let round = 0; round < 3000; round++) {
		const text = Array.from({ length: 60 }, next).join('');
		const { text: readable, at } = shallow(text, 3);
		assert.equal(readable.length, text.length);
		if (at !== undefined) cut++;
		const depth = (node: ReturnType<typeof parseTree>): number =>
			node ? Number(/array|object/.test(node.type)) + Math.max(0, ...(node.children ?? []).map(depth)) : 0;
		assert.ok(depth(parseTree(readable)) <= 3, JSON.stringify(text));
	}
	assert.ok(cut > 1000);
});

for (const [what, text] of [
	['brackets', '['.repeat(5000)],
	['braces', '{'.repeat(5000)],
	['objects that are never closed', '{"a":'.repeat(5000)],
	['brackets in the list', `{"${key}":${'['.repeat(5000)}`],
	['a million brackets', '['.repeat(1_000_000)],
	['a list in another setting', `{"x":${lists(5000)},"${key}":[${JSON.stringify(good)}]}`],
] as const)
	test(`settings with ${what} are not written, and one sentence says why`, () => {
		const list = readList(text, path);
		assert.match(list.kind === 'unusable' ? list.reason : list.kind, sentence);
		for (const edit of [addEntry(good), replaceEntry(0, good), removeEntry(0)])
			failsWith(() => edit(text, path), 'unreadable-settings');
	});

for (const deep of [lists(2000), objects(2000), objects(100_000)])
	test(`a field that is nested ${deep.length} characters deep makes only its own connection unusable`, () => {
		const list = readList(`{"${key}":[${deepEntry(deep)},${JSON.stringify(good)}]}`, path);
		const entries = list.kind === 'unusable' ? list.entries.map(({ value }) => value) : [];
		const [first, second] = checkList(entries, descriptions);
		assert.equal(first?.ok, false);
		assert.match(first?.problems[0]?.message ?? '', sentence);
		assert.equal(second?.ok, true);
	});

test('a deep value is refused wherever it is checked, resolved, written or imported', () => {
	const entry = JSON.parse(deepEntry(objects(5000)));
	assert.match(checkProfile(entry, descriptions)[0]?.message ?? '', sentence);
	failsWith(() => resolveProfile(entry as Profile, mqtt, undefined), 'too-deep');
	const text = JSON.stringify({ [key]: [good] });
	failsWith(() => addEntry(entry)(text, path), 'too-deep');
	failsWith(() => replaceEntry(0, entry)(text, path), 'too-deep');
	failsWith(() => readExport([entry]), 'too-deep');
	failsWith(() => readExport({ connections: [entry] }), 'too-deep');
	assert.equal(readExport({ connections: [good] }).length, 1);
});

test('an environment that is too deep is a problem of its file', () => {
	for (const deep of [objects(5000), lists(5000)]) {
		const { problems } = readEnvironment({ shared: `{"dev":{"a":${deep}}}` }, 'dev');
		assert.match(problems[0]?.message ?? '', /more than 1000 levels deep/);
	}
});

test('the command line names the settings file that is too deep', async (t) => {
	const home = await mkdtemp(join(tmpdir(), 'nesting-'));
	t.after(() => rm(home, { recursive: true }));
	const file = join(home, 'settings.json');
	const find = async (text: string) => {
		await writeFile(file, text);
		return createSettings(home, file, JSON.parse).find('Good');
	};
	await assert.rejects(find(`{"${key}":${lists(5000)}}`), (error) => {
		assert.match(toFailure(error).message, /settings\.json cannot be read/);
		assert.match(toFailure(error).evidence ?? '', sentence);
		return true;
	});
	assert.deepEqual(await find(JSON.stringify({ [key]: [good] })), good);
});
