import assert from 'node:assert/strict';
import test from 'node:test';
import { defaultLimits } from '../../../src/model/contracts/session';
import { idFor, limitsFrom, readExport, uniqueName } from '../../../src/model/contracts/settings';
import { parseSize } from '../../../src/model/profile/size';

for (const [what, settings, expected] of [
	['nothing set', {}, {}],
	['megabytes', { 'log.maxMegabytes': 10 }, { logBytes: 10 * 1024 * 1024 }],
	['messages and topics', { 'log.maxMessages': 5000, 'log.maxTopics': 200 }, { logMessages: 5000, topics: 200 }],
	['a text', { 'log.maxMessages': '5000' }, {}],
	['NaN', { 'log.maxMessages': Number.NaN }, {}],
	['null', { 'log.maxMegabytes': null }, {}],
	['too small', { 'log.maxMessages': -1 }, { logMessages: 1000 }],
	['too large', { 'log.maxMegabytes': 1e12 }, { logBytes: 4096 * 1024 * 1024 }],
	['a fraction', { 'log.maxMessages': 1000.6 }, { logMessages: 1001 }],
] as const)
	test(`limits from ${what}`, () => {
		const given: Record<string, unknown> = settings;
		assert.deepEqual(
			limitsFrom((name) => given[name]),
			{ ...defaultLimits, ...expected },
		);
	});

for (const [name, taken, id] of [
	['Local Mosquitto', [], 'local-mosquitto'],
	['Küche  №1 ', [], 'kuche-no1'],
	['日本', [], 'connection'],
	['Farm', ['farm'], 'farm-2'],
	['Farm', ['farm', 'farm-2'], 'farm-3'],
	['--x--', [], 'x'],
] as const)
	test(`"${name}" beside ${taken.length} gets the id ${id}`, () => assert.equal(idFor(name, new Set(taken)), id));

test('names stay unique', () => {
	assert.equal(uniqueName('A', new Set()), 'A');
	assert.equal(uniqueName('A', new Set(['A', 'A 2'])), 'A 3');
});

test('an exported file, a settings file and a bare list can be imported', () => {
	const list = [{ id: 'a' }];
	for (const file of [{ messagingWorkbench: 1, connections: list }, { 'messagingWorkbench.connections': list }, list])
		assert.deepEqual(readExport(file), list);
});

for (const file of [null, 5, 'x', {}, { connections: 'x' }, [1], { connections: [null] }])
	test(`${JSON.stringify(file)} is no list of connections`, () =>
		assert.throws(() => readExport(file), /not contain a list/));

test('a size has a unit, from 10 MB to 999 GB', () => {
	const cases: [unknown, number | undefined][] = [
		['500 MB', 500_000_000],
		['10MB', 10_000_000],
		[' 2 GB ', 2_000_000_000],
		['999 GB', 999_000_000_000],
		['9 MB', undefined],
		['0 GB', undefined],
		['1000 GB', undefined],
		['500', undefined],
		['500 mb', undefined],
		['1.5 GB', undefined],
		['500 MB\nx', undefined],
		[500, undefined],
		[undefined, undefined],
	];
	for (const [text, bytes] of cases) assert.equal(parseSize(text), bytes, String(text));
});
