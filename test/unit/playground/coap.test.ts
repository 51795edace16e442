import assert from 'node:assert/strict';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import test, { type TestContext } from 'node:test';
import { startCoap } from '../../../src/playground/coap/server';
import { codeText, type MessageType } from '../../../src/protocols/coap/describe/codes';
import { type Message, readMessage } from '../../../src/protocols/coap/wire/message';
import { blockBytes, findUint, type Option, option, uintBytes } from '../../../src/protocols/coap/wire/options';
import { writeMessage } from '../../../src/protocols/coap/wire/packet';
import { eventually } from '../../support/run/eventually';

interface Request {
	path: string;
	type?: MessageType;
	code?: number;
	token?: number;
	options?: Option[];
	payload?: string;
}

async function greenhouse(t: TestContext) {
	const { port, server, close } = await startCoap(0);
	const client = createSocket('udp4');
	t.after(async () => {
		client.close();
		await close();
	});
	let id = 0;
	async function ask({ path, type = 0, code = 1, token = 1, options = [], payload = '' }: Request): Promise<Message> {
		const paths = path.split('/').map((part) => ({ number: option.uriPath, value: Buffer.from(part) }));
		const all = [...paths, ...options].sort((a, b) => a.number - b.number);
		const answered = once(client, 'message', { signal: AbortSignal.timeout(5000) });
		const message = { type, code, id: ++id, token: Buffer.of(token), options: all, payload: Buffer.from(payload) };
		client.send(writeMessage(message), port, '127.0.0.1');
		const answer = readMessage((await answered)[0]);
		if ('fault' in answer) throw new Error(answer.fault);
		return answer;
	}
	return { server, ask };
}

const observe = (value: number): Option => ({ number: option.observe, value: uintBytes(value) });

test('an observation is registered once, and ends with a GET that cancels it', async (t) => {
	const { server, ask } = await greenhouse(t);
	for (let round = 0; round < 2; round++) {
		const first = await ask({ path: 'device/mode', options: [observe(0)] });
		assert.deepEqual([codeText(first.code), findUint(first.options, option.observe) !== undefined], ['2.05', true]);
		assert.equal(server.observers, 1);
	}
	const last = await ask({ path: 'device/mode', options: [observe(1)] });
	assert.deepEqual([codeText(last.code), findUint(last.options, option.observe)], ['2.05', undefined]);
	assert.equal(server.observers, 0);
});

const plain: [title: string, request: Request, code: string][] = [
	['a resource that is not observable', { path: 'device/manual' }, '2.05'],
	['a path that does not exist', { path: 'nothing' }, '4.04'],
	['a content format that is not offered', { path: 'sensors/temp' }, '4.06'],
	['a non-confirmable request', { path: 'device/mode', type: 1 }, '2.05'],
];
for (const [title, request, code] of plain)
	test(`${title} is answered without an observation`, async (t) => {
		const { server, ask } = await greenhouse(t);
		const accept = code === '4.06' ? [{ number: option.accept, value: uintBytes(41) }] : [];
		const answer = await ask({ ...request, options: [observe(0), ...accept] });
		assert.deepEqual([codeText(answer.code), findUint(answer.options, option.observe)], [code, undefined]);
		await eventually('no observer', () => assert.equal(server.observers, 0));
	});

test('every command of the sample is a mode of the greenhouse', async (t) => {
	const { ask } = await greenhouse(t);
	const [, modes = ''] =
		/"mode": "\{\{\$oneOf ([^}]+)\}\}"/.exec(readFileSync('sample/agriculture.messages', 'utf8')) ?? [];
	assert.notEqual(modes, '');
	for (const payload of modes.split(' '))
		assert.equal(codeText((await ask({ path: 'device/mode', code: 3, payload })).code), '2.04', payload);
});

test('an upload is joined whatever the tokens of its blocks are', async (t) => {
	const { ask } = await greenhouse(t);
	const block = (num: number, more: boolean) => [{ number: option.block1, value: blockBytes({ num, more, szx: 0 }) }];
	const put = { path: 'device/manual', code: 3 };
	const codes = [
		await ask({ ...put, token: 1, options: block(0, true), payload: 'a'.repeat(16) }),
		await ask({ ...put, token: 2, options: block(1, false), payload: 'b' }),
		await ask({ ...put, token: 3, options: block(5, true), payload: 'c'.repeat(16) }),
	].map(({ code }) => codeText(code));
	assert.deepEqual(codes, ['2.31', '2.04', '4.08']);
	const { payload } = await ask({ path: 'device/manual' });
	assert.equal(Buffer.from(payload).toString(), `${'a'.repeat(16)}b`);
});

test('a note keeps its content format until it is deleted', async (t) => {
	const { ask } = await greenhouse(t);
	const cbor = { number: option.contentFormat, value: uintBytes(60) };
	const created = await ask({ path: 'notes', code: 2, options: [cbor], payload: 'a' });
	const note = await ask({ path: 'notes/1' });
	const deleted = await ask({ path: 'notes/1', code: 4 });
	const codes = [created, note, deleted, await ask({ path: 'notes/1' })].map(({ code }) => codeText(code));
	assert.deepEqual(codes, ['2.01', '2.05', '2.02', '4.04']);
	assert.deepEqual([Buffer.from(note.payload).toString(), findUint(note.options, option.contentFormat)], ['a', 60]);
});
