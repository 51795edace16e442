import assert from 'node:assert/strict';
import test from 'node:test';
import { FailureError } from '../../../../src/base/failure';
import { createExchange } from '../../../../src/protocols/coap/wire/exchange';
import type { Message } from '../../../../src/protocols/coap/wire/message';
import { NoAnswerError } from '../../../../src/protocols/coap/wire/no-answer';
import { findBlock, findUint, option } from '../../../../src/protocols/coap/wire/options';
import { type Answer, type Request, transfer } from '../../../../src/protocols/coap/wire/transfer';
import { fakeClock } from '../../../support/net/coap-clock';
import { answer, block1, block2, etag, parsed, uint } from '../../../support/net/coap-messages';

interface Done {
	answer?: Answer;
	/** Code of the failure, or the reason why there is no answer. */
	code?: string;
	requests: Message[];
	progress: string[];
}

/** One transfer with a peer that answers each request by `peer`; undefined for no answer. */
async function run(
	request: Partial<Request>,
	peer: (request: Message, count: number) => Buffer | undefined,
	limit = 1_000_000,
): Promise<Done> {
	const clock = fakeClock();
	const requests: Message[] = [];
	const progress: string[] = [];
	const waiting: Buffer[] = [];
	const exchange = createExchange({
		...{ clock, nstart: 1, ignored() {} },
		send(bytes) {
			const asked = parsed(bytes);
			requests.push(asked);
			const said = asked.type >= 2 ? undefined : peer(asked, requests.length - 1);
			if (said) waiting.push(said);
		},
	});
	const whole: Request = {
		...{ code: 1, confirmable: true, options: [], payload: new Uint8Array(), szx: 6, target: 'x' },
		...request,
	};
	const options = {
		...{ exchange, clock, limit, responseWithin: 60_000, signal: new AbortController().signal },
		progress: (text: string) => progress.push(text),
	};
	let done: Omit<Done, 'requests' | 'progress'> | undefined;
	transfer(whole, options).then(
		(given) => {
			done = { answer: given };
		},
		(error: unknown) => {
			if (error instanceof FailureError) done = { code: error.failure.code };
			else if (error instanceof NoAnswerError) done = { code: error.reason.why };
			else done = { code: String(error) };
		},
	);
	for (let turn = 0; !done && turn < 100_000; turn++) {
		const next = waiting.shift();
		if (next) exchange.receive(next);
		else clock.pass(1000);
		await new Promise((resolve) => setImmediate(resolve));
	}
	assert.ok(done, 'it settles');
	assert.equal(clock.waiting, 0, 'and leaves no timer');
	return { ...done, requests, progress };
}

const body = (bytes: number) => Buffer.from(Array.from({ length: bytes }, (_, at) => at % 251));
const asked = (request: Message) => findBlock(request.options, option.block2) ?? { num: 0, more: false, szx: 6 };

/** A server with a consistent representation. */
const serve =
	(payload: Buffer, most = 6, tag = 'v1') =>
	(request: Message) => {
		const block = asked(request);
		const szx = Math.min(block.szx, most);
		const size = 16 << szx;
		const at = block.num * (16 << block.szx);
		const more = at + size < payload.length;
		const options = [block2(at / size, more, szx), etag(tag)];
		if (at === 0) options.push(uint(option.size2, payload.length));
		return answer(request, '2.05', { options, payload: payload.subarray(at, at + size) });
	};

for (const [bytes, most, szx, blocks] of [
	[100_000, 6, 6, 98],
	[1024, 6, 6, 1],
	[1025, 6, 6, 2],
	[5000, 2, 6, 79],
	[500, 6, 0, 32],
] as const)
	test(`fetches ${bytes} bytes; the server sends blocks of ${16 << most} at most, ${16 << szx} are wanted`, async () => {
		const { answer: got, progress } = await run({ szx }, serve(body(bytes), most));
		assert.ok(body(bytes).equals(Buffer.from(got?.message.payload ?? [])));
		assert.equal(got?.blocks, blocks);
		if (blocks > 1) assert.equal(progress.at(-1), `block ${blocks} of ${blocks}`);
	});

/** Accepts blocks; requires blocks of `most` bytes from the `from`th request on. */
const take = (parts: Buffer[], most: number, from: number) => (request: Message, count: number) => {
	const block = findBlock(request.options, option.block1);
	if (!block) return answer(request, '2.04');
	const szx = count >= from ? Math.min(most, block.szx) : block.szx;
	if (count === 0 && from < 0) return answer(request, '4.13', { options: [block1(0, false, most)] });
	assert.equal(Buffer.concat(parts).length, block.num * (16 << block.szx), 'the offset fits');
	parts.push(Buffer.from(request.payload));
	return answer(request, block.more ? '2.31' : '2.04', { options: [block1(block.num, block.more, szx)] });
};

for (const [title, most, from] of [
	['as they are', 6, 0],
	['smaller from the first on', 2, 0],
	['smaller in the middle', 3, 5],
	['refused at first as too large', 4, -1],
] as const)
	test(`sends 20,001 bytes in blocks, ${title}`, async () => {
		const parts: Buffer[] = [];
		const { answer: got, requests } = await run({ code: 3, payload: body(20_001) }, take(parts, most, from));
		assert.equal(got?.message.code, 68);
		assert.ok(Buffer.concat(parts).equals(body(20_001)));
		assert.equal(findUint(requests[0]?.options ?? [], option.size1), 20_001);
	});

test('a payload of one block is sent without one', async () => {
	const { requests } = await run({ code: 3, payload: body(1024) }, (request) => answer(request, '2.04'));
	assert.equal(findBlock(requests[0]?.options ?? [], option.block1), undefined);
});

test('an upload that the server refuses half way is that answer', async () => {
	const { answer: got, requests } = await run({ code: 3, payload: body(5000) }, (request, count) =>
		count === 2 ? answer(request, '4.08') : answer(request, '2.31', { options: [block1(count, true)] }),
	);
	assert.equal(got?.message.code, 136);
	assert.equal(requests.length, 3);
});

test('a resource that changes during its transfer is begun again', async () => {
	let version = 1;
	const { answer: got, progress } = await run({}, (request, count) => {
		if (count === 3) version = 2;
		return serve(Buffer.alloc(5000, version), 6, `v${version}`)(request);
	});
	assert.ok(Buffer.alloc(5000, 2).equals(Buffer.from(got?.message.payload ?? [])));
	assert.ok(progress.includes('the resource has changed: restarted'));
});

const broken: [
	title: string,
	code: string,
	peer: (request: Message, count: number) => Buffer | undefined,
	request?: Partial<Request>,
][] = [
	[
		'an ETag that changes with every block',
		'block-changed',
		(request, count) => serve(body(5000), 6, `${count}`)(request),
	],
	[
		'blocks without end',
		'message-too-large',
		(request) => answer(request, '2.05', { options: [block2(asked(request).num, true)], payload: body(1024) }),
	],
	[
		'a block that never advances',
		'block-mismatch',
		(request) => answer(request, '2.05', { options: [block2(0, true)], payload: body(1024) }),
	],
	[
		'empty blocks without end',
		'block-short',
		(request) => answer(request, '2.05', { options: [block2(asked(request).num, true)] }),
	],
	[
		'a block that jumps',
		'block-mismatch',
		(request, count) => answer(request, '2.05', { options: [block2(count * 2, true)], payload: body(1024) }),
	],
	[
		'an answer that begins in the middle',
		'block-mismatch',
		(request) => answer(request, '2.05', { options: [block2(4, true)], payload: body(1024) }),
	],
	[
		'a block that is longer than it says',
		'block-long',
		(request, count) =>
			answer(request, '2.05', { options: [block2(count, count === 0, 0)], payload: body(count === 0 ? 16 : 17) }),
	],
	[
		'an answer without a block in the middle',
		'block-lost',
		(request, count) => answer(request, '2.05', { options: count === 0 ? [block2(0, true)] : [], payload: body(1024) }),
	],
	[
		'the reserved size',
		'block-mismatch',
		(request) => answer(request, '2.05', { options: [block2(0, true, 7)], payload: body(1024) }),
	],
	[
		'a size that is too much',
		'message-too-large',
		(request) =>
			answer(request, '2.05', { options: [block2(0, true), uint(option.size2, 4_000_000_000)], payload: body(1024) }),
	],
	['silence in the middle', 'timeout', (request, count) => (count === 0 ? serve(body(5000))(request) : undefined)],
	[
		'another block acknowledged',
		'block-mismatch',
		(request) => answer(request, '2.31', { options: [block1(7, true)] }),
		{ code: 3, payload: body(5000) },
	],
	['no block acknowledged', 'block-lost', (request) => answer(request, '2.31'), { code: 3, payload: body(5000) }],
	[
		'a changed answer to a POST',
		'block-changed',
		(request, count) => serve(body(5000), 6, `${count}`)(request),
		{ code: 2 },
	],
];
for (const [title, code, peer, request = {}] of broken)
	test(`ends with a sentence: ${title}`, async () => {
		const done = await run(request, peer, 20_000);
		assert.equal(done.code, code);
		assert.ok(done.requests.length < 200, `${done.requests.length} requests`);
	});

test('a Block2 of no byte is number 0, the last, 16 bytes', async () => {
	const empty = { number: option.block2, value: Buffer.alloc(0) };
	const { answer: got } = await run({}, (request) => answer(request, '2.05', { options: [empty], payload: 'y' }));
	assert.equal(Buffer.from(got?.message.payload ?? []).toString(), 'y');
});
