import assert from 'node:assert/strict';
import { createSocket } from 'node:dgram';
import test, { type TestContext } from 'node:test';
import type { Values } from '../../../src/model/profile/field';
import { adapter } from '../../../src/protocols/coap/adapter';
import { createClient } from '../../../src/protocols/coap/dtls/client';
import { plainRecord } from '../../../src/protocols/coap/dtls/records';
import { type Suite, suites } from '../../../src/protocols/coap/dtls/suites';
import { realClock } from '../../../src/protocols/coap/wire/clock';
import { datagramRelay } from '../../support/net/datagram-relay';
import { eventually } from '../../support/run/eventually';
import { notes, realSession } from '../../support/run/session';
import { startCoapServer } from '../../support/servers/coap-server';
import { connect, handles, refused, resolved } from '../suite/attempt';
import { noise, plain } from '../suite/judge';

const secrets = { 'dtls.psk': 'the key of all' };
const key = secrets['dtls.psk'];
const at = (port: number, values: Values = {}) =>
	resolved('coap', `coaps://127.0.0.1:${port}`, { 'dtls.identity': 'someone', ...values });
const get = { verb: 'get', target: '/', values: {}, payload: new Uint8Array() };

async function openssl(t: TestContext) {
	const server = await startCoapServer({ dtls: { by: 'openssl', key } });
	t.after(() => server.stop());
	return server;
}

async function open(t: TestContext, port: number, values?: Values) {
	const opened = await connect({ adapter, profile: at(port, values), secrets });
	t.after(() => opened.link.destroy());
	return opened;
}

/** A ping and its reset over one cipher suite. */
function pinged(port: number, suite: Suite): Promise<string> {
	return new Promise((resolve, reject) => {
		const socket = createSocket('udp4');
		socket.connect(port, '127.0.0.1', () => {
			const client = createClient({
				...{ identity: Buffer.from('ünser'), key: Buffer.from(key), clock: realClock, offered: [suite] },
				send: (datagram) => socket.send(datagram),
				opened: () => client.write(Buffer.of(0x40, 0, 1, 2)),
				message(bytes) {
					client.close();
					socket.close(() => resolve(bytes.toString('hex')));
				},
				ended: (failure) => socket.close(() => reject(new Error(`${suite.name}: ${failure.message}`))),
			});
			socket.on('message', client.receive);
		});
	});
}

for (const by of ['openssl', 'gnutls'] as const)
	test(`DTLS of ${by}: every suite, and a wrong key`, async (t) => {
		const server = await startCoapServer({ dtls: { by, key } });
		t.after(() => server.stop());
		// libcoap does not enable the last one in GnuTLS.
		for (const suite of by === 'gnutls' ? suites.slice(0, -1) : suites)
			assert.equal(await pinged(server.port, suite), '70000102', suite.name);
		const wrong = { 'dtls.psk': 'not the key' };
		const { failure } = await refused({ adapter, profile: at(server.port, { connectTimeout: 2 }), secrets: wrong });
		plain(failure, wrong);
		assert.deepEqual([failure.code, failure.final], ['wrong-key', true]);
	});

test('how it is secured, and what cannot be done over it', async (t) => {
	const server = await openssl(t);
	const { link, recorded } = await open(t, server.port);
	assert.deepEqual(recorded.steps, ['tls', 'handshake']);
	assert.deepEqual(link.security, {
		...{ encrypted: true, verified: true, version: 'DTLSv1.2' },
		...{ cipher: 'TLS_PSK_WITH_AES_128_GCM_SHA256', authentication: 'pre-shared key' },
	});
	const facts = new Map(link.facts.map(({ label, value }) => [label, value]));
	assert.deepEqual([facts.get('Identity'), facts.get('Identity hint')], ['someone', 'a hint']);
	const act = { action: 'discover', messages: [], values: {}, progress() {}, signal: new AbortController().signal };
	await assert.rejects(async () => link.act?.(act), /cannot be sent over DTLS/);
	await assert.rejects(connect({ adapter, profile: at(server.port) }), /needs a pre-shared key/);
});

test('nothing that is not encrypted with the key is taken for the server’s', async (t) => {
	const server = await openssl(t);
	const data = (epoch: number, number: number) => {
		// A notification with an unknown token: the test observes the reset that would answer it.
		const record = plainRecord(23, number, Buffer.from('4445123401020304ff666f72676564', 'hex'));
		record.writeUInt16BE(epoch, 3);
		return record;
	};
	const forged = [0, 1, 2, 3].flatMap((epoch) => [1, 70, 2 ** 40].map((number) => data(epoch, number)));
	const relay = await datagramRelay(t, server.port, {
		toClient: (bytes, index) => (index < 20 ? [...forged, Buffer.concat([bytes, ...forged]), ...forged] : [bytes]),
	});
	const { link, recorded } = await open(t, relay.port);
	for (const one of [...forged, plainRecord(21, 80, Buffer.of(2, 40)), plainRecord(21, 81, Buffer.of(1, 0))])
		relay.say(one);
	for (let round = 0; round < 30; round++) assert.equal((await link.send(get)).proof, 'answered');
	assert.deepEqual(recorded.notes, []);
	assert.equal(recorded.messages.length, 30);
});

test('a handshake whose datagrams are cut at every byte, each before the right one', async (t) => {
	const server = await openssl(t);
	const model = await datagramRelay(t, server.port);
	(await open(t, model.port)).link.destroy();
	// The last datagram answers the ping.
	const lengths = model.answered.slice(0, -1).map((bytes) => bytes.length);
	assert.ok(lengths.length >= 3, lengths.join());
	for (const [which, length] of lengths.entries())
		for (let from = 0; from < length; from += 15)
			await Promise.all(
				Array.from({ length: Math.min(15, length - from) }, async (_, more) => {
					const relay = await datagramRelay(t, server.port, {
						toClient: (bytes, index) => (index === which ? [bytes.subarray(0, from + more), bytes] : [bytes]),
					});
					// Fifteen at once, some with retransmissions: their speed is not tested.
					const { link } = await connect({ adapter, profile: at(relay.port), secrets, deadline: 60_000 });
					link.destroy();
				}),
			);
});

test('a handshake with every byte changed settles in words, whatever comes of it', async (t) => {
	const server = await openssl(t);
	const before = handles();
	const lengths = [60, 120, 60, 30, 100];
	for (const [which, length] of lengths.entries())
		await Promise.all(
			Array.from({ length }, async (_, position) => {
				const relay = await datagramRelay(t, server.port, {
					toClient(bytes, index) {
						const changed = Buffer.from(bytes);
						if (index === which && position < bytes.length) changed[position] = (bytes[position] ?? 0) ^ 0xff;
						return [changed];
					},
				});
				const attempt = connect({ adapter, profile: at(relay.port), secrets, deadline: 400 });
				await attempt.then(
					({ link }) => link.destroy(),
					({ failure }) => plain(failure, secrets),
				);
			}),
		);
	await eventually('no timer is left', () => {
		const timers = process.getActiveResourcesInfo().filter((name) => name === 'Timeout').length;
		assert.ok(timers <= before, `${timers} timers`);
	});
});

test('each datagram of a handshake may be lost, on both ways', async (t) => {
	const server = await openssl(t);
	const lost = (which: number, from: 'toClient' | 'toServer') => {
		let dropped = false;
		return datagramRelay(t, server.port, {
			[from](bytes: Buffer, index: number) {
				if (dropped || index !== which) return [bytes];
				dropped = true;
				return [];
			},
		});
	};
	const ways: [number, 'toClient' | 'toServer'][] = [
		...[0, 1, 2].map((which): [number, 'toServer'] => [which, 'toServer']),
		...[0, 1, 2, 3, 4].map((which): [number, 'toClient'] => [which, 'toClient']),
	];
	await Promise.all(
		ways.map(async ([which, from]) => {
			const relay = await lost(which, from);
			const { link } = await open(t, relay.port);
			assert.equal((await link.send(get)).proof, 'answered', `${which} ${from}`);
		}),
	);
});

test('noise at every moment, and hundreds of datagrams lost in a row', async (t) => {
	const server = await openssl(t);
	let deaf = false;
	const relay = await datagramRelay(t, server.port, {
		toClient(bytes, index) {
			const start = Buffer.concat([
				Buffer.of(20 + (index % 4), 254, 253, 0, index % 3),
				noise(8 + (index % 50), index),
			]);
			return deaf ? [] : [noise(index * 7, index), start, bytes, start];
		},
	});
	const { link } = await open(t, relay.port, { nstart: 64 });
	assert.equal((await link.send(get)).proof, 'answered');
	deaf = true;
	const non = { ...get, values: { type: 'non' } };
	const stops = Array.from({ length: 300 }, () => new AbortController());
	const sent = stops.map(({ signal }) => link.send(non, { seq: 0, progress() {}, signal }));
	const before = relay.answered.length;
	await eventually('the server has answered while the link is cut', () =>
		assert.ok(relay.answered.length >= before + 130),
	);
	for (const stop of stops) stop.abort();
	await Promise.all(sent);
	deaf = false;
	assert.equal((await link.send(get)).proof, 'answered');
});

test('our end is told to the server, and the server’s to us', async (t) => {
	const server = await openssl(t);
	const relay = await datagramRelay(t, server.port);
	const { link } = await open(t, relay.port);
	await link.close();
	assert.equal(await link.ended, undefined);
	await eventually('close_notify', () => assert.equal(relay.sent.at(-1)?.[0], 21));
	// The server answers with its own close_notify, which no third party can forge.
	await eventually('its own', () => assert.equal(relay.answered.at(-1)?.[0], 21));
});

test('a session whose server was started again without our noticing shakes hands anew', async (t) => {
	const server = await openssl(t);
	// The relay hides that the port is closed for a moment.
	const relay = await datagramRelay(t, server.port);
	const session = realSession('coap', {
		...{ url: `coaps://127.0.0.1:${relay.port}`, values: { pingInterval: 1, 'dtls.identity': 'someone' } },
		secrets,
	});
	t.after(() => session.dispose());
	await session.connect();
	await server.restart();
	await eventually('noticed', () =>
		assert.ok(
			notes(session).some((note) => /does not answer a ping|DTLS session/.test(note)),
			notes(session).join('\n'),
		),
	);
	await eventually('open again', () => assert.equal(session.status().state.kind, 'open'));
	assert.equal((await session.send(get)).proof, 'answered');
	await session.close();
});
