import assert from 'node:assert/strict';
import { createSocket, type Socket } from 'node:dgram';
import test, { type TestContext } from 'node:test';
import type { Values } from '../../../src/model/profile/field';
import { startCoap } from '../../../src/playground/coap/server';
import type { Sending } from '../../../src/protocols/adapter';
import { adapter } from '../../../src/protocols/coap/adapter';
import { type Message, readMessage } from '../../../src/protocols/coap/wire/message';
import { option } from '../../../src/protocols/coap/wire/options';
import { answer, block2, etag, uint } from '../../support/net/coap-messages';
import { eventually } from '../../support/run/eventually';
import { coapClient, startCoapServer } from '../../support/servers/coap-server';
import { connect, handles, isSentence, refused, resolved } from '../suite/attempt';

interface Peer {
	port: number;
	/** Sends to the client that sent the last datagram. */
	say(bytes: Buffer): void;
	/** Received messages other than pings. */
	requests: Message[];
}

/** A server that answers pings, and everything else by `reply`. */
async function peer(
	t: TestContext,
	reply: (request: Message, say: (bytes: Buffer) => void) => Buffer | undefined,
	options: { pings?: boolean } = {},
): Promise<Peer> {
	const socket = createSocket('udp4');
	const requests: Message[] = [];
	let to = { port: 0, address: '' };
	const say = (bytes: Buffer) => socket.send(bytes, to.port, to.address);
	socket.on('message', (bytes, from) => {
		to = from;
		const message = readMessage(bytes);
		if ('fault' in message || message.type >= 2) return;
		if (message.code === 0) {
			if (options.pings !== false) say(Buffer.of(0x70, 0, message.id >> 8, message.id & 255));
			return;
		}
		requests.push(message);
		const said = reply(message, say);
		if (said) say(said);
	});
	await new Promise<void>((resolve) => socket.bind(0, '127.0.0.1', resolve));
	t.after(() => close(socket));
	return { port: socket.address().port, say, requests };
}

const close = (socket: Socket) => new Promise<void>((resolve) => socket.close(resolve));

async function open(t: TestContext, port: number, values: Values = {}) {
	const opened = await connect({ adapter, profile: resolved('coap', `coap://127.0.0.1:${port}`, values) });
	t.after(() => opened.link.destroy());
	const get = (how?: Sending, more: Values = {}) =>
		opened.link.send({ verb: 'get', target: 'x', values: more, payload: new Uint8Array() }, how);
	return { ...opened, get };
}

test('answers from another port or made up are not taken for the server’s', async (t) => {
	const stranger = createSocket('udp4');
	await new Promise<void>((resolve) => stranger.bind(0, '127.0.0.1', resolve));
	t.after(() => close(stranger));
	const hold: { request?: Message } = {};
	const server = await peer(t, (request) => {
		hold.request = request;
		return undefined;
	});
	const { get, recorded } = await open(t, server.port);
	const waiting = get();
	await eventually('asked', () => assert.ok(hold.request));
	const request = hold.request as Message;
	// The server knows the client's port; the answer to it comes from another socket.
	const socket = createSocket('udp4');
	t.after(() => close(socket));
	const ours = await portOf(server);
	await new Promise((resolve) =>
		stranger.send(answer(request, '2.05', { payload: 'forged' }), ours, '127.0.0.1', resolve),
	);
	server.say(answer(request, '2.05', { token: Buffer.of(1, 2, 3, 4), payload: 'other token' }));
	server.say(answer(request, '2.05', { id: request.id ^ 1, payload: 'other id' }));
	server.say(answer(request, '2.05', { type: 0, id: 3, token: Buffer.alloc(0), payload: 'no token' }));
	server.say(answer(request, '2.05', { payload: 'right' }));
	assert.equal((await waiting).proof, 'answered');
	assert.deepEqual(
		recorded.messages.map(({ payload }) => payload.toString()),
		['right'],
	);
	assert.ok(recorded.notes.some((note) => /another token/.test(note)));
	for (const note of recorded.notes) assert.ok(isSentence(note), note);
});

/** The local port of the socket that is connected to the peer, from the system's tables. */
async function portOf({ port }: Peer): Promise<number> {
	const { readFileSync } = await import('node:fs');
	const remote = `0100007F:${port.toString(16).toUpperCase().padStart(4, '0')}`;
	const row = readFileSync('/proc/net/udp', 'utf8')
		.split('\n')
		.map((line) => line.trim().split(/\s+/))
		.find((columns) => columns[2] === remote);
	return Number.parseInt(row?.[1]?.split(':')[1] ?? '', 16);
}

/** For any answer of a server, the request settles with one receipt, and the link stays open. */
const whole = (request: Message): Buffer =>
	answer(request, '2.05', {
		...{ payload: 'payload' },
		options: [
			...[option.ifMatch, option.uriHost, option.etag, option.observe, option.uriPath].map((one) => uint(one, 0x0102)),
			...[option.contentFormat, option.maxAge, option.uriQuery, option.accept].map((one) => uint(one, 0x0102)),
			...[option.block2, option.block1, option.size2, option.size1].map((one) => uint(one, 0x0806)),
			...[9, 16, 19, 31, 35, 39, 258, 292, 2049, 65_535].map((one) => uint(one, 0x0102_0304)),
		],
	});

test('an answer with every option, cut at every byte, and with every byte changed', async (t) => {
	let make: (request: Message) => Buffer = whole;
	const server = await peer(t, (request, say) => {
		say(make(request));
		// Then a valid answer: the request must still be open, or be settled already.
		return answer(request, '2.05', { payload: 'right' });
	});
	const { get, link, recorded } = await open(t, server.port, { nstart: 8 });
	const length = whole({
		type: 0,
		code: 1,
		id: 0,
		token: Buffer.alloc(4),
		options: [],
		payload: Buffer.alloc(0),
	}).length;
	for (let at = 0; at < length; at++) {
		make = (request) => whole(request).subarray(0, at);
		assert.match((await get()).proof, /answered|unknown|refused/, `cut at ${at}`);
	}
	for (let at = 0; at < length; at++) {
		for (const change of [0xff, 0x0d, 0x80]) {
			make = (request) => {
				const bytes = whole(request);
				bytes[at] = (bytes[at] ?? 0) ^ change;
				return bytes;
			};
			assert.match((await get()).proof, /answered|unknown|refused/, `byte ${at} changed by ${change}`);
		}
	}
	for (const { flags, meta } of recorded.messages) {
		const { coap } = await import('../../../src/protocols/coap/describe/describe');
		assert.ok(coap.properties(flags, meta).length > 1);
	}
	for (const note of recorded.notes) assert.ok(isSentence(note), note);
	make = (request) => answer(request, '2.05', { payload: 'still here' });
	assert.equal((await get()).proof, 'answered');
	await link.close();
	assert.equal(await link.ended, undefined);
});

const games: [
	title: string,
	reply: (request: Message, say: (bytes: Buffer) => void) => Buffer | undefined,
	says: RegExp,
][] = [
	[
		'Block1 of no byte',
		(request) => answer(request, '2.05', { options: [{ number: 27, value: Buffer.alloc(0) }] }),
		/2\.05/,
	],
	[
		'Block1 of 4 bytes',
		(request) => answer(request, '2.05', { options: [{ number: 27, value: Buffer.alloc(4, 8) }] }),
		/rejected: it has the critical option Block1 with 4 bytes, where 0 to 3 are allowed/,
	],
	[
		'Block2 of 4 bytes',
		(request) => answer(request, '2.05', { options: [{ number: 23, value: Buffer.alloc(4, 8) }] }),
		/rejected: it has the critical option Block2 with 4 bytes, where 0 to 3 are allowed/,
	],
	[
		'an unknown critical option',
		(request) => answer(request, '2.05', { options: [{ number: 65_001, value: Buffer.alloc(2) }] }),
		/rejected: it has the critical option 65001, which is unknown/,
	],
	['an ETag that always changes', etags(), /changed during its transfer, 4 times/],
	['blocks without end', (request) => endless(request), /the limit is 65,536 bytes/],
	[
		'a block that never advances',
		(request) => answer(request, '2.05', { options: [block2(0, true)], payload: Buffer.alloc(1024) }),
		/sent block 0 when block 1 was requested/,
	],
	['an unknown code', (request) => answer(request, '2.30'), /^2\.30 success/],
	['a reset', ({ id }) => Buffer.of(0x70, 0, id >> 8, id & 255), /rejected the message with a reset/],
	[
		'an error with a message of control characters',
		(request) => answer(request, '5.00', { payload: '\u001b[31mred\u202e' }),
		/^5\.00 Internal Server Error/,
	],
];
for (const [title, reply, says] of games)
	test(`a request settles in words: ${title}`, async (t) => {
		const server = await peer(t, reply);
		const { get, recorded } = await open(t, server.port, { maxMessageBytes: 65_536 });
		const receipt = await get();
		assert.match(receipt.text, says);
		assert.doesNotMatch(receipt.evidence ?? '', /\p{Cc}|\p{Cf}/u);
		for (const { payload } of recorded.messages) assert.ok(payload.length <= 65_536);
	});

function etags() {
	let count = 0;
	return (request: Message) => {
		const block = request.options.find(({ number }) => number === option.block2)?.value[0] ?? 0;
		return answer(request, '2.05', {
			options: [block2(block >> 4, true), etag(String(count++))],
			payload: Buffer.alloc(1024),
		});
	};
}

function endless(request: Message): Buffer {
	const value = request.options.find(({ number }) => number === option.block2)?.value ?? new Uint8Array();
	const bits = value.reduce((sum, byte) => sum * 256 + byte, 0);
	return answer(request, '2.05', { options: [block2(bits >> 4, true)], payload: Buffer.alloc(1024) });
}

test('a storm of unrequested answers is reported a few times, and the link stays open', async (t) => {
	const server = await peer(t, (request) => answer(request, '2.05'));
	const { get, recorded } = await open(t, server.port);
	await get();
	const request = server.requests[0] as Message;
	for (let at = 0; at < 2000; at++)
		server.say(answer(request, '2.05', { type: 1, id: at, token: Buffer.of(at & 255) }));
	for (let at = 0; at < 500; at++) server.say(Buffer.from([at & 255, at >> 1, 0]));
	assert.equal((await get()).proof, 'answered');
	assert.ok(recorded.notes.length < 20, `${recorded.notes.length} notes`);
	assert.equal(recorded.messages.length, 2);
});

test('a request without an answer tells of its retransmissions, and can be stopped', async (t) => {
	const server = await peer(t, () => undefined);
	const { get } = await open(t, server.port);
	const stop = new AbortController();
	const told: string[] = [];
	const receipt = get({ seq: 1, signal: stop.signal, progress: (text) => told.push(text) });
	await eventually('repeated', () => assert.equal(told.length, 2));
	assert.match(told[0] ?? '', /^first retransmission, fails in (6\d|7\d|8\d|9\d) s$/);
	assert.match(told[1] ?? '', /^second retransmission, fails in \d\d s$/);
	assert.equal(new Set(server.requests.map(({ id }) => id)).size, 1);
	stop.abort();
	const { proof, text } = await receipt;
	assert.deepEqual(
		[proof, text],
		['unknown', 'Stopped before an answer arrived: the request may or may not have arrived.'],
	);
});

test('a non-confirmable request without an answer was handed over, no more', async (t) => {
	const server = await peer(t, () => undefined);
	const { get } = await open(t, server.port, { responseTimeout: 1 });
	const receipt = await get(undefined, { type: 'non' });
	assert.equal(receipt.proof, 'handed-over');
	assert.equal(server.requests.length, 1);
});

test('a request that was acknowledged and never answered says so', async (t) => {
	const server = await peer(t, ({ id }) => Buffer.of(0x60, 0, id >> 8, id & 255));
	const { get } = await open(t, server.port, { responseTimeout: 1 });
	const { proof, text } = await get();
	assert.deepEqual([proof, text], ['acknowledged', 'acknowledged, but no response arrived within 1 s']);
});

test('a server that drops pings is found by GET /.well-known/core, and not judged by pings', async (t) => {
	const server = await peer(t, (request) => answer(request, '4.04'), { pings: false });
	const { link } = await open(t, server.port, { pingInterval: 1 });
	assert.match(
		link.facts[1]?.value ?? '',
		/^4\.04 Not Found to GET \/\.well-known\/core after .* it does not answer pings$/,
	);
});

test('who answers nothing is named so, or not asked', async (t) => {
	const server = await peer(t, () => undefined, { pings: false });
	const profile = resolved('coap', `coap://127.0.0.1:${server.port}`);
	const { failure } = await refused({ adapter, profile, values: { connectTimeout: 1 } });
	assert.equal(failure.code, 'no-answer');
	assert.match(failure.message, /answered neither a ping nor GET/);
	const { link } = await open(t, server.port, { probe: 'none' });
	assert.match(link.facts[1]?.value ?? '', /not known whether it can be reached/);
});

test('coaps without a key is refused with a sentence, and nothing is sent in the clear', async (t) => {
	const server = await peer(t, () => undefined);
	const { failure } = await refused({ adapter, profile: resolved('coap', `coaps://127.0.0.1:${server.port}`) });
	assert.deepEqual([failure.code, failure.final], ['no-key', true]);
	assert.ok(isSentence(failure.message));
	assert.equal(server.requests.length, 0);
});

for (const signal of ['SIGKILL', 'SIGSTOP'] as const)
	test(`an observed server that is gone by ${signal} is told in words`, async (t) => {
		const server = await startCoapServer();
		t.after(async () => {
			server.kill('SIGCONT');
			await server.stop();
		});
		const { link } = await open(t, server.port, { pingInterval: 1 });
		await link.subscribe?.({ target: 'example_data' });
		const before = handles();
		server.kill(signal);
		const failure = await link.ended;
		assert.ok(failure && isSentence(failure.message), failure?.message);
		assert.equal(failure.code, signal === 'SIGKILL' ? 'refused' : 'silent');
		assert.ok(handles() < before, 'its socket is closed');
		assert.throws(() => link.prepare({ verb: 'ping', target: '', values: {}, payload: new Uint8Array() }), /not open/);
	});

test('a request to a killed server: the system’s refusal ends the link, and the receipt does not claim it', async (t) => {
	const server = await startCoapServer();
	t.after(() => server.stop());
	const { get, link } = await open(t, server.port);
	server.kill('SIGKILL');
	const receipt = await get();
	assert.equal(receipt.proof, 'unknown');
	assert.match((await link.ended)?.message ?? '', /Nothing accepts connections at/);
});

test('the greenhouse survives what is thrown at it', async (t) => {
	const { port } = await startGreenhouse(t);
	const socket = createSocket('udp4');
	t.after(() => close(socket));
	const request = { type: 0 as const, code: 3, id: 1, token: Buffer.alloc(4), options: [], payload: Buffer.alloc(0) };
	const hostile = whole(request);
	hostile[0] = 0x44;
	hostile[1] = 3;
	const all: Buffer[] = [];
	for (let at = 0; at <= hostile.length; at++) all.push(hostile.subarray(0, at));
	for (const bytes of [0, 1, 2, 3, 4])
		for (const number of [option.block1, option.block2, option.observe])
			all.push(
				answer(request, '0.03', { type: 0, id: bytes, options: [{ number, value: Buffer.alloc(bytes, 0xff) }] }),
			);
	for (let round = 0; round < 256; round++)
		all.push(Buffer.from(hostile.map((byte, at) => (at % 7 === round % 7 ? round : byte))));
	for (const bytes of all) await new Promise((resolve) => socket.send(bytes, port, '127.0.0.1', resolve));
	assert.equal((await coapClient(`coap://127.0.0.1:${port}/device/mode`)).out.toString(), 'auto\n');
});

async function startGreenhouse(t: TestContext) {
	const started = await startCoap(0);
	t.after(() => started.close());
	return started;
}
