import assert from 'node:assert/strict';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import test from 'node:test';
import { localFolders } from '../../../../src/cli/source';
import { check } from '../../../../src/files/check/check';
import { parse } from '../../../../src/files/syntax/parse';
import { noEnvironment } from '../../../../src/files/values/environments';
import { projectFolder } from '../../../../src/files/values/project-folder';
import { amqp } from '../../../../src/protocols/amqp/describe/describe';
import { describe } from '../../../../src/protocols/descriptions';
import { endings, run } from '../../../support/run/fake-run';

const problems = (source: string, protocol: string) =>
	check(parse(source), {
		describe: () => describe(protocol),
		environment: noEnvironment,
		around: { env: () => undefined, dotenv: () => undefined, secret: () => undefined },
	}).map(({ code }) => code);

const received: [source: string, protocol: string, subscriptions: object[]][] = [
	[
		'CONSUME queue/s\nOffset: first\nPrefetch: 5',
		'amqp',
		[{ target: 'queue/s', mode: 'consume', offset: 'first', prefetch: 5 }],
	],
	[
		'SUBSCRIBE queue/s\nMode: consume\nx-stream-offset: first\nx-priority: 5',
		'amqp',
		[
			{
				target: 'queue/s',
				mode: 'consume',
				arguments: [
					['x-stream-offset', 'first'],
					['x-priority', '5'],
				],
			},
		],
	],
	['SUBSCRIBE exchange/h\nkind: a', 'amqp', [{ target: 'exchange/h', mode: 'tap', match: [['kind', 'a']] }]],
	['SUBSCRIBE queue/s\nOffset: first', 'amqp', [{ target: 'queue/s', mode: 'stream', offset: 'first' }]],
	['SUBSCRIBE firehose/#', 'amqp', [{ target: 'firehose/#', mode: 'firehose' }]],
	['SUBSCRIBE', 'xmpp', []],
	['SUBSCRIBE room@muc\nMode: room', 'xmpp', [{ target: 'room@muc', mode: 'room' }]],
];
for (const [source, protocol, subscriptions] of received)
	test(`a file receives: ${JSON.stringify(source)}`, async () => {
		assert.deepEqual(problems(`${source}\n\n?? duration >= 0`, protocol), []);
		const { results, peer } = await run(`# @timeout 1s\n${source}\n\n?? duration >= 0`, { protocol });
		assert.deepEqual(endings(results), ['passed'], JSON.stringify(results[0]?.failure));
		assert.deepEqual(peer.subscriptions, subscriptions);
	});

const refused: [source: string, protocol: string, code: string][] = [
	['SUBSCRIBE', 'mqtt', 'bad-target'],
	['SUBSCRIBE', 'amqp', 'bad-target'],
	['SUBSCRIBE\nMode: room', 'xmpp', 'bad-target'],
	['SUBSCRIBE a\nx-priority: 5', 'mqtt', 'header-without-effect'],
	['SUBSCRIBE room@muc\nMode: room\nx-priority: 5', 'xmpp', 'header-without-effect'],
];
for (const [source, protocol, code] of refused)
	test(`a file cannot receive, which is said before and when it runs: ${JSON.stringify(source)} of ${protocol}`, async () => {
		assert.deepEqual(problems(source, protocol), [code]);
		const { results } = await run(source, { protocol });
		assert.deepEqual([results[0]?.ending, results[0]?.failure?.code], ['invalid', code]);
	});

test('what arrives by itself is received without a target', async () => {
	const { results } = await run('SUBSCRIBE\n\n?? message[0] topic == juliet@example.org', {
		protocol: 'xmpp',
		onSend: () => undefined,
	});
	assert.deepEqual(endings(results), ['failed']);
	const both = await run('SUBSCRIBE\n\n?? body == hi\n###\nPUBLISH juliet@example.org\n\nx', {
		protocol: 'xmpp',
		onSend(_, peer) {
			peer.tell({ target: 'juliet@example.org/balcony', body: 'hi' });
			return undefined;
		},
	});
	assert.deepEqual(endings(both.results), ['passed', 'passed']);
});

const brings: [subscription: string, target: string, brings: boolean][] = [
	['queue/a.b', 'queue/a.b', true],
	['queue/#', 'queue/a', false],
	['/queue/a', 'queue/a', true],
	['exchange/x', 'exchange/x/any.key', true],
	['exchange/x', 'exchange/xy/any.key', false],
	['exchange/x/a.#', 'exchange/x/a.b.c', true],
	['exchange/x/a.*', 'exchange/x/a.b.c', false],
	['exchange/x/', 'exchange/x/', true],
	['exchange/x/', 'exchange/x/a', false],
	['firehose/#', 'firehose/publish.orders/eu.created', true],
	['firehose', 'firehose/deliver.email', true],
	['firehose/publish.orders', 'firehose/publish.orders/eu.created', true],
	['firehose/publish.orders', 'firehose/publish.other/eu', false],
	['firehose/publish.#', 'firehose/deliver.email', false],
	['firehose/deliver.*', 'firehose/deliver.email', true],
];
for (const [subscription, target, expected] of brings)
	test(`AMQP: "${subscription}" ${expected ? 'brings' : 'does not bring'} ${target}`, () =>
		assert.equal(amqp.pattern?.compile(subscription)(target), expected));

test('the project folder is the nearest with .vscode or .git, else the file’s own, and never the home folder', async () => {
	const marked = (...places: string[]) => ({
		...localFolders,
		has: async (folder: string, name: string) => places.includes(join(folder, name)),
	});
	const of = (own: string, ...places: string[]) => projectFolder(own, marked(...places));
	assert.equal(await of('/p/a/b', '/p/.git'), '/p');
	assert.equal(await of('/p/a/b', '/p/.git', '/p/a/.vscode'), '/p/a');
	assert.equal(await of('/p/a/b', '/p/a/b/.git', '/p/.git'), '/p/a/b');
	assert.equal(await of('/p/a/b'), '/p/a/b');
	assert.equal(await of('/p/a', '/.git'), '/p/a', 'the whole disk is no project');
	const home = homedir();
	const below = join(home, 'downloads/x');
	assert.equal(await of(below, join(home, '.vscode')), below);
	assert.equal(await of(below, join(dirname(home), '.git')), below);
	assert.equal(await of(below, join(home, '.vscode'), join(home, 'downloads/.git')), join(home, 'downloads'));
});
