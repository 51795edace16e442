import { createServer as createHttpServer } from 'node:http';
import { createServer, type Socket } from 'node:net';
import { Broker } from './broker/broker';
import { startCoap } from './coap/server';
import { startDevices } from './devices/index';
import { openPort } from './ports';
import { createWebSocketServer } from './websocket';

export interface Playground {
	/** Ports on loopback: the requested ones, or free ones where those are taken. */
	ports: { mqtt: number; ws: number; coap: number };
	close(): Promise<void>;
}

/** 0 is any free port. */
export interface WantedPorts {
	mqttPort: number;
	websocketPort: number;
	coapPort?: number;
}

/** Starts broker, devices, WebSocket server and CoAP server. */
export async function startPlayground(wanted: WantedPorts): Promise<Playground> {
	const broker = new Broker();
	const sockets = new Set<Socket>();
	const mqtt = createServer((socket) => {
		socket.setNoDelay(true);
		broker.attach(socket);
	});
	const http = createHttpServer((request, response) => {
		if (request.method === 'GET' && request.url === '/playground')
			response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify({ playground: ports }));
		else response.writeHead(426, { 'content-type': 'text/plain' }).end('WebSocket only: /echo, /ticker, /mqtt\n');
	});
	const websocket = createWebSocketServer((stream) => broker.attach(stream));
	http.on('upgrade', (request, socket, head) => {
		websocket.handleUpgrade(request, socket, head, (client) => websocket.emit('connection', client, request));
	});
	for (const server of [mqtt, http]) {
		server.on('connection', (socket: Socket) => {
			sockets.add(socket);
			socket.on('error', () => {});
			socket.on('close', () => sockets.delete(socket));
		});
	}
	const coap = await startCoap(wanted.coapPort ?? 0);
	const ports = {
		mqtt: await openPort(mqtt, wanted.mqttPort),
		ws: await openPort(http, wanted.websocketPort),
		coap: coap.port,
	};
	const stop = startDevices(broker);
	return {
		ports,
		async close() {
			stop();
			broker.close();
			const coapClosed = coap.close();
			for (const client of websocket.clients) client.close(1001, 'The playground closes');
			const closed = [mqtt, http].map((server) => new Promise((resolve) => server.close(resolve)));
			// Time for the closing messages to leave.
			const timer = setTimeout(() => {
				for (const socket of sockets) socket.destroy();
			}, 500);
			await Promise.all([...closed, coapClosed]);
			clearTimeout(timer);
		},
	};
}
