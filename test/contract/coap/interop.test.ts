import assert from 'node:assert/strict';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test, { type TestContext } from 'node:test';
import { createServer, type IncomingMessage, type OutgoingMessage, request } from 'coap';
import type { Values } from '../../../src/model/profile/field';
import { startCoap } from '../../../src/playground/coap/server';
import type { Sending } from '../../../src/protocols/adapter';
import { adapter } from '../../../src/protocols/coap/adapter';
import { coap } from '../../../src/protocols/coap/describe/describe';
import { freePort } from '../../support/net/listen';
import { eventually } from '../../support/run/eventually';
import { coapClient, startCoapServer } from '../../support/servers/coap-server';
import { connect, type Recorded, resolved } from '../suite/attempt';
import { noise } from '../suite/judge';

async function open(t: TestContext, port: number, values: Values = {}) {
	const opened = await connect({ adapter, profile: resolved('coap', `coap://127.0.0.1:${port}`, values) });
	t.after(() => opened.link.destroy());
	const send = (
		verb: string,
		target: string,
		payload: Uint8Array | string = '',
		more: Values = {},
		sending?: Sending,
	) => opened.link.send({ verb, target, values: more, payload: Buffer.from(payload) }, sending);
	return { ...opened, send };
}

function sending(): Sending & { told: [string, number | undefined][]; stop(): void } {
	const abort = new AbortController();
	const told: [string, number | undefined][] = [];
	return {
		...{ seq: 7, told, signal: abort.signal, stop: () => abort.abort() },
		progress: (text, done) => told.push([text, done]),
	};
}

const payloads = ({ messages }: Recorded) => messages.map(({ payload }) => payload.toString());

async function playground(t: TestContext) {
	const started = await startCoap(0);
	t.after(() => started.close());
	return started;
}

test('libcoap’s server: a separate answer is acknowledged and told as one', async (t) => {
	const server = await startCoapServer();
	t.after(() => server.stop());
	const { send, recorded } = await open(t, server.port);
	const how = sending();
	const receipt = await send('get', 'async?1', '', {}, how);
	assert.equal(receipt.proof, 'answered');
	assert.deepEqual(how.told, [['acknowledged; the server answers later', undefined]]);
	assert.equal(recorded.messages[0]?.answers, 7);
	assert.equal(coap.columns.find(({ id }) => id === 'type')?.text(recorded.messages[0]?.flags ?? 0), 'CON');
});

test('libcoap’s server: codes, diagnostics and what cannot be sent', async (t) => {
	const server = await startCoapServer();
	t.after(() => server.stop());
	const { send, recorded, link } = await open(t, server.port);
	const receipts = [
		await send('put', 'a', '1', { contentFormat: 'application/json' }),
		await send('put', 'a', '2'),
		await send('get', 'a', '', { accept: 'json' }),
		await send('get', 'a', '', { type: 'non' }),
		await send('delete', 'a'),
		await send('get', 'a'),
		await send('get', 'a', '', { options: [['9999', '01']] }),
		await send('ping', ''),
	];
	assert.deepEqual(
		receipts.map(({ proof, text }) => `${proof}: ${text.replace(/ in [\d.]+ ms.*/, '')}`),
		[
			'answered: 2.01 Created',
			'answered: 2.04 Changed',
			'answered: 2.05 Content',
			'answered: 2.05 Content',
			'answered: 2.02 Deleted',
			'refused: 4.04 Not Found',
			'refused: 4.02 Bad Option',
			'answered: answered',
		],
	);
	assert.equal(receipts[5]?.evidence, 'Not Found');
	assert.equal(recorded.messages.length, receipts.length - 1);
	await assert.rejects(send('get', 'a', 'body'), /carries no payload/);
	await assert.rejects(send('put', 'a', '', { contentFormat: 'nonsense' }), /no content format is known/i);
	assert.throws(
		() => link.prepare({ verb: 'get', target: '%zz', values: {}, payload: new Uint8Array() }),
		/percent sign/,
	);
	assert.equal(recorded.messages.length, receipts.length - 1);
});

for (const bytes of [100_000, 1024 * 1024])
	test(`libcoap’s server: ${bytes} bytes to it and back in blocks, with progress`, async (t) => {
		const server = await startCoapServer();
		t.after(() => server.stop());
		const { send, recorded } = await open(t, server.port);
		const [up, down] = [sending(), sending()];
		const payload = noise(bytes, 5);
		assert.equal((await send('put', 'big', payload, {}, up)).proof, 'answered');
		const receipt = await send('get', 'big', '', {}, down);
		const blocks = Math.ceil(bytes / 1024).toLocaleString('en-US');
		assert.match(receipt.text, new RegExp(`in ${blocks} blocks`));
		assert.ok(recorded.messages.at(-1)?.payload.equals(payload));
		assert.equal(up.told.at(-1)?.[0], `sending block ${blocks} of ${blocks}`);
		assert.equal(down.told.at(-1)?.[0], `block ${blocks} of ${blocks}`);
		assert.ok(down.told.every(([, done]) => done !== undefined && done >= 0 && done <= 1));
	});

test('libcoap’s server: a payload above the limit is given up with a sentence', async (t) => {
	const server = await startCoapServer();
	t.after(() => server.stop());
	const { send, recorded } = await open(t, server.port, { maxMessageBytes: 4096 });
	await send('put', 'big', noise(5000, 1));
	recorded.messages.length = 0;
	const receipt = await send('get', 'big');
	assert.equal(receipt.proof, 'unknown');
	assert.match(receipt.text, /The server sends 5,000 bytes; the limit is 4,096 bytes\./);
	assert.deepEqual(recorded.messages, []);
});

test('libcoap’s server: its list as a tree, and a resource that was made since', async (t) => {
	const server = await startCoapServer();
	t.after(() => server.stop());
	const { send, link, recorded } = await open(t, server.port);
	const names = async (parent?: string) =>
		(await link.browse?.(parent, 0, 100))?.nodes.map(({ name, kind }) => [name, kind]);
	assert.deepEqual(await names(), [
		['/', 'resource'],
		['async', 'resource'],
		['example_data', 'observable'],
		['time', 'observable'],
	]);
	await send('put', 'rooms/1/light', 'on');
	const result = await link.act?.({
		...{ action: 'rediscover', messages: [], values: {}, progress() {} },
		signal: new AbortController().signal,
	});
	assert.equal(result?.text, 'The server lists 5 resources.');
	assert.equal(recorded.browseChanges, 1);
	assert.deepEqual(await names('/rooms/1'), [['light', 'observable']]);
	assert.deepEqual(link.targets?.('/ro', 10), ['rooms/1/light']);
	await assert.rejects(async () => link.browse?.('/none', 0, 10), /no longer lists this resource/);
});

test('libcoap’s server: observes, and takes itself off the list, which the server sees', async (t) => {
	const server = await startCoapServer({ verbose: 7 });
	t.after(() => server.stop());
	const { send, link, recorded } = await open(t, server.port);
	await send('put', 'box', '0');
	recorded.messages.length = 0;
	const granted = await link.subscribe?.({ target: '/box' });
	assert.equal(granted?.detail, 'Max-Age 60 s');
	const changes = () =>
		payloads({
			...recorded,
			messages: recorded.messages.filter(
				({ answers, target, payload }) => answers === undefined && target === 'box' && payload.length > 0,
			),
		});
	for (let value = 1; value <= 12; value++) {
		await send('put', 'box', String(value));
		await eventually('told', () => assert.equal(changes().at(-1), String(value)));
	}
	assert.deepEqual(
		changes(),
		Array.from({ length: 13 }, (_, at) => String(at)),
	);
	assert.match(server.said(), /Observe:0|observe.*add|create new subscription/i);
	await link.unsubscribe?.({ target: '/box' });
	await eventually('the server has heard it', () => assert.match(server.said(), /Observe:1/));
	await send('put', 'box', 'after');
	await send('get', 'box');
	assert.deepEqual(changes().slice(13), ['after'], 'the answer to the GET, and no notification');
});

test('libcoap’s server: a resource of many blocks is observed', async (t) => {
	const server = await startCoapServer();
	t.after(() => server.stop());
	const { send, link, recorded } = await open(t, server.port);
	await send('put', 'long', noise(3000, 1));
	await link.subscribe?.({ target: 'long' });
	await eventually('the first', () => assert.ok(recorded.messages.at(-1)?.payload.equals(noise(3000, 1))));
	for (const seed of [2, 3]) {
		await send('put', 'long', noise(100_000, seed));
		await eventually('a change', () =>
			assert.ok(recorded.messages.some(({ payload }) => payload.equals(noise(100_000, seed)))),
		);
	}
	await send('put', 'long', 'short');
	await eventually('and it goes on', () => assert.equal(recorded.messages.at(-1)?.payload.toString(), 'short'));
});

test('libcoap’s server: an observed resource that is deleted ends the observation, in words', async (t) => {
	const server = await startCoapServer();
	t.after(() => server.stop());
	const { send, link, recorded } = await open(t, server.port);
	await send('put', 'box', '0');
	await link.subscribe?.({ target: 'box' });
	await send('delete', 'box');
	await eventually('told', () =>
		assert.match(recorded.changes.at(-1)?.failure?.message ?? '', /ended the observation of "box": 4\.04/),
	);
});

test('libcoap’s client against the greenhouse', async (t) => {
	const { port, server } = await playground(t);
	const url = `coap://127.0.0.1:${port}`;
	const folder = mkdtempSync(join(tmpdir(), 'coap-'));
	t.after(() => rmSync(folder, { recursive: true, force: true }));
	const file = join(folder, 'payload');
	const text = async (...args: string[]) => (await coapClient(...args)).out.toString().replace(/\n$/, '');
	assert.match(await text(`${url}/.well-known/core`), /<\/sensors\/temp>;.*obs,/);
	assert.match(
		await text(`${url}/sensors/temp`),
		/^\[{"bn":"urn:dev:greenhouse-1:","n":"temp","u":"Cel","v":[\d.]+}\]$/,
	);
	assert.match(await text('-A', '50', `${url}/sensors/temp`), /^{"temp":/);
	assert.match((await coapClient('-A', '41', `${url}/sensors/temp`)).said, /4\.06/);
	await coapClient('-m', 'put', '-e', 'mode=eco', `${url}/device/mode`);
	assert.equal(await text('-N', `${url}/device/mode`), 'eco');
	assert.match((await coapClient('-m', 'put', '-e', 'nonsense', `${url}/device/mode`)).said, /4\.00 No such mode/);
	assert.equal((await text(`${url}/device/manual`)).length, 97_000 - 1000);
	writeFileSync(file, noise(100_001, 9));
	await coapClient('-m', 'put', '-f', file, `${url}/device/manual`);
	await coapClient('-o', `${file}.back`, `${url}/device/manual`);
	assert.ok(readFileSync(`${file}.back`).equals(noise(100_001, 9)));
	writeFileSync(file, Buffer.alloc(2 * 1024 * 1024 + 1));
	assert.match((await coapClient('-m', 'put', '-f', file, `${url}/device/manual`)).said, /4\.13/);
	assert.equal(await text(`${url}/slow`), 'Well, here it is.');
	const watching = text('-s', '6', `${url}/device/mode`);
	await eventually('registered', () => assert.equal(server.observers, 1));
	await coapClient('-m', 'put', '-e', 'off', `${url}/device/mode`);
	assert.equal(await watching, 'ecooff');
	await eventually('it has taken itself off the list', () => assert.equal(server.observers, 0));
});

test('our side against the greenhouse: what it serves, and its list of observers', async (t) => {
	const { port, server } = await playground(t);
	const { send, link, recorded } = await open(t, port);
	assert.equal((await send('post', 'notes', 'remember')).text.replace(/ in .* at/, ''), '2.01 Created /notes/1');
	await send('put', 'notes/1', 'again');
	assert.match((await send('put', 'notes/1', 'new', { ifNoneMatch: true })).text, /^4\.12 Precondition Failed/);
	assert.equal((await send('get', 'slow', '', { type: 'non' })).proof, 'answered');
	await link.subscribe?.({ target: 'sensors/humidity', accept: 'senml+cbor' });
	await link.subscribe?.({ target: 'device/mode' });
	assert.equal(server.observers, 2);
	await send('put', 'device/mode', 'eco');
	await eventually('told', () => assert.ok(payloads(recorded).includes('eco')));
	const told = recorded.messages.find(({ target }) => target === 'sensors/humidity');
	assert.equal(coap.contentType?.(told?.meta), 'application/senml+cbor');
	await assert.rejects(async () => link.subscribe?.({ target: 'device/manual' }), /does not offer to observe/);
	await link.unsubscribe?.({ target: 'device/mode' });
	assert.equal(server.observers, 1);
	await link.close();
	assert.equal(server.observers, 0, 'closing takes it off every list');
});

/** The npm library coap as the peer, as client and as server. */
test('the coap library’s client against the greenhouse, and its server against us', async (t) => {
	const { port } = await playground(t);
	const ask = async (method: 'GET' | 'PUT', pathname: string, payload?: string) => {
		const asked = request({ host: '127.0.0.1', port, method, pathname });
		asked.end(payload);
		const [answer] = (await once(asked, 'response')) as [IncomingMessage];
		return [answer.code, answer.payload.toString()];
	};
	assert.deepEqual(await ask('PUT', '/device/mode', 'eco'), ['2.04', '']);
	assert.deepEqual(await ask('GET', '/device/mode'), ['2.05', 'eco']);
	const seen: unknown[] = [];
	const server = createServer((asked: IncomingMessage, answer: OutgoingMessage) => {
		seen.push(asked.headers.Observe);
		answer.end('from the library');
	});
	const own = await freePort();
	await new Promise<void>((resolve) => server.listen(own, '127.0.0.1', () => resolve()));
	t.after(() => new Promise<void>((resolve) => server.close(() => resolve())));
	const { send, recorded } = await open(t, own);
	assert.equal((await send('get', 'x')).proof, 'answered');
	assert.deepEqual(payloads(recorded), ['from the library']);
	assert.equal(seen.at(-1), undefined);
});
