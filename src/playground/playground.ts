import { createServer as createHttpServer } from 'node:http';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { Broker } from './broker/broker';
import { startCoap } from './coap/server';
import { startDevices } from './devices/index';
import { createWebSocketServer } from './websocket';

export interface Playground {
	/** Ports on loopback: the requested ones, or free ones where those are taken. */
	ports: { mqtt: number; ws: number; coap: number };
	close(): Promise<void>;
}

// Loopback only: the servers have no access control.
const host = '127.0.0.1';

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
	const http = createHttpServer((_request, response) => {
		response.writeHead(426, { 'content-type': 'text/plain' }).end('WebSocket only: /echo, /ticker, /mqtt\n');
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
		mqtt: await listen(mqtt, wanted.mqttPort),
		ws: await listen(http, wanted.websocketPort),
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

/** Resolves with the port: the requested one, or a free one when that is taken or forbidden. */
function listen(server: Server, wanted: number): Promise<number> {
	return new Promise((resolve, reject) => {
		const failed = (error: NodeJS.ErrnoException) => {
			if (wanted !== 0 && (error.code === 'EADDRINUSE' || error.code === 'EACCES')) {
				listen(server, 0).then(resolve, reject);
			} else reject(error);
		};
		server.once('error', failed);
		server.listen(wanted, host, () => {
			server.off('error', failed);
			resolve((server.address() as AddressInfo).port);
		});
	});
}
