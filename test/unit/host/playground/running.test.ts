import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import test, { type TestContext } from 'node:test';
import { findPlayground } from '../../../../src/host/playground/running';
import { localPort } from '../../../../src/model/contracts/playground';
import { startPlayground } from '../../../../src/playground/playground';
import { freePort } from '../../../support/net/listen';

test('finds a playground by the listed WebSocket connections, or on its usual port', async (t) => {
	const playground = await startPlayground({ port: 0 });
	t.after(playground.close);
	const { ports, servers } = playground;
	const closed = await freePort();
	const listed = await findPlayground([`ws://127.0.0.1:${ports.ws}/ticker`, 17, 'ws://'], closed);
	assert.deepEqual(listed?.servers, servers);
	assert.deepEqual((await findPlayground(['mqtt://broker.example:1883'], ports.ws))?.servers, servers);
	assert.deepEqual(await listed?.again(), servers);
});

async function serve(t: TestContext, listener: RequestListener): Promise<{ port: number; asked: string[] }> {
	const asked: string[] = [];
	const server = createServer((request, response) => {
		asked.push(`${request.method} ${request.url}`);
		listener(request, response);
	});
	server.listen(0, '127.0.0.1');
	await once(server, 'listening');
	t.after(() => {
		server.closeAllConnections();
		server.close();
	});
	return { port: (server.address() as AddressInfo).port, asked };
}

const server = { id: 'a', label: 'A', port: 1883, usualPort: 1883, state: 'open', since: 1, connections: [] };
const connected = (url: string) => ({ ...server, connections: [{ profile: { name: 'A', protocol: 'mqtt', url } }] });
const answer = (servers: object[]) => JSON.stringify({ playground: servers });

test('a server that answers like a playground is one', async (t) => {
	const servers = [connected('mqtt://127.0.0.1:1883')];
	const { port } = await serve(t, (_, response) => void response.end(answer(servers)));
	assert.deepEqual((await findPlayground([], port))?.servers, servers);
});

const others: Record<string, RequestListener> = {
	'an answer without JSON': (_, response) => void response.end('<html>'),
	'an answer of another shape': (_, response) => void response.end('{"playground":{"mqtt":"1883"}}'),
	'an empty list': (_, response) => void response.end(answer([])),
	'a port that is none': (_, response) => void response.end(answer([{ ...server, port: 70_000 }])),
	'a connection to another machine': (_, response) =>
		void response.end(answer([connected('mqtt://broker.example:1883')])),
	'a connection to another machine behind a user': (_, response) =>
		void response.end(answer([connected('mqtt://127.0.0.1:1883@broker.example')])),
	'a refusal': (_, response) => void response.writeHead(404).end(answer([server])),
	'an answer without end': (_, response) => {
		const more = () => response.writable && response.write('x'.repeat(10_000), more);
		more();
	},
	'a connection that is cut': (request) => void request.socket.destroy(),
};
for (const [name, listener] of Object.entries(others))
	test(`${name} is no playground`, async (t) => {
		const { port, asked } = await serve(t, listener);
		assert.equal(await findPlayground([], port), undefined);
		assert.deepEqual(asked, ['GET /playground']);
	});

test('only addresses of this machine are asked', () => {
	assert.deepEqual(localPort('ws://127.0.0.1:9001/ticker'), { scheme: 'ws', port: 9001 });
	assert.deepEqual(localPort('MQTT://localhost:1883'), { scheme: 'mqtt', port: 1883 });
	for (const url of ['ws://192.168.0.1:9001', 'ws://localhost.example:1', 'ws://127.0.0.1', 'ws://127.0.0.1:1@host', 7])
		assert.equal(localPort(url), undefined, String(url));
});
