import assert from 'node:assert/strict';
import type { EventEmitter } from 'node:events';
import test from 'node:test';
import * as ws from 'ws';
import { type Frames, followFrames } from '../../../../src/protocols/websocket/wire/frames';
import { bytewise, splits } from '../../../support/hostile/cut';
import { closeFrame, frame } from '../../../support/hostile/websocket';

const limit = 200_000;

interface Receiver extends EventEmitter {
	write(chunk: Buffer): boolean;
}

/** The receiver of ws, which its types do not declare. */
function receiver(log: string[]): Receiver {
	const { Receiver } = ws as unknown as { Receiver: new (options: object) => Receiver };
	const created = new Receiver({ maxPayload: limit });
	created.on('message', (data: Buffer, binary: boolean) => log.push(`${binary ? 'binary' : 'text'} ${told(data)}`));
	created.on('ping', (data: Buffer) => log.push(`ping ${told(data)}`));
	created.on('pong', (data: Buffer) => log.push(`pong ${told(data)}`));
	created.on('conclude', (code: number) => log.push(`close ${code}`));
	created.on('error', (error: { code?: string }) => log.push(`error ${error.code}`));
	return created;
}

function told(data: Buffer): string {
	return data.length > 100
		? `${data.length} bytes, ${data.reduce((sum, byte) => sum + byte, 0)}`
		: data.toString('hex');
}

/** The messages that are read from these chunks, by ws alone or by both together. */
async function read(chunks: readonly Buffer[], together: boolean): Promise<{ log: string[]; left: number }> {
	const log: string[] = [];
	let left = 0;
	const theirs = receiver(log);
	const leave = (chunk: Buffer) => {
		left += chunk.length;
		theirs.write(chunk);
	};
	const message = (payload: Buffer, binary: boolean) => log.push(`${binary ? 'binary' : 'text'} ${told(payload)}`);
	const frames = followFrames({ limit, message, leave });
	theirs.on('message', frames.delivered);
	for (const chunk of chunks) {
		if (together) frames.push(Buffer.from(chunk));
		else leave(Buffer.from(chunk));
		await new Promise((resolve) => setImmediate(resolve));
	}
	return { log, left };
}

const good = [
	frame(Buffer.from('héllo 😀')),
	frame(Buffer.alloc(0)),
	frame(Buffer.from('00ff', 'hex'), { opcode: 2 }),
	frame(Buffer.from('one '), { fin: false }),
	frame(Buffer.from('between'), { opcode: 9 }),
	frame(Buffer.from('two '), { opcode: 0, fin: false }),
	frame(Buffer.from('three'), { opcode: 0 }),
	frame(Buffer.alloc(0), { opcode: 10 }),
	frame(Buffer.alloc(130, 'm')),
	frame(Buffer.alloc(125, 'n'), { opcode: 2 }),
	frame(Buffer.from('last')),
	closeFrame(1000, 'bye'),
	frame(Buffer.from('after the close')),
];

test('frames: the stream split at every byte, and byte by byte, reads like ws', async () => {
	const expected = (await read([Buffer.concat(good)], false)).log;
	assert.equal(expected.length, 10);
	for (const { name, chunks } of [...splits(good), bytewise(good)])
		assert.deepEqual((await read(chunks, true)).log, expected, name);
});

test('frames: whole messages are not left to ws', async () => {
	const messages = Array.from({ length: 50 }, (_, at) => frame(Buffer.from(`message ${at}`)));
	assert.equal((await read([Buffer.concat(messages)], true)).left, 0);
});

test('frames: a payload that looks like frames stays a payload, wherever it is cut', async () => {
	const inner = Buffer.concat([frame(Buffer.from('fake')), frame(Buffer.from('also fake'))]);
	const packets = [frame(inner, { opcode: 2 }), frame(Buffer.from('real'))];
	const expected = (await read([Buffer.concat(packets)], false)).log;
	assert.equal(expected.length, 2);
	for (const { name, chunks } of [...splits(packets), bytewise(packets)])
		assert.deepEqual((await read(chunks, true)).log, expected, name);
});

test('frames: of many chunks, ws gets only the messages that are cut', async () => {
	const stream = Buffer.concat(Array.from({ length: 1000 }, (_, at) => frame(Buffer.from(`message number ${at}`))));
	const chunks = Array.from({ length: Math.ceil(stream.length / 2000) }, (_, at) =>
		stream.subarray(at * 2000, (at + 1) * 2000),
	);
	const { left, log } = await read(chunks, true);
	assert.equal(log.length, 1000);
	assert.ok(left < chunks.length * 25, `${left} bytes of ${stream.length}`);
});

test('frames: a message over several chunks, between small ones', async () => {
	const packets = [frame(Buffer.from('a')), frame(Buffer.alloc(100_000, 'x'), { opcode: 2 }), frame(Buffer.from('b'))];
	const stream = Buffer.concat(packets);
	const expected = (await read([stream], false)).log;
	for (const size of [1000, 1447, 65_536, 99_999]) {
		const chunks = Array.from({ length: Math.ceil(stream.length / size) }, (_, at) =>
			stream.subarray(at * size, (at + 1) * size),
		);
		assert.deepEqual((await read(chunks, true)).log, expected, `chunks of ${size}`);
	}
});

const bad: [string, Buffer][] = [
	['a masked frame', frame(Buffer.from('x'), { masked: true })],
	['a reserved bit', frame(Buffer.from('x'), { rsv: 4 })],
	['a reserved opcode', frame(Buffer.from('x'), { opcode: 3 })],
	['a continuation of nothing', frame(Buffer.from('x'), { opcode: 0 })],
	['a long ping', frame(Buffer.alloc(126), { opcode: 9 })],
	['a ping in fragments', frame(Buffer.from('x'), { opcode: 9, fin: false })],
	['no UTF-8', frame(Buffer.from('c328', 'hex'))],
	['too large', frame(Buffer.alloc(10), { opcode: 2, declared: limit + 1 })],
	['far too large', Buffer.from('827fffffffffffffffff', 'hex')],
	['a message inside a message', Buffer.concat([frame(Buffer.from('x'), { fin: false }), frame(Buffer.from('y'))])],
];
for (const [name, bytes] of bad)
	test(`frames: ${name}, wherever it is cut, is an error of ws, and nothing is read after it`, async () => {
		const packets = [frame(Buffer.from('before')), bytes, frame(Buffer.from('after')), frame(Buffer.from('after'))];
		const expected = (await read([Buffer.concat(packets)], false)).log;
		assert.match(expected.at(-1) ?? '', /^error/);
		for (const { name: cut, chunks } of splits(packets))
			assert.deepEqual((await read(chunks, true)).log, expected, cut);
	});

test('frames: random streams in random chunks read like ws', async () => {
	let state = 12345;
	const random = (below: number) => {
		state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
		return Math.floor((state / 2 ** 32) * below);
	};
	for (let round = 0; round < 200; round++) {
		const packets: Buffer[] = [];
		for (let at = 0; at < 20; at++) {
			const payload = Buffer.alloc(random(5) === 0 ? random(70_000) : random(200), 97 + at);
			const kind = random(5);
			if (kind < 3) packets.push(frame(payload, { opcode: 1 + (kind & 1) }));
			else if (kind === 3) packets.push(frame(payload.subarray(0, 125), { opcode: 9 + random(2) }));
			else packets.push(frame(payload, { fin: false }), frame(payload, { opcode: 0 }));
		}
		const stream = Buffer.concat(packets);
		const chunks: Buffer[] = [];
		for (let at = 0; at < stream.length; ) {
			const size = 1 + random(random(2) ? 20 : 65_536);
			chunks.push(stream.subarray(at, at + size));
			at += size;
		}
		assert.deepEqual((await read(chunks, true)).log, (await read([stream], false)).log, `round ${round}`);
	}
});

const split = frame(Buffer.alloc(300, 'x'), { opcode: 2 });
const unfinished: [title: string, chunks: Buffer[], expected: { bytes: number; size?: number } | undefined][] = [
	['between two messages', [frame(Buffer.from('a'))], undefined],
	['a head that is cut', [split.subarray(0, 3)], { bytes: 3 }],
	['a payload that is cut', [split.subarray(0, 104)], { bytes: 100, size: 300 }],
	['a cut head whose rest has come', [split.subarray(0, 3), split.subarray(3, 14)], { bytes: 10, size: 300 }],
	['a message whose rest has come', [split.subarray(0, 104), split.subarray(104)], undefined],
	['a fragment', [frame(Buffer.alloc(50), { fin: false })], { bytes: 50 }],
	[
		'the last fragment, cut',
		[frame(Buffer.alloc(50), { fin: false }), frame(Buffer.alloc(40), { opcode: 0 }).subarray(0, 12)],
		{ bytes: 60, size: 90 },
	],
	[
		'a ping between fragments',
		[frame(Buffer.alloc(50), { fin: false }), frame(Buffer.of(1), { opcode: 9 })],
		{ bytes: 50 },
	],
	['a ping that is cut', [frame(Buffer.alloc(20), { opcode: 9 }).subarray(0, 7)], { bytes: 5, size: 20 }],
];
for (const isCompressed of [false, true])
	for (const [title, chunks, expected] of unfinished)
		test(`frames: the unfinished message is known${isCompressed ? ', compressed' : ''}: ${title}`, () => {
			const frames: Frames = followFrames({
				limit,
				...(!isCompressed && { message() {} }),
				leave: () => frames?.delivered(),
			});
			const before = performance.now();
			for (const chunk of chunks) frames.push(chunk);
			const found = frames.unfinished();
			if (found) assert.ok(found.since >= before && found.since <= performance.now());
			assert.deepEqual(
				found && { bytes: found.bytes, ...(found.size !== undefined && { size: found.size }) },
				expected,
			);
		});

test('frames: a new message is as old as the chunk that began it', async () => {
	const frames = followFrames({ limit, leave() {} });
	frames.push(split.subarray(0, 104));
	await new Promise((resolve) => setTimeout(resolve, 5));
	const began = performance.now();
	frames.push(Buffer.concat([split.subarray(104), split.subarray(0, 50)]));
	assert.ok((frames.unfinished()?.since ?? 0) >= began);
});
