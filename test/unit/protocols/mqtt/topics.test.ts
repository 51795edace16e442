import assert from 'node:assert/strict';
import test from 'node:test';
import { mqtt } from '../../../../src/protocols/mqtt/describe/describe';
import { checkFilter, checkTopic, compileFilter } from '../../../../src/protocols/mqtt/describe/topics';

const fits: [filter: string, topic: string, fits: boolean][] = [
	['sport/tennis/player1/#', 'sport/tennis/player1', true],
	['sport/tennis/player1/#', 'sport/tennis/player1/ranking', true],
	['sport/tennis/player1/#', 'sport/tennis/player1/score/wimbledon', true],
	['sport/tennis/player1/#', 'sport/tennis/player10', false],
	['sport/#', 'sport', true],
	['sport/#', 'sports', false],
	['sport/#', 'spor', false],
	['#', 'anything/at/all', true],
	['#', '/', true],
	['#', '$SYS/broker', false],
	['+/monitor/Clients', '$SYS/monitor/Clients', false],
	['$SYS/#', '$SYS/broker', true],
	['$SYS/monitor/+', '$SYS/monitor/Clients', true],
	['sport/+', 'sport', false],
	['sport/+', 'sport/', true],
	['sport/tennis/+', 'sport/tennis/player1', true],
	['sport/tennis/+', 'sport/tennis/player1/ranking', false],
	['+', 'finance', true],
	['+', '/finance', false],
	['+/+', '/finance', true],
	['/+', '/finance', true],
	['+/#', 'a', true],
	['a//b', 'a//b', true],
	['a/+/b', 'a//b', true],
	['a/b', 'a/b/', false],
	['a/b/', 'a/b', false],
	['a', 'A', false],
	['+/b', 'a/b', true],
	['+/b', 'a/bc', false],
	['+/bc', 'a/b', false],
	['$share/group/a/+', 'a/b', true],
	['$share/group/a/+', '$share/group/a/b', false],
];

for (const [filter, topic, expected] of fits)
	test(`"${filter}" ${expected ? 'fits' : 'does not fit'} "${topic}"`, () => {
		assert.equal(compileFilter(filter)(topic), expected);
	});

const filters: [filter: string, wrong: RegExp | undefined][] = [
	['#', undefined],
	['a/#', undefined],
	['/', undefined],
	['+/+/#', undefined],
	['$share/group/#', undefined],
	['$SYS/#', undefined],
	['$shared', undefined],
	['', /empty/],
	['a/#/b', /last level/],
	['a#', /stand alone/],
	['a/b+', /stand alone/],
	['##', /stand alone/],
	['a\0', /NUL/],
	['a\ud800', /half a character/],
	['x'.repeat(65_535), undefined],
	['x'.repeat(65_536), /65,536 bytes long/],
	['ä'.repeat(32_768), /65,536 bytes long/],
	['$share', /group name/],
	['$share/', /group name/],
	['$share//a', /group name/],
	['$share/g', /filter after its group/],
	['$share/g/', /filter after its group/],
	['$share/g+/a', /cannot contain/],
	['$share/g/a#', /stand alone/],
];

for (const [filter, wrong] of filters)
	test(`filter "${filter.slice(0, 20)}": ${wrong ?? 'good'}`, () => {
		const said = checkFilter(filter);
		if (!wrong) return assert.equal(said, undefined);
		assert.match(said ?? '', wrong);
		assert.throws(() => compileFilter(filter), wrong);
	});

const topics: [topic: string, wrong: RegExp | undefined][] = [
	['a', undefined],
	['/', undefined],
	['a//b/', undefined],
	['$SYS/x', undefined],
	['__proto__', undefined],
	['a b\tc', undefined],
	['', /empty/],
	['a/#', /"#" is a wildcard/],
	['a/+/b', /"\+" is a wildcard/],
	['a+b', /wildcard/],
	['a\0b', /NUL/],
	['x'.repeat(65_536), /65,536 bytes/],
];

for (const [topic, wrong] of topics)
	test(`topic "${topic.slice(0, 20)}": ${wrong ?? 'good'}`, () => {
		const said = checkTopic(topic);
		if (wrong) assert.match(said ?? '', wrong);
		else assert.equal(said, undefined);
	});

test('a text is a pattern only when it is a valid filter with a wildcard', () => {
	const isPattern = (text: string) => mqtt.pattern?.isPattern(text);
	assert.deepEqual(['a/#', '+', '#', 'a/+/b'].map(isPattern), [true, true, true, true]);
	assert.deepEqual(['a', 'a+', 'a/#/b', 'c#', ''].map(isPattern), [false, false, false, false, false]);
});
