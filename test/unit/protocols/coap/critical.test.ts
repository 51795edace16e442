import assert from 'node:assert/strict';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import test from 'node:test';
import { FailureError } from '../../../../src/base/failure';
import { createCoapServer } from '../../../../src/playground/coap/server';
import type { MessageType } from '../../../../src/protocols/coap/describe/codes';
import { coapProperties } from '../../../../src/protocols/coap/describe/properties';
import { createExchange } from '../../../../src/protocols/coap/wire/exchange';
import type { Message } from '../../../../src/protocols/coap/wire/message';
import { ask } from '../../../../src/protocols/coap/wire/no-answer';
import { observe } from '../../../../src/protocols/coap/wire/observe';
import { type Option, option, toHex } from '../../../../src/protocols/coap/wire/options';
import { writeMessage } from '../../../../src/protocols/coap/wire/packet';
import { fakeClock } from '../../../support/net/coap-clock';
import { answer, parsed, uint } from '../../../support/net/coap-messages';

const bytes = (number: number, count: number): Option => ({ number, value: Buffer.alloc(count, 1) });

/** Options of a message, and the reason to reject it; undefined if it is accepted. */
const cases: [title: string, options: Option[], says: string | undefined][] = [
	['an unknown critical option', [bytes(65_001, 2)], 'the critical option 65001, which is unknown'],
	['an unknown critical option without a value', [bytes(65_535, 0)], 'the critical option 65535, which is'],
	[
		'an unknown one between known ones',
		[uint(12, 0), bytes(2049, 1), bytes(65_000, 1)],
		'the critical option 2049, which',
	],
	['a Block2 of four bytes', [bytes(23, 4)], 'the critical option Block2 with 4 bytes, where 0 to 3 are allowed'],
	['a Proxy-Uri of no byte', [bytes(35, 0)], 'the critical option Proxy-Uri with 0 bytes, where 1 to 1034 are allowed'],
	[
		'an If-None-Match with a value',
		[bytes(5, 1)],
		'the critical option If-None-Match with 1 bytes, where 0 are allowed',
	],
	['an Accept that is repeated', [uint(17, 0), uint(17, 50)], 'the critical option Accept more than once'],
	['a Block2 that is repeated', [uint(23, 0), uint(23, 0)], 'the critical option Block2 more than once'],
	['an unknown elective option', [bytes(65_000, 2)], undefined],
	['elective options of lengths that are not allowed', [bytes(4, 9), bytes(14, 5)], undefined],
	['an elective option that is repeated', [uint(14, 1), uint(14, 2)], undefined],
	['critical options that may be repeated', [bytes(11, 1), bytes(11, 1), bytes(15, 1), bytes(15, 1)], undefined],
];

function setting() {
	const clock = fakeClock();
	const sent: Message[] = [];
	const exchange = createExchange({
		...{ clock, nstart: 1, ignored() {} },
		send: (datagram) => sent.push(parsed(datagram)),
	});
	return { clock, sent, exchange };
}

const turn = () => new Promise((resolve) => setImmediate(resolve));
const get = { code: 1, confirmable: true, options: [], payload: new Uint8Array() };

for (const [title, options, says] of cases)
	for (const [type, reply] of [
		[2, []],
		[0, says ? [[3, 77]] : [[2, 77]]],
		[1, says ? [[3, 77]] : []],
	] as [MessageType, number[][]][])
		test(`a response of type ${type} with ${title} is ${says ? 'rejected' : 'taken'}`, async () => {
			const { clock, sent, exchange } = setting();
			const asked = ask(get, {
				...{ exchange, clock, responseWithin: 60_000, signal: new AbortController().signal },
				progress() {},
			}).then(
				({ code }) => code,
				(error) => error,
			);
			const request = sent[0] as Message;
			const id = type === 2 ? request.id : 77;
			exchange.receive(answer(request, '2.05', { type, id, options }));
			const outcome = await asked;
			assert.deepEqual(
				sent.slice(1).map((one) => [one.type, one.id]),
				reply,
			);
			assert.equal(clock.waiting, 0, 'it is not sent again');
			if (!says) return assert.equal(outcome, 69);
			assert.ok(outcome instanceof FailureError);
			assert.equal(outcome.failure.code, 'response-rejected');
			assert.ok(outcome.failure.message.includes(says), outcome.failure.message);
		});

for (const [code, sent, proof] of [
	['4.02', 65_001, 'taken'],
	['4.02', 65_003, 'rejected'],
	['2.05', 65_001, 'rejected'],
] as const)
	test(`a ${code} with option 65001 to a request with option ${sent} is ${proof}`, async () => {
		const here = setting();
		const asked = ask(
			{ ...get, options: [bytes(sent, 1)] },
			{
				...{ exchange: here.exchange, clock: here.clock, responseWithin: 60_000, progress() {} },
				signal: new AbortController().signal,
			},
		).then(
			() => 'taken',
			() => 'rejected',
		);
		here.exchange.receive(answer(here.sent[0] as Message, code, { options: [bytes(65_001, 1)] }));
		assert.equal(await asked, proof);
	});

for (const type of [0, 1] as const)
	test(`a notification of type ${type} with an unknown critical option is rejected and ends the observation`, async () => {
		const { clock, sent, exchange } = setting();
		const delivered: string[] = [];
		const failures: (string | undefined)[] = [];
		const observation = observe(
			{ ...get, szx: 6, target: 'temp' },
			{
				...{ exchange, clock, limit: 10_000, responseWithin: 60_000, note() {} },
				deliver: ({ payload }) => delivered.push(Buffer.from(payload).toString()),
				changed: ({ failure }) => failures.push(failure?.message),
			},
		);
		const first = sent[0] as Message;
		exchange.receive(answer(first, '2.05', { options: [uint(option.observe, 1)], payload: 'a' }));
		await observation.granted;
		const options = [uint(option.observe, 2), bytes(65_001, 1)];
		exchange.receive(answer(first, '2.05', { type, id: 9, options, payload: 'b' }));
		await turn();
		assert.deepEqual(delivered, ['a']);
		assert.match(String(failures[0]), /critical option 65001/);
		assert.deepEqual([sent.at(-1)?.type, sent.at(-1)?.id], [3, 9]);
	});

test('an elective option that is unknown or has a bad length is shown', () => {
	const { head } = parsed(
		answer({ ...get, type: 0, id: 1, token: Buffer.of(1) }, '2.05', { options: [bytes(65_000, 2), bytes(4, 0)] }),
	);
	const shown = coapProperties(0, { head }).map(({ label, value }) => `${label}: ${value}`);
	assert.ok(shown.includes('Option 65000: 0x0101'), shown.join('\n'));
	assert.ok(shown.includes('ETag: empty (ignored: too short)'), shown.join('\n'));
});

test('the playground answers 4.02 to such a request, and rejects a non-confirmable one', async (t) => {
	const [socket, client] = [createSocket('udp4'), createSocket('udp4')];
	await Promise.all([socket, client].map((one) => new Promise<void>((resolve) => one.bind(0, '127.0.0.1', resolve))));
	const server = createCoapServer(socket, ({ add }) =>
		add({ path: 'a', attributes: '', answer: ({ method }) => ({ code: method === 'GET' ? '2.05' : '2.04' }) }),
	);
	t.after(() => {
		server.close();
		socket.close();
		client.close();
	});
	let id = 0;
	const send = async (type: MessageType, options: Option[], code = 1) => {
		const path = { number: option.uriPath, value: Buffer.from('a') };
		const all = [path, ...options].sort((a, b) => a.number - b.number);
		const token = Buffer.of(1);
		const request = writeMessage({ type, code, id: ++id, token, options: all, payload: Buffer.alloc(16) });
		const answered = once(client, 'message', { signal: AbortSignal.timeout(5000) });
		client.send(request, socket.address().port, '127.0.0.1');
		return parsed((await answered)[0]);
	};
	const known = cases.filter(([, options]) => !options.some(({ number }) => number === option.uriPath));
	for (const [title, options, says] of known) {
		const confirmable = await send(0, options);
		if (!says) assert.equal(confirmable?.code, 69, title);
		else {
			assert.equal(confirmable?.code, 4 * 32 + 2, title);
			assert.ok(Buffer.from(confirmable.payload).toString().includes(says), title);
			const rejected = await send(1, options);
			assert.deepEqual([rejected?.type, rejected?.id, toHex(rejected?.payload ?? Buffer.of(1))], [3, id, ''], title);
		}
	}
	// A block of an upload is refused immediately, not after the last one.
	assert.equal((await send(0, [{ number: option.block1, value: Buffer.of(8) }, bytes(65_001, 1)], 3)).code, 4 * 32 + 2);
});
