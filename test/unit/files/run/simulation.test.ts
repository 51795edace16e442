import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import test from 'node:test';
import { fail } from '../../../../src/base/failure';
import { clientValues } from '../../../../src/files/simulation/clients';
import { progressText, reportLines } from '../../../../src/files/simulation/report';
import { describe, descriptions } from '../../../../src/protocols/descriptions';
import { type Behavior, endings, run, text } from '../../../support/run/fake-run';

const head = '# @clients 3\n# @rate 10/s\n';

/** When each message was sent (milliseconds), to which target, with which body. */
async function sent(source: string, behavior: Behavior = {}) {
	const { peer, results } = await run(source, behavior);
	const messages = peer.drafts.map(({ target, payload }, at) => `${peer.times[at]} ${target} ${text(payload)}`.trim());
	return { messages, result: results[0], peer };
}

test('sends at the rate of all clients together, one client after the other', async () => {
	const { messages, result } = await sent(
		`${head}# @for 700ms\nPUBLISH d/{{$client}}\n\n{{$counter}} {{$counter 0 10}}`,
	);
	// Connections are opened at 100 per second, and sending begins with the last one.
	assert.deepEqual(messages, [
		'20 d/1 1 0',
		'120 d/2 1 0',
		'220 d/3 1 0',
		'320 d/1 2 10',
		'420 d/2 2 10',
		'520 d/3 2 10',
		'620 d/1 3 20',
	]);
	assert.deepEqual(result?.simulation?.clients, { wanted: 3, connected: 3, refused: 0, lost: 0 });
	assert.deepEqual(result?.simulation?.rate, { wanted: 10, achieved: 10 });
	assert.equal(result?.simulation?.acknowledged, 7);
	assert.equal(result?.ending, 'passed');
});

const ends: [string, string, number, string][] = [
	['each client as often as @loop says', '# @clients 3\n# @rate 10/s\n# @loop for 2', 6, 'passed'],
	['each client once', '# @clients 3', 3, 'passed'],
	['each client in turn, without a rate', '# @clients 2\n# @loop for 4', 8, 'passed'],
	['each client once in every interval', '# @clients 4\n# @every 1s\n# @for 2s', 8, 'passed'],
	['until the timeout of the request', `${head}# @timeout 1s`, 10, 'passed'],
	['until the timeout of the run', head, 20, 'passed'],
	['a single client at a rate', '# @rate 120/min\n# @for 2s', 4, 'passed'],
	['what ends first', `${head}# @loop for 1\n# @for 100ms`, 1, 'passed'],
];
for (const [name, metadata, count, ending] of ends)
	test(`ends: ${name}`, async () => {
		const { messages, result } = await sent(`${metadata}\nPUBLISH a`, { timeout: 2000 });
		assert.equal(messages.length, count);
		assert.equal(result?.ending, ending);
		assert.equal(result?.simulation?.sent, count);
	});

test('each client has a connection and a name of its own', async () => {
	const numbers: (number | undefined)[] = [];
	const runs = new Set<string | undefined>();
	await run('# @clients 3\nPUBLISH a', {
		connect({ client }) {
			numbers.push(client?.number);
			runs.add(client?.run);
		},
	});
	assert.deepEqual(numbers, [1, 2, 3]);
	assert.equal(runs.size, 1);
	const named = Object.fromEntries(
		descriptions.map((one) => [one.id, clientValues(one, {}, { number: 2, run: 'ab' })] as const),
	);
	assert.deepEqual(named, {
		...{ websocket: {}, coap: {}, socketio: {} },
		mqtt: { clientId: 'simulation-ab-2' },
		nats: { clientName: 'simulation-ab-2' },
		amqp: { connectionName: 'simulation-ab-2' },
		amqp1: { containerId: 'simulation-ab-2' },
		xmpp: { resource: 'simulation-ab-2' },
		kafka: { clientId: 'simulation-ab-2' },
	});
	const mqtt = describe('mqtt');
	assert.ok(mqtt);
	assert.deepEqual(clientValues(mqtt, { clientId: 'sensor', qos: 1 }, { number: 2, run: 'ab' }), {
		clientId: 'sensor-2',
		qos: 1,
	});
});

test('a client that cannot connect or is lost is counted and named, and the others go on', async () => {
	const { messages, result } = await sent(`${head}# @loop for 3\nPUBLISH d/{{$client}}`, {
		connect({ client }) {
			if (client?.number === 2) throw fail('refused', 'The broker has no room for it.');
		},
		onSend(_, peer, count) {
			if (count === 3) peer.endOf(3, { code: 'link-lost', message: 'The connection was lost.' });
			return undefined;
		},
	});
	assert.deepEqual(
		messages.map((one) => one.split(' ')[1]),
		['d/1', 'd/3', 'd/1', 'd/1'],
	);
	assert.equal(result?.ending, 'failed');
	assert.match(result?.failure?.message ?? '', /^1 of 3 clients could not connect, 1 client lost the connection\.$/);
	assert.deepEqual(
		result?.simulation?.reasons.map((one) => one.text),
		['Client 2: The broker has no room for it.', 'Client 3: The connection was lost.'],
	);
	assert.equal(result?.simulation?.skipped, 5);
});

test('without any connection, the request is not connected', async () => {
	const { results } = await run(`${head}PUBLISH a`, {
		connect() {
			throw fail('refused', 'Nobody listens there.');
		},
	});
	assert.deepEqual(endings(results), ['unconnected']);
	assert.equal(results[0]?.failure?.message, '3 of 3 clients could not connect.');
});

test('what a message becomes is counted', async () => {
	const { result } = await sent(`${head}# @loop for 2\nPUBLISH a`, {
		onSend(_, __, count) {
			if (count === 1) return { proof: 'refused', text: 'refused by the broker: quota', ms: 1 };
			if (count === 2) return { proof: 'unknown', text: 'No answer within 30 s', ms: 1 };
			if (count === 3) throw fail('too-large', 'The message is too large.');
			return undefined;
		},
	});
	const { sent: all, acknowledged, refused, unknown, unsent, reasons } = result?.simulation ?? {};
	assert.deepEqual(
		{ all, acknowledged, refused, unknown, unsent },
		{ all: 5, acknowledged: 3, refused: 1, unknown: 1, unsent: 1 },
	);
	assert.equal(reasons?.length, 3);
	assert.equal(result?.ending, 'failed');
	assert.match(
		result?.failure?.message ?? '',
		/1 message was refused, 1 message was not acknowledged, 1 message could not be sent/,
	);
});

test('latency counts from the time at which a message was due', async () => {
	// The peer answers 300 ms late, and the schedule does not wait for it.
	const { messages, result, peer } = await sent('# @rate 10/s\n# @loop for 3\nPUBLISH a', { answerAfter: 300 });
	assert.deepEqual(messages, ['0 a', '100 a', '200 a']);
	assert.ok(peer);
	const { fromDue, fromSending } = result?.simulation?.latency ?? {};
	assert.deepEqual([fromDue?.max, fromSending?.max], [300, 300]);
	// Replies one at a time for each client: the later ones wait, and that counts.
	const slow = await sent('# @rate 10/s\n# @loop for 3\nREQUEST a\n\nx', {
		protocol: 'nats',
		answerAfter: 300,
		answers: true,
	});
	assert.deepEqual(slow.messages, ['0 a x', '300 a x', '600 a x']);
	assert.equal(slow.result?.simulation?.latency.fromDue.max, 700);
	assert.equal(slow.result?.simulation?.latency.fromSending.max, 300);
	assert.equal(slow.result?.ending, 'passed');
	assert.deepEqual(slow.result?.simulation && reportLines(slow.result.simulation).slice(-3), [
		'Latency         p50     p99     p99.9   max',
		'  from due      502 ms  700 ms  700 ms  700 ms',
		'  from sending  300 ms  300 ms  300 ms  300 ms',
	]);
});

test('expectations hold for each message', async () => {
	const { result } = await sent('# @rate 10/s\n# @loop for 3\nPUBLISH a\n\n?? duration < 50', { answerAfter: 80 });
	assert.equal(result?.ending, 'failed');
	assert.match(result?.assertions[0]?.reason ?? '', /It failed for 3 of 3 messages\./);
	assert.equal(result?.assertions.length, 1);
});

test('a stop ends it at once, whatever it waits for', async () => {
	for (const [source, behavior] of [
		[`${head}# @keepStreaming\nPUBLISH a`, {}],
		[`${head}# @keepStreaming\nPUBLISH a`, { answerAfter: 60_000 }],
		['# @clients 50\nPUBLISH a', { connectAfter: 60_000 }],
	] as [string, Behavior][]) {
		const abort = new AbortController();
		const { results, peer } = await run(source, { ...behavior, signal: abort.signal, stop: { after: 450, abort } });
		assert.deepEqual(endings(results), ['stopped']);
		const [result] = results;
		assert.ok(result && result.ms <= 450 + 2000, `${result?.ms}`);
		assert.equal(result.simulation?.sent, behavior.connectAfter ? 0 : 5);
		assert.equal(peer.log.filter((one) => one === 'close').length, result.simulation?.clients.connected);
	}
});

test('signs the body as it is sent', async () => {
	const source = (headers: string, body = '{ "n": {{$counter}} }') =>
		`@sig = {{$hmac sha256 key}}\n###\n# @clients 2\n# @loop for 2\nPUBLISH a\n${headers}\n\n${body}`;
	const secret = (name: string) => (name === 'key' ? 'k3y' : undefined);
	const hmac = (algorithm: string, key: string, bytes: Uint8Array) => createHmac(algorithm, key).update(bytes).digest();
	const around = { secret, hmac };
	const { peer, hidden, results } = await run(source('X-Signature: {{sig}}\nX-B64: {{$hmac sha512 key base64}}'), {
		around,
	});
	assert.deepEqual(endings(results), ['passed']);
	assert.equal(peer.drafts.length, 4);
	for (const { payload, values } of peer.drafts)
		assert.deepEqual(values.userProperties, [
			['X-Signature', createHmac('sha256', 'k3y').update(payload).digest('hex')],
			['X-B64', createHmac('sha512', 'k3y').update(payload).digest('base64')],
		]);
	assert.deepEqual([...hidden], ['k3y']);
	// Several messages of a request, each with a signature of its own, also when it is sent only once.
	const two = await run('PUBLISH a\nX: {{$hmac sha256 key}}\n\none\n===\ntwo', { around });
	assert.deepEqual(
		two.peer.drafts.map(({ values }) => (values.userProperties as string[][])[0]?.[1]),
		['one', 'two'].map((body) => createHmac('sha256', 'k3y').update(body).digest('hex')),
	);
	for (const wrong of [
		source('', '{{$hmac sha256 key}}'),
		source('X: {{$hmac sha256 other}}'),
		source('X: {{$hmac md5 key}}'),
	])
		assert.deepEqual(endings((await run(wrong, { around })).results), ['invalid']);
});

test('requests in every form send what planning each message would send', async () => {
	const files = { 'f.bin': Uint8Array.of(0, 255), 't.txt': new TextEncoder().encode('<{{$counter}}>') };
	const requests = [
		'PUBLISH a/{{$client}}/{{v}}\nQoS: 1\nX: {{$counter}}\n\n{{v}} {{w}}\n{{$counter}}',
		'PUBLISH a\n\n< f.bin',
		'PUBLISH a\n\n<@ t.txt',
		'PUBLISH a\nContent-Type: {{v}}',
		'# @body hex\nPUBLISH a\n\n0{{$counter}}',
		'PUBLISH a\n\none {{$counter}}\n===\ntwo',
		'PUBLISH "{{v}}"\nX: "{{v}}"\n\n{{v}}',
		'MQTT mqtt://h\npublish: a/{{$client}}\nqos: 1\n\n{{$counter}}',
	];
	for (const request of requests) {
		const { peer, results } = await run(`@v = x\n@w = <{{$counter}}>\n###\n# @clients 2\n# @loop for 2\n${request}`, {
			files,
		});
		assert.deepEqual(endings(results), ['passed'], request);
		const of = (client: number, counter: number) =>
			request.replace('{{$client}}', `${client}`).replaceAll('{{$counter}}', `${counter}`);
		const expected = [];
		for (const [client, counter] of [
			[1, 1],
			[2, 1],
			[1, 2],
			[2, 2],
		] as const) {
			const own = { ...files, 't.txt': new TextEncoder().encode(`<${counter}>`) };
			const single = await run(`@v = x\n@w = <${counter}>\n###\n${of(client, counter)}`, { files: own });
			expected.push(...single.peer.drafts);
		}
		assert.deepEqual(peer.drafts.map(shown).sort(), expected.map(shown).sort(), request);
	}
});
const shown = (draft: object) => JSON.stringify(draft);

test('says what is going on', () => {
	const base = { clients: 50, connected: 50, failed: 0, sent: 12_340, rate: 500.4 };
	assert.equal(progressText({ ...base, phase: 'sending', p99: 3 }), '50 clients · 12,340 sent · 500/s · p99 3 ms');
	assert.equal(
		progressText({ ...base, phase: 'connecting', connected: 37, failed: 1 }),
		'37 of 50 clients connected · 1 failed',
	);
	assert.equal(
		progressText({ ...base, phase: 'waiting', connected: 1 }),
		'1 client · 12,340 sent · waiting for acknowledgements',
	);
});
