import assert from 'node:assert/strict';
import { once } from 'node:events';
import type { IncomingMessage } from 'node:http';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import test, { type TestContext } from 'node:test';
import { TLSSocket } from 'node:tls';
import { WebSocketServer } from 'ws';
import { type Failure, FailureError } from '../../../../src/base/failure';
import { attempt } from '../../../../src/engine/session/attempt';
import { type ConnectStep, defaultLimits } from '../../../../src/model/contracts/session';
import type { Values } from '../../../../src/model/profile/field';
import { adapters } from '../../../../src/protocols';
import { openLink } from '../../../../src/protocols/mqtt/link';
import { createHeldMemory } from '../../../../src/protocols/mqtt/messages/held';
import { connectSettings } from '../../../../src/protocols/mqtt/session/connect-options';
import { deafSink } from '../../../../src/protocols/shared/null-sink';
import type { Pipe, PipeListener } from '../../../../src/protocols/shared/pipe';
import { connect, isSentence, refused, resolved } from '../../../contract/suite/attempt';
import { amqpDialogue } from '../../../support/hostile/amqp';
import { type Dialogue, startHostile } from '../../../support/hostile/hostile';
import { mqttDialogue } from '../../../support/hostile/mqtt';
import { reset } from '../../../support/hostile/reset';
import { websocketDialogue } from '../../../support/hostile/websocket';
import { hostileUser, xmppDialogue } from '../../../support/hostile/xmpp';
import { listen } from '../../../support/net/listen';
import { pki } from '../../../support/servers/pki';
import { smallBroker } from '../../../support/servers/small-broker';

const values: Values = { username: 'alice', allowUnencrypted: true, 'tls.verify': false };
const urls: [protocol: string, scheme: string][] = [
	['mqtt', 'mqtt'],
	['mqtt', 'mqtts'],
	['mqtt', 'ws'],
	['mqtt', 'wss'],
	['amqp', 'amqp'],
	['amqp', 'amqps'],
	['websocket', 'ws'],
	['websocket', 'wss'],
	['xmpp', 'xmpp'],
	['xmpp', 'xmpps'],
	['xmpp', 'ws'],
	['xmpp', 'wss'],
];
const isTls = (scheme: string) => scheme !== 'ws' && scheme.endsWith('s');

async function adapterOf(protocol: string) {
	const adapter = await adapters[protocol]?.();
	assert.ok(adapter);
	return adapter;
}

/** A server for one way to end. `raw` is the TCP socket below TLS, the only one that can be reset. */
async function serve(t: TestContext, tls: boolean, serving: (socket: Socket, raw: Socket) => void) {
	const sockets = new Set<Socket>();
	const server = createServer((raw) => {
		sockets.add(raw);
		raw.on('error', () => {});
		if (!tls) return serving(raw, raw);
		const { server: pair, read } = pki();
		const socket = new TLSSocket(raw, { isServer: true, cert: read(pair.cert), key: read(pair.key) });
		socket.on('error', () => {});
		serving(socket, raw);
	});
	const port = await listen(server);
	t.after(() => {
		for (const socket of sockets) socket.destroy();
		server.close();
	});
	return port;
}

for (const [protocol, scheme] of urls) {
	const fails = async (port: number) => {
		const profile = resolved(protocol, `${scheme}://127.0.0.1:${port}`, values);
		const { failure } = await refused({ adapter: await adapterOf(protocol), profile, secrets: { password: 'p' } });
		assert.ok(isSentence(failure.message), failure.message);
		return failure;
	};

	test(`${protocol} at ${scheme}://: a connection that is reset before anything was said`, async (t) => {
		for (const when of ['at once', 'at the first bytes']) {
			const port = await serve(t, false, (socket) => {
				if (when === 'at once') reset(socket);
				else socket.once('data', () => reset(socket));
			});
			const failure = await fails(port);
			assert.equal(failure.code, 'reset', `${when}: ${JSON.stringify(failure)}`);
			assert.notEqual(failure.final, true);
		}
	});

	test(`${protocol} at ${scheme}://: a connection that is reset after the first words`, async (t) => {
		const port = await serve(t, isTls(scheme), (socket, raw) => socket.once('data', () => reset(raw)));
		const failure = await fails(port);
		assert.equal(failure.code, 'reset', JSON.stringify(failure));
		assert.match(failure.message, /^127\.0\.0\.1:\d+ cut the connection off\.$/);
	});

	test(`${protocol} at ${scheme}://: a connection that is closed`, async (t) => {
		for (const when of ['at once', 'after the first words']) {
			const port = await serve(t, isTls(scheme) && when !== 'at once', (socket) => {
				if (when === 'at once') socket.end();
				else socket.once('data', () => socket.end());
			});
			const failure = await fails(port);
			assert.match(
				failure.code,
				/^(no-connack|closed-by-server|handshake-dropped|tls-closed)$/,
				JSON.stringify(failure),
			);
			assert.match(failure.message, /closed the connection/);
			assert.notEqual(failure.final, true);
		}
	});

	test(`${protocol} at ${scheme}://: a silent server shows the protocol handshake`, async (t) => {
		const abort = new AbortController();
		const steps: ConnectStep[] = [];
		const port = await serve(t, isTls(scheme), (socket) => socket.once('data', () => abort.abort()));
		const connecting = (await adapterOf(protocol)).connect({
			profile: resolved(protocol, `${scheme}://127.0.0.1:${port}`, values),
			...{ secrets: { password: 'p' }, limits: defaultLimits, signal: abort.signal, sink: deafSink, memory: new Map() },
			step: (step) => steps.push(step),
			found() {},
		});
		await assert.rejects(connecting, /cancelled/);
		assert.deepEqual(steps, ['tcp', ...(isTls(scheme) ? ['tls'] : []), 'handshake']);
	});
}

test('XMPP: a server that opens its stream and offers nothing is in the protocol handshake', async (t) => {
	const header = `<?xml version='1.0'?><stream:stream xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams' from='localhost' version='1.0'>`;
	const steps: ConnectStep[] = [];
	const port = await serve(t, false, (socket) => socket.write(header));
	const opening = attempt({
		adapter: await adapterOf('xmpp'),
		request: {
			profile: resolved('xmpp', `xmpp://127.0.0.1:${port}`, { ...values, connectTimeout: 0.3 }),
			...{ secrets: { password: 'p' }, limits: defaultLimits, reconnect: false },
		},
		...{ memory: new Map(), sink: deafSink, signal: new AbortController().signal },
		onStep: (step) => steps.push(step),
		onFound() {},
	});
	await assert.rejects(opening, {
		message: 'The server did not answer within 0.3 s during the protocol handshake.',
	});
	assert.deepEqual(steps, ['tcp', 'handshake']);
});

for (const how of ['reset', 'closed'])
	test(`MQTT: a broker that knows 3.1.1 only, and MQTT 5 is ${how}`, async (t) => {
		const versions: number[] = [];
		const broker = await smallBroker((client) => {
			versions.push(client.version);
			if (client.version === 4) client.send({ cmd: 'connack', returnCode: 0 });
			else if (how === 'closed') client.end();
			else client.reset();
		});
		t.after(() => broker.close());
		const memory = new Map<string, unknown>();
		const connect = async () => {
			const link = await (await adapterOf('mqtt')).connect({
				profile: resolved('mqtt', `mqtt://127.0.0.1:${broker.port}`),
				...{ secrets: {}, limits: defaultLimits, signal: new AbortController().signal, sink: deafSink, memory },
				step() {},
				found() {},
			});
			assert.equal(link.facts[0]?.value, '3.1.1 (the broker refused 5)');
			link.destroy();
		};
		await connect();
		assert.deepEqual(versions, [5, 4]);
		await connect();
		assert.deepEqual(versions, [5, 4, 4], 'what was proven holds for the session');
	});

test('MQTT: a broker that cut off both versions is asked with both again later', async (t) => {
	const versions: number[] = [];
	let works = false;
	const broker = await smallBroker((client) => {
		versions.push(client.version);
		if (works && client.version === 4) client.send({ cmd: 'connack', returnCode: 0 });
		else client.reset();
	});
	t.after(() => broker.close());
	const adapter = await adapterOf('mqtt');
	const memory = new Map<string, unknown>();
	const context = {
		profile: resolved('mqtt', `mqtt://127.0.0.1:${broker.port}`),
		...{ secrets: {}, limits: defaultLimits, signal: new AbortController().signal, sink: deafSink, memory },
		step() {},
		found() {},
	};
	const isReset = (error: unknown) => error instanceof FailureError && error.failure.code === 'reset';
	await assert.rejects(adapter.connect(context), isReset);
	works = true;
	for (let attempts = 0; attempts < 9; attempts++) await assert.rejects(adapter.connect(context), isReset);
	(await adapter.connect(context)).destroy();
	assert.deepEqual(versions, [5, 4, ...Array<number>(9).fill(5), 5, 4]);
});

test('MQTT: a write that fails leaves it to the connection to say why', async () => {
	const profile = resolved('mqtt', 'mqtt://h');
	let listener: PipeListener | undefined;
	const pipe: Pipe = {
		write(_, done) {
			done?.(Object.assign(new Error('write EPIPE'), { code: 'EPIPE' }));
			setImmediate(() => listener?.closed({ code: 'reset', message: 'It was reset.' }));
		},
		listen(input) {
			listener = input;
		},
		waiting: 0,
		leave() {},
		end() {},
		destroy() {},
	};
	const opening = openLink({
		context: {
			...{ profile, secrets: {}, limits: defaultLimits, sink: deafSink, memory: new Map() },
			...{ signal: new AbortController().signal, step() {}, found() {} },
		},
		...{ settings: connectSettings(profile, 'id'), version: 5, fellBack: false, pipe, limit: 1000 },
		security: { encrypted: false, verified: false, authentication: 'none' },
		open: { received: new Set(), sent: new Set() },
		heldMemory: createHeldMemory(),
	});
	await assert.rejects(opening, { message: 'It was reset.' });
});

const opened: [protocol: string, dialogue: Dialogue, values: Values, target?: string][] = [
	['mqtt', mqttDialogue, { username: 'alice' }, 'a/b'],
	['amqp', amqpDialogue, { 'management.url': 'none' }, 'exchange/orders/#'],
	['websocket', websocketDialogue, {}],
	['xmpp', xmppDialogue, { username: `${hostileUser.name}@localhost`, allowUnencrypted: true }],
];
for (const [protocol, dialogue, more, target] of opened)
	for (const fault of ['rst', 'fin'])
		test(`${protocol}: ${fault} at each step is named`, { concurrency: 8 }, async (t) => {
			const steps = dialogue().map(({ name }) => name);
			// libuv reports a reset right after data as an end.
			if (fault === 'rst') steps.splice(steps.indexOf('open'), 1);
			await Promise.all(
				steps.map((step) =>
					t.test(step, async () => {
						const server = await startHostile({ dialogue, step, fault });
						try {
							const scheme = protocol === 'websocket' ? 'ws' : protocol;
							const failure = await endOf(protocol, `${scheme}://127.0.0.1:${server.port}`, more, target);
							if (fault === 'rst') assert.equal(failure?.code, 'reset', JSON.stringify(failure));
							else
								assert.match(
									failure?.message ?? '',
									/closed|ended|dropped without a close frame/,
									JSON.stringify(failure),
								);
							assert.ok(isSentence(failure?.message ?? ''), failure?.message);
						} finally {
							await server.close();
						}
					}),
				),
			);
		});

test('websocket: an open connection that is reset', async (t) => {
	const server = new WebSocketServer({ port: 0, host: '127.0.0.1' });
	await once(server, 'listening');
	t.after(() => server.close());
	const accepted = once(server, 'connection');
	const { link } = await connect({
		...{ adapter: await adapterOf('websocket') },
		profile: resolved('websocket', `ws://127.0.0.1:${(server.address() as AddressInfo).port}`),
	});
	const [, request] = await accepted;
	reset((request as IncomingMessage).socket);
	assert.equal((await link.ended)?.code, 'reset');
});

/** The failure of the attempt, or of the link if it opens. */
async function endOf(protocol: string, url: string, more: Values, target?: string): Promise<Failure | undefined> {
	try {
		const { link } = await connect({
			...{ adapter: await adapterOf(protocol), profile: resolved(protocol, url, more) },
			secrets: { password: hostileUser.password },
		});
		// The link reports the failure as well.
		if (target !== undefined) link.subscribe?.({ target }).catch(() => {});
		return await link.ended;
	} catch (error) {
		if (error instanceof FailureError) return error.failure;
		throw error;
	}
}
