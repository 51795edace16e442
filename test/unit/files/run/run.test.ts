import assert from 'node:assert/strict';
import test from 'node:test';
import { fail } from '../../../../src/base/failure';
import type { ConnectionSpec, Received } from '../../../../src/files/run/connection';
import { exitCode, type RequestResult } from '../../../../src/files/run/results/result';
import type { Receipt } from '../../../../src/model/contracts/message';
import { type Behavior, endings, run, text } from '../../../support/run/fake-run';

const bytes = (value: string) => new TextEncoder().encode(value);
const onlyFailure = ({ results }: { results: RequestResult[] }) => results[0]?.failure?.code;

test('a message goes out with what was written and nothing else', async () => {
	const { peer, results } = await run('@d = x\nPUBLISH a/{{d}}\nQoS: 1\nRetain: false\nX-Y: 1\nX-Y: 2\n\nhello\n{{d}}');
	assert.deepEqual(
		peer.drafts.map(({ payload, ...draft }) => ({ ...draft, payload: text(payload) })),
		[
			{
				verb: 'publish',
				target: 'a/x',
				values: {
					qos: 1,
					retain: false,
					userProperties: [
						['X-Y', '1'],
						['X-Y', '2'],
					],
				},
				payload: 'hello\nx',
			},
		],
	);
	assert.deepEqual(endings(results), ['passed']);
	const plain = await run('PUBLISH a');
	assert.deepEqual(plain.peer.drafts[0]?.values, {});
});

test('bytes go out as they are: files, hex, base64, CRLF', async () => {
	const all = Uint8Array.from({ length: 256 }, (_, at) => at);
	const files = { './all.bin': all, 't.txt': bytes('<{{d}}>') };
	const payload = async (source: string) => [...((await run(source, { files })).peer.drafts[0]?.payload ?? [])];
	assert.deepEqual(await payload('PUBLISH a\n\n< ./all.bin'), [...all]);
	assert.deepEqual(await payload('@d = 1\nPUBLISH a\n\n<@ t.txt'), [...bytes('<1>')]);
	assert.deepEqual(await payload('PUBLISH a\n\nx\n< t.txt\ny'), [...bytes('x\n<{{d}}>\ny')]);
	assert.deepEqual(await payload('# @body hex\nPUBLISH a\n\n00 ff\n10'), [0, 255, 16]);
	assert.deepEqual(await payload('# @body base64\nPUBLISH a\n\nAP8Q'), [0, 255, 16]);
	assert.deepEqual(await payload('PUBLISH a\r\n\r\nx\r\ny\r\n'), [...bytes('x\ny')]);
	assert.equal(onlyFailure(await run('PUBLISH a\n\n<@ ./all.bin', { files })), 'binary-file');
	assert.equal(onlyFailure(await run('PUBLISH a\n\n< nope', { files })), 'no-file');
});

const receipts: [Receipt['proof'], string, string][] = [
	['acknowledged', 'mqtt', 'passed'],
	['handed-over', 'mqtt', 'passed'],
	// MQTT 5 calls it a success; the receipt says that nobody subscribes.
	['unrouted', 'mqtt', 'passed'],
	['unrouted', 'websocket', 'failed'],
	['unknown', 'mqtt', 'failed'],
	['refused', 'mqtt', 'failed'],
	['pending', 'mqtt', 'failed'],
];
for (const [proof, protocol, ending] of receipts)
	test(`a receipt "${proof}" of ${protocol}: ${ending}`, async () => {
		const { results } = await run(
			protocol === 'mqtt' ? 'PUBLISH a\n\nx\n\n?? duration < 5000' : 'WS ws://h\n\nx\n\n?? duration < 5000',
			{
				protocol,
				onSend: () => ({ proof, text: 'because', ms: 1, evidence: 'code 135' }),
			},
		);
		assert.deepEqual(endings(results), [ending]);
		if (ending === 'passed') return;
		assert.match(results[0]?.failure?.message ?? '', /because/);
		assert.equal(results[0]?.failure?.evidence, 'code 135');
		assert.equal(results[0]?.assertions[0]?.ending, 'not-run', 'an expectation that never ran is said');
	});

test('a receipt that is a sentence ends the failure with one full stop', async () => {
	for (const [source, protocol] of [
		['PUBLISH a\n\nx', 'mqtt'],
		['REQUEST a\n\nx', 'mqtt'],
		['GET /a', 'coap'],
	] as const)
		for (const proof of ['refused', 'unknown'] as const) {
			const onSend = () => ({ proof, text: 'There is no exchange "x" in the virtual host "/".', ms: 1 });
			const { results } = await run(source, { protocol, onSend });
			assert.match(results[0]?.failure?.message ?? '', /: There is no exchange .*[^.]\.$/);
		}
});

test('listening starts before sending: a reply in the same turn is not missed', async () => {
	const { results, peer } = await run('REQUEST rpc\n\n[1]\n\n?? body == 3\n?? duration < 200', {
		onSend(draft, self) {
			const { responseTopic, correlationData } = draft.values;
			self.tell({ target: String(responseTopic), body: '3', correlation: String(correlationData).slice(2) });
			return undefined;
		},
	});
	assert.deepEqual(endings(results), ['passed']);
	assert.match(peer.log.join('\n'), /^subscribe reply\/0707070707070707\nsend rpc \[1\]\nunsubscribe/);
});

const replies: [string, string, string, Partial<Received>][] = [
	['another correlation', '', 'failed', { correlation: 'ffff' }],
	['another topic', '', 'failed', { target: 'elsewhere' }],
	['no correlation, on a topic of its own', '', 'passed', {}],
	['no correlation, on a topic of the user', 'Response-Topic: mine\n', 'failed', {}],
	['the correlation of the user', 'Response-Topic: mine\nCorrelation-Data: ab\n', 'passed', { correlation: '6162' }],
	['correlation in hexadecimal', 'Correlation-Data: 0xAB\n', 'passed', { correlation: 'ab' }],
];
for (const [name, headers, ending, reply] of replies)
	test(`a reply with ${name}: ${ending}`, async () => {
		const { results } = await run(`# @timeout 1s\nREQUEST rpc\n${headers}\nx`, {
			onSend(draft, self) {
				self.tell({ target: String(draft.values.responseTopic), ...reply });
				return undefined;
			},
		});
		assert.deepEqual(endings(results), [ending]);
		if (ending === 'failed') assert.equal(results[0]?.failure?.code, 'no-reply');
	});

test('a subscription goes on while the next requests run, and has them all', async () => {
	const { results, peer } = await run(
		'# @maxMessages 2\nSUBSCRIBE a/#\n\n?? messages length == 2\n?? message[1] body == 2\n### \nPUBLISH a/1\n\n1\n###\nPUBLISH b\n\n0\n###\nPUBLISH a/2\n\n2',
		{
			onSend(draft, self) {
				self.tell({ target: draft.target, body: text(draft.payload) });
				return undefined;
			},
		},
	);
	assert.deepEqual(endings(results), ['passed', 'passed', 'passed', 'passed']);
	assert.deepEqual(
		results[0]?.messages.map(({ target }) => target),
		['a/1', 'a/2'],
	);
	assert.deepEqual(
		peer.log.filter((line) => !line.startsWith('send')),
		['subscribe a/#', 'unsubscribe a/#', 'close'],
	);
});

test('a message that never came fails, and every wait ends', async () => {
	const cases: [string, string][] = [
		['SUBSCRIBE a\n\n?? message[0] body == 1', 'failed'],
		['SUBSCRIBE a\n\n?? body exists', 'failed'],
		['SUBSCRIBE a\n\n?? message[0] header X exists', 'failed'],
		['SUBSCRIBE a\n\n?? messages length == 1', 'failed'],
		['# @timeout 1s\nSUBSCRIBE a\n\n?? messages length == 0', 'passed'],
		['SUBSCRIBE a', 'passed'],
		['REQUEST a', 'failed'],
	];
	for (const [source, ending] of cases) assert.deepEqual(endings((await run(source)).results), [ending], source);
});

test('it ends as soon as it has what is looked at', async () => {
	const { results } = await run('SUBSCRIBE a\n\n?? message[1] body == 2', {
		onSubscribe: (_, self) => queueMicrotask(() => [1, 2, 3].map((n) => self.tell({ target: 'a', body: String(n) }))),
		timeout: 100_000,
	});
	assert.deepEqual(endings(results), ['passed']);
	assert.ok((results[0]?.ms ?? 0) < 1000);
});

const conversation = (onSend: Behavior['onSend']) => (source: string) => run(source, { protocol: 'websocket', onSend });
const echo = conversation((draft, self) => {
	self.tell({ target: 'messages', body: text(draft.payload) });
	return undefined;
});

test('a conversation waits for the server between its messages', async () => {
	const { results, peer } = await echo(
		'WS ws://h/x\nSec-WebSocket-Protocol: v1\nX-A: 1\n\n1\n=== wait-for-server\n2\n=== wait 500ms\n3\n\n?? messages length == 3\n?? message[2] body == 3',
	);
	assert.deepEqual(endings(results), ['passed']);
	assert.deepEqual(
		peer.log,
		['send  1', 'send  2', 'send  3', 'close', 'close'].map((line) => line.replace('  ', '  ')),
	);
});

test('a server that says nothing is not waited for without end', async () => {
	const silent = conversation(() => undefined);
	const { results } = await silent('# @timeout 2s\nWS ws://h\n\n1\n=== wait-for-server\n2');
	assert.deepEqual(endings(results), ['failed']);
	assert.equal(results[0]?.failure?.code, 'no-message');
	const gone = conversation((_, self) => {
		self.end({ code: 'lost', message: 'It was cut.' });
		return undefined;
	});
	const cut = await gone('WS ws://h\n\n1\n=== wait-for-server\n2');
	assert.equal(cut.results[0]?.failure?.code, 'connection-ended');
	assert.match(cut.results[0]?.failure?.message ?? '', /It was cut/);
});

test('the handshake of a conversation carries what was written', async () => {
	let spec: ConnectionSpec | undefined;
	await run('WEBSOCKET wss://h/x\nSec-WebSocket-Protocol: v1, v2\nOrigin: https://o\nX-A: 1', {
		protocol: 'websocket',
		connect: (wanted) => {
			spec = wanted;
		},
	});
	assert.deepEqual(spec, {
		protocol: 'websocket',
		url: 'wss://h/x',
		own: true,
		values: { subprotocols: ['v1', 'v2'], origin: 'https://o', headers: [['X-A', '1']] },
		secrets: {},
	});
});

test('text is a text message, bytes are a binary one, unless it is said', async () => {
	const types = async (source: string) =>
		(await run(source, { protocol: 'websocket', files: { f: Uint8Array.of(1) } })).peer.drafts.map(
			({ values }) => values.type,
		);
	assert.deepEqual(await types('WS ws://h\n\na\n===\n< f\n===\n<@ f'), [undefined, 'binary', undefined]);
	assert.deepEqual(await types('WS ws://h\nType: text\n\n< f'), ['text']);
	assert.deepEqual(await types('# @body hex\nWS ws://h\n\n01'), ['binary']);
});

test('results of earlier requests: what is named runs, and what it refers to', async () => {
	const source =
		'# @name one\nREQUEST a\n\n1\n###\n# @name two\nREQUEST b\n\n{{one.body.x}}\n\n?? body == {{one.body.x}}\n###\n# @name three\nPUBLISH c';
	const reply: Behavior['onSend'] = (draft, self) => {
		self.tell({
			target: String(draft.values.responseTopic),
			body: draft.target === 'a' ? '{"x":"y {{z}}"}' : text(draft.payload),
		});
		return undefined;
	};
	const { results, peer } = await run(source, { onSend: reply, names: ['two'] });
	assert.deepEqual(
		results.map(({ name, ending }) => [name, ending]),
		[
			['one', 'passed'],
			['two', 'passed'],
		],
	);
	assert.equal(text(peer.drafts[1]?.payload ?? new Uint8Array()), 'y {{z}}');
	const wrong = await run(source.replaceAll('body.x', 'body.nope'), { onSend: reply });
	assert.deepEqual(endings(wrong.results), ['passed', 'invalid', 'passed']);
});

test('a reference inserts the text that the answer has, digits and all', async () => {
	const body =
		'{"id":1724442618569203715,"t":127.0,"z":-0,"e":1e400,"o":{ "b":1, "b":2.50 },"l":[1.0, 2],"s":"\\u00e4\\n","id":1724442618569203714}';
	const cases: [string, string][] = [
		['id', '1724442618569203714'],
		['t', '127.0'],
		['z', '-0'],
		['e', '1e400'],
		['o', '{ "b":1, "b":2.50 }'],
		['o.b', '2.50'],
		['l', '[1.0, 2]'],
		['l.length', '2'],
		['s', 'ä\n'],
		['$', body],
	];
	for (const [path, expected] of cases) {
		const { peer } = await run(`# @name one\nREQUEST a\n###\nPUBLISH b\n\n{{one.body.${path}}}`, {
			onSend(draft, self) {
				if (draft.target === 'a') self.tell({ target: String(draft.values.responseTopic), body });
				return undefined;
			},
		});
		assert.equal(text(peer.drafts[1]?.payload ?? new Uint8Array()), expected, path);
	}
});

test('again and again', async () => {
	const loop = await run('# @loop for 3\n# @every 2s\nPUBLISH a\n\nx\n\n?? duration < 100');
	assert.equal(loop.peer.drafts.length, 3);
	assert.equal(loop.results[0]?.assertions.length, 3);
	assert.equal(loop.results[0]?.runs, 3);
	assert.ok((loop.results[0]?.ms ?? 0) >= 4000);
	const every = await run('# @every 3s\n# @timeout 10s\nPUBLISH a');
	assert.equal(every.peer.drafts.length, 4);
	const failing = await run('# @loop for 5\nPUBLISH a', {
		onSend: (_, __, count) => (count === 2 ? { proof: 'refused', text: 'no', ms: 0 } : undefined),
	});
	assert.equal(failing.peer.drafts.length, 2);
});

test("httpYac's form of MQTT", async () => {
	const { peer, results } = await run(
		'MQTT tcp://h:1883\ntopic: a\nsubscribe: b\npublish: c\nqos: 1\nretain: false\nusername: u\npassword: p\nkeepalive: 10\n\n1\n===\n2\n\n?? messages length == 2',
		{
			connect: (spec) =>
				assert.deepEqual(spec, {
					protocol: 'mqtt',
					own: true,
					url: 'mqtt://h:1883',
					values: { username: 'u', keepalive: 10 },
					secrets: { password: 'p' },
				}),
			onSend(draft, self) {
				self.tell({ target: draft.target, body: text(draft.payload) });
				return undefined;
			},
		},
	);
	assert.deepEqual(peer.log.slice(0, 6), [
		'subscribe a',
		'subscribe b',
		'send a 1',
		'send c 1',
		'send a 2',
		'send c 2',
	]);
	assert.equal(peer.drafts[0]?.values.retain, false);
	assert.deepEqual(endings(results), ['passed']);
});

test('a connection that fails, a file that is wrong, a stop: each is told apart', async () => {
	const refused = await run('PUBLISH a', {
		connect: () => {
			throw fail('refused', 'Nobody listens.');
		},
	});
	assert.deepEqual(endings(refused.results), ['unconnected']);
	assert.deepEqual(endings((await run('PUBLISH a/{{nope}}')).results), ['invalid']);
	assert.deepEqual(endings((await run('PUBLISH a\nRetain: no')).results), ['invalid']);
	assert.deepEqual(endings((await run('PUBLISHX a')).results), ['invalid']);
	const stop = new AbortController();
	const stopped = await run('# @keepStreaming\nSUBSCRIBE a', {
		signal: stop.signal,
		onSubscribe: () => setImmediate(() => stop.abort()),
	});
	assert.deepEqual(endings(stopped.results), ['stopped']);
	assert.ok(stopped.peer.log.includes('close'));
});

test('exit codes', () => {
	const cases: [RequestResult['ending'][], number][] = [
		[[], 0],
		[['passed'], 0],
		[['passed', 'failed'], 1],
		[['failed', 'unconnected'], 3],
		[['unconnected', 'invalid'], 2],
	];
	for (const [all, code] of cases) assert.equal(exitCode(all.map((ending) => ({ ending }))), code);
});
