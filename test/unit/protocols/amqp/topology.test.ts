import assert from 'node:assert/strict';
import test from 'node:test';
import { topologyText } from '../../../../src/protocols/amqp/actions/draw';
import { readAnswer } from '../../../../src/protocols/amqp/browse/management';
import { exchangeNode } from '../../../../src/protocols/amqp/browse/nodes';
import type { Queue } from '../../../../src/protocols/amqp/browse/topology';

const binding = (source: string, destination: string, key: string, more = {}) => ({
	...{ source, destination, key, to: 'queue' as const, arguments: {} },
	...more,
});

test('the picture has exchanges, bindings and queues, and where dead letters go', () => {
	const text = topologyText({
		vhost: '/',
		complete: true,
		exchanges: [
			{ name: '', type: 'direct' },
			{ name: 'amq.topic', type: 'topic' },
			{ name: 'orders', type: 'topic', arguments: { 'alternate-exchange': 'lost' } },
			{ name: 'orders.dlx', type: 'fanout' },
		],
		queues: [
			{ name: 'email', ready: 2, arguments: { 'x-dead-letter-exchange': 'orders.dlx' } },
			{ name: 'dead', ready: 1204 },
			{ name: 'alone' },
		],
		bindings: [
			binding('orders', 'email', 'eu.#'),
			binding('orders', 'email', 'us.*'),
			binding('orders.dlx', 'dead', ''),
			binding('orders', 'orders.dlx', 'x', { to: 'exchange', arguments: { 'x-match': 'all', n: 1 } }),
		],
	});
	const [, picture = ''] = /```mermaid\n([\s\S]*?)\n```/.exec(text) ?? [];
	assert.deepEqual(picture.split('\n'), [
		'flowchart LR',
		'  n0(["orders · topic"])',
		'  n1(["orders.dlx · fanout"])',
		'  n2[("email · 2 ready")]',
		'  n3[("dead · 1#44;204 ready")]',
		'  n4[("alone")]',
		'  n5(["lost · missing"])',
		'  n0 -->|"eu.#35;#44; us.#42;"| n2',
		'  n1 --> n3',
		'  n0 -->|"x x-match#61;all n#61;1"| n1',
		'  n2 -.->|"dead letters"| n1',
		'  n0 -.->|"unrouted"| n5',
	]);
	assert.match(text, /exchange orders \(topic\)\n {4}→ queue email {3}eu\.#, us\.\*\n/);
	assert.doesNotMatch(text, /amq\.topic/);
});

test('dead letters go where a policy says, unless the queue’s own arguments say otherwise', () => {
	const policyTerms = { 'dead-letter-exchange': 'policy.dlx', 'dead-letter-routing-key': 'dead' };
	const cases: [queue: Queue, arrow: string][] = [
		[{ name: 'q', policyTerms }, '⇢ exchange policy.dlx   dead letters, dead'],
		[
			{ name: 'q', policyTerms, arguments: { 'x-dead-letter-exchange': 'own.dlx' } },
			'⇢ exchange own.dlx   dead letters, dead',
		],
		[
			{ name: 'q', policyTerms, arguments: { 'x-dead-letter-routing-key': 'own' } },
			'⇢ exchange policy.dlx   dead letters, own',
		],
		[{ name: 'q', policyTerms: { ...policyTerms, 'dead-letter-exchange': '' } }, '⇢ queue dead   dead letters'],
		[{ name: 'q', policyTerms: { 'dead-letter-exchange': 5, 'max-length': 1 } }, ''],
	];
	for (const [queue, arrow] of cases) {
		const text = topologyText({ vhost: '/', complete: true, exchanges: [], queues: [queue], bindings: [] });
		assert.equal(/⇢.*/.exec(text)?.[0] ?? '', arrow);
	}
});

test('hostile names end no fence, and draw nothing of their own', () => {
	const names = [
		'```',
		'\n```\n# x',
		'"] --> x["',
		'<img src=x onerror=alert(1)>',
		'%%{init: {}}%%',
		'\u202e[](command:x)',
		'end',
	];
	const text = topologyText({
		vhost: '```\n# x',
		complete: true,
		exchanges: names.map((name) => ({ name, type: 'topic' })),
		queues: names.map((name) => ({ name })),
		bindings: names.map((name) => binding(name, name, name)),
	});
	assert.equal(text.split('\n').filter((line) => /^ {0,3}`{3}/.test(line)).length, 6);
	assert.equal(text.split('\n').filter((line) => line.startsWith('#')).length, 1);
	const [, picture = ''] = /```mermaid\n([\s\S]*?)\n```/.exec(text) ?? [];
	assert.doesNotMatch(picture, /[<%]|command:|\u202e/);
	for (const line of picture.split('\n').slice(1))
		assert.match(line, /^ {2}n\d+(\(\["[^"[\]]*"\]\)|\[\("[^"[\]]*"\)\]| -->\|"[^"|]*"\| n\d+)$/);
});

test('a large one is cut in the picture, which says so, and whole in the list', () => {
	const names = Array.from({ length: 900 }, (_, at) => `queue.${at}`);
	const text = topologyText({
		vhost: '/',
		complete: true,
		exchanges: [{ name: 'all', type: 'fanout' }],
		queues: names.map((name) => ({ name })),
		bindings: names.map((name) => binding('all', name, '')),
	});
	const [, picture = ''] = /```mermaid\n([\s\S]*?)\n```/.exec(text) ?? [];
	assert.equal(picture.match(/-->/g)?.length, 200);
	assert.ok(picture.length < 50_000);
	assert.match(text, /leaves out 1,400 of them/);
	assert.equal(text.match(/→ queue queue\./g)?.length, 900);
});

test('the management API’s answers keep the digits of arguments', () => {
	const given =
		'{"n":[1,-1724442618569203715],"ttl":60000,"rate":0.30000000000000004,"__proto__":{"n":9007199254740993}}';
	assert.deepEqual(readAnswer(given), {
		n: [1, '-1724442618569203715'],
		ttl: 60_000,
		rate: 0.30000000000000004,
		['__proto__']: { n: '9007199254740993' },
	});
	assert.deepEqual(readAnswer('{"a":"1724442618569203715"}'), { a: '1724442618569203715' });
	for (const wrong of ['', '{', '<html>', '{"a":1724442618569203715,}'])
		assert.throws(() => readAnswer(wrong), /not JSON/);
	const { arguments: terms } = readAnswer('{"arguments":{"id":1724442618569203715}}') as {
		arguments: Record<string, unknown>;
	};
	const node = exchangeNode({ name: 'x', arguments: terms }, true);
	assert.equal(node.properties?.find(({ label }) => label === 'id')?.value, '1724442618569203715');
});
