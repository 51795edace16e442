import { createServer as createHttpServer } from 'node:http';
import { createServer } from 'node:net';
import { startAmqp1 } from './amqp1/start';
import { Broker } from './broker/broker';
import { startCoap } from './coap/server';
import { startDevices } from './devices/index';
import { startKafka } from './kafka/start';
import type { Embedded } from './server';
import { startSocketIo } from './socketio';
import { openServer } from './tcp';
import { createWebSocketServer } from './websocket';

/** Path of the state of the playground, as JSON, at its HTTP port. */
const statePath = '/playground';

/** The servers that are part of the extension. `state` is served to other windows, which use the same playground. */
export function embeddedServers(state: () => unknown): Embedded[] {
	const broker = new Broker();
	return [
		{
			...{ id: 'mqtt', label: 'MQTT', usualPort: 1883 },
			async start(port) {
				const server = createServer((socket) => {
					socket.setNoDelay(true);
					broker.attach(socket);
				});
				const stop = startDevices(broker);
				return openServer(server, port, () => {
					stop();
					broker.close();
				});
			},
			connections: (port) => [
				{
					profile: {
						...{ name: 'Playground', protocol: 'mqtt', url: `mqtt://127.0.0.1:${port}` },
						subscriptions: [{ target: 'farm/#' }],
					},
					// The vent obeys "open" and "closed".
					firstMessage: { verb: 'publish', target: 'farm/greenhouse-1/vent/set', values: { qos: 1 } },
				},
			],
		},
		{
			...{ id: 'ws', label: 'WebSocket', usualPort: 9001 },
			async start(port) {
				const server = createHttpServer((request, response) => {
					if (request.method === 'GET' && request.url === statePath)
						response
							.writeHead(200, { 'content-type': 'application/json' })
							.end(JSON.stringify({ playground: state() }));
					else response.writeHead(426, { 'content-type': 'text/plain' }).end('WebSocket only: /echo, /ticker, /mqtt\n');
				});
				const websocket = createWebSocketServer((stream) => broker.attach(stream));
				server.on('upgrade', (request, socket, head) => {
					websocket.handleUpgrade(request, socket, head, (client) => websocket.emit('connection', client, request));
				});
				return openServer(server, port, () => {
					for (const client of websocket.clients) client.close(1001, 'The playground closes');
				});
			},
			connections: (port) =>
				['Echo', 'Ticker'].map((name) => ({
					profile: {
						...{ name: `Playground ${name}`, protocol: 'websocket' },
						url: `ws://127.0.0.1:${port}/${name.toLowerCase()}`,
					},
				})),
		},
		{
			...{ id: 'coap', label: 'CoAP', usualPort: 5683, start: startCoap },
			connections: (port) => [
				{ profile: { name: 'Playground Greenhouse', protocol: 'coap', url: `coap://127.0.0.1:${port}` } },
			],
		},
		{
			...{ id: 'kafka', label: 'Kafka', usualPort: 9092, start: startKafka },
			connections: (port) => [
				{
					profile: {
						...{ name: 'Playground Kafka', protocol: 'kafka', url: `kafka://127.0.0.1:${port}` },
						subscriptions: [{ target: 'orders' }],
					},
				},
			],
		},
		{
			...{ id: 'amqp1', label: 'AMQP 1.0', usualPort: 5673, start: startAmqp1 },
			connections: (port) => [
				{
					profile: {
						...{ name: 'Playground AMQP 1.0', protocol: 'amqp1', url: `amqp://127.0.0.1:${port}` },
						subscriptions: [{ target: 'news' }],
					},
				},
			],
		},
		{
			...{ id: 'socketio', label: 'Socket.IO', usualPort: 3000, start: startSocketIo },
			connections: (port) => [
				{
					profile: {
						...{ name: 'Playground Socket.IO', protocol: 'socketio', url: `http://127.0.0.1:${port}` },
						subscriptions: [{ target: '/chat' }],
					},
				},
			],
		},
	];
}
