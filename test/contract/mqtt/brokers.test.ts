import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import { createServer as createSecureServer } from 'node:https';
import test from 'node:test';
import { Aedes } from 'aedes';
import { createWebSocketStream, WebSocketServer } from 'ws';
import type { Values } from '../../../src/model/profile/field';
import { adapter } from '../../../src/protocols/mqtt/adapter';
import { readMeta } from '../../../src/protocols/mqtt/describe/publish-properties';
import { listen } from '../../support/net/listen';
import { eventually } from '../../support/run/eventually';
import { dynamicSecurity, type MosquittoOptions, startMosquitto } from '../../support/servers/mosquitto';
import { pki } from '../../support/servers/pki';
import { connect, idOf, refused, resolved } from '../suite/attempt';

const draft = (target: string, values: Values = {}) => ({ verb: 'publish', target, values, payload: Buffer.from('x') });

async function withMosquitto(options: MosquittoOptions, body: (port: number) => Promise<void>): Promise<void> {
	const broker = await startMosquitto(options);
	try {
		await body(broker.port);
	} finally {
		await broker.stop();
	}
}

const mutual = () => [
	...[`cafile ${pki().ca}`, `certfile ${pki().server.cert}`, `keyfile ${pki().server.key}`],
	...['require_certificate true', 'use_identity_as_username true'],
];

test('mosquitto that wants a client certificate: with one, without, and with a stranger', () =>
	withMosquitto({ listener: mutual() }, async (port) => {
		const profile = resolved('mqtt', `mqtts://127.0.0.1:${port}`, { 'tls.ca': pki().ca });
		const { cert } = pki().client;
		const { link } = await connect({
			...{ adapter, profile, secrets: { 'tls.passphrase': 'secret' } },
			values: { 'tls.cert': cert, 'tls.key': pki().encryptedKey },
		});
		assert.equal(link.security.authentication, 'client certificate');
		assert.equal((await link.send(draft('a', { qos: 1 }))).proof, 'unrouted');
		await link.close();

		const none = await refused({ adapter, profile });
		assert.equal(none.failure.code, 'client-certificate-required', JSON.stringify(none.failure));
		assert.equal(none.failure.final, true);
		const stranger = pki().stranger;
		const other = await refused({ adapter, profile, values: { 'tls.cert': stranger.cert, 'tls.key': stranger.key } });
		assert.match(other.failure.code, /^client-certificate-refused$/, JSON.stringify(other.failure));
		assert.equal(other.failure.final, true);
	}));

test('mosquitto whose ACL denies: QoS 1 and MQTT 5 say so', () =>
	withMosquitto({ users: { alice: 'secret' }, acl: ['user alice', 'topic readwrite alice/#'] }, async (port) => {
		const { link } = await connect({
			...{ adapter, profile: resolved('mqtt', `mqtt://127.0.0.1:${port}`, { username: 'alice' }) },
			secrets: { password: 'secret' },
		});
		const denied = await link.send(draft('bob/x', { qos: 1 }));
		assert.equal(denied.proof, 'refused');
		assert.match(denied.text, /not authorized/);
		assert.equal((await link.send(draft('bob/x'))).proof, 'handed-over');
		await link.subscribe?.({ target: 'alice/#', qos: 2 });
		assert.equal((await link.send(draft('alice/x', { qos: 2 }))).proof, 'acknowledged');
		await link.close();
	}));

test('mosquitto that refuses a subscription, in 3.1.1 and 5', () => {
	const users = { dev: { password: 'secret', filter: 'dev/#' } };
	return withMosquitto({ dynamicSecurity: dynamicSecurity(users) }, async (port) => {
		for (const mqttVersion of ['3.1.1', '5']) {
			const { link } = await connect({
				...{ adapter, profile: resolved('mqtt', `mqtt://127.0.0.1:${port}`, { username: 'dev', mqttVersion }) },
				secrets: { password: 'secret' },
			});
			assert.deepEqual(await link.subscribe?.({ target: 'dev/#', qos: 1 }), { detail: 'QoS 1 granted' });
			await assert.rejects(async () => link.subscribe?.({ target: 'ops/#' }), /refused the subscription to "ops\/#"/);
			await link.unsubscribe?.({ target: 'dev/#' });
			await link.close();
		}
	});
});

test('mosquitto: properties, retained, no local, identifiers and a will arrive as they were sent', () =>
	withMosquitto({}, async (port) => {
		const profile = resolved('mqtt', `mqtt://127.0.0.1:${port}`);
		const { link, recorded } = await connect({ adapter, profile });
		const userProperties: [string, string][] = [
			['b', '1'],
			['a', '2'],
			['b', '3'],
		];
		const sent = { contentType: 'text/plain', responseTopic: 'r', correlationData: '0x00ff', userProperties };
		await link.send(draft('kept', { ...sent, qos: 1, retain: true, payloadFormat: true }));
		await link.subscribe?.({ target: '#', qos: 1, identifier: 42 });
		const wills = { 'will.topic': 'gone', 'will.payload': 'bye', 'will.qos': 1, 'will.contentType': 'text/x' };
		const other = await connect({ adapter, profile, values: wills });
		other.link.destroy();
		await eventually('both are here', () => assert.equal(recorded.messages.length, 2));
		const [kept, gone] = recorded.messages;
		assert.equal(kept?.flags, (1 << 8) | (1 << 10));
		assert.deepEqual(kept.subscriptions, [idOf({ target: '#' })]);
		assert.deepEqual(readMeta(kept.meta as Uint8Array), {
			...{ utf8: true, contentType: 'text/plain', responseTopic: 'r', correlation: '00ff' },
			...{ subscriptionIds: [42], userProperties },
		});
		assert.deepEqual([gone?.target, gone?.payload.toString()], ['gone', 'bye']);
		await link.unsubscribe?.({ target: '#' });
		await link.subscribe?.({ target: '+', qos: 1, noLocal: true, retainHandling: 2 });
		await link.send(draft('mine', { qos: 1 }));
		await other.link.ended;
		await link.close();
		assert.equal(recorded.messages.length, 2);
	}));

for (const scheme of ['ws', 'wss'] as const)
	test(`MQTT over ${scheme}: path, headers, both ways, and a plain web server`, async () => {
		const broker = await Aedes.createBroker();
		const server =
			scheme === 'ws'
				? createServer()
				: createSecureServer({ cert: pki().read(pki().server.cert), key: pki().read(pki().server.key) });
		const asked: string[] = [];
		const sockets = new WebSocketServer({ noServer: true, handleProtocols: () => 'mqtt' });
		server.on('upgrade', (request, socket, head) => {
			asked.push(`${request.url} ${request.headers['x-test']}`);
			if (request.url !== '/mqtt' && request.url !== '/own?x=1')
				return void socket.end('HTTP/1.1 404 Not Found\r\n\r\n');
			sockets.handleUpgrade(request, socket, head, (ws) => broker.handle(createWebSocketStream(ws), request));
		});
		const port = await listen(server);
		try {
			for (const path of ['', '/own?x=1']) {
				const { link, recorded } = await connect({
					adapter,
					profile: resolved('mqtt', `${scheme}://127.0.0.1:${port}${path}`, {
						...{ mqttVersion: '3.1.1', 'ws.headers': [['x-test', 'yes']], 'tls.ca': pki().ca },
					}),
				});
				assert.deepEqual(recorded.steps, ['tcp', ...(scheme === 'wss' ? ['tls'] : []), 'handshake', 'login']);
				await link.subscribe?.({ target: 'a', qos: 1 });
				const payload = Buffer.alloc(1024 * 1024, '\0\xffbinary', 'latin1');
				assert.equal((await link.send({ ...draft('a', { qos: 1 }), payload })).proof, 'acknowledged');
				await eventually('received', () => assert.ok(recorded.messages[0]?.payload.equals(payload)));
				await link.close();
				assert.equal(await link.ended, undefined);
			}
			assert.deepEqual(asked, ['/mqtt yes', '/own?x=1 yes']);
			const { failure } = await refused({
				adapter,
				profile: resolved('mqtt', `${scheme}://127.0.0.1:${port}/other`, { 'tls.ca': pki().ca }),
			});
			assert.equal(failure.code, 'upgrade-refused');
			assert.match(failure.message, /HTTP status 404/);
		} finally {
			broker.close();
			sockets.close();
			server.closeAllConnections();
			await new Promise((resolve) => server.close(resolve));
		}
	});
