import type { Server, Socket } from 'node:net';
import { openPort } from './ports';
import type { Running } from './server';

/** Milliseconds for the closing messages to leave. */
const closing = 500;

/** Opens a TCP or HTTP server. `goodbye` is called before it closes. */
export async function openServer(server: Server, wanted: number, goodbye: () => void): Promise<Running> {
	const sockets = new Set<Socket>();
	server.on('connection', (socket: Socket) => {
		sockets.add(socket);
		socket.on('error', () => {});
		socket.on('close', () => sockets.delete(socket));
	});
	return {
		port: await openPort(server, wanted),
		async close() {
			goodbye();
			const timer = setTimeout(() => {
				for (const socket of sockets) socket.destroy();
			}, closing);
			await new Promise((resolve) => server.close(resolve));
			clearTimeout(timer);
		},
	};
}
