import { createSocket, type Socket } from 'node:dgram';
import { furnish } from './greenhouse';
import { type CoapServer, createCoapServer } from './server';

export interface CoapPlayground {
	/** On loopback: the wanted one, or a free one where that was taken. */
	port: number;
	server: CoapServer;
	close(): Promise<void>;
}

/** Starts the greenhouse. Never on another address than loopback: it lets everyone in. */
export async function startCoap(wanted: number): Promise<CoapPlayground> {
	const socket = createSocket('udp4');
	const server = createCoapServer(furnish);
	const port = await bind(socket, wanted);
	let open = true;
	socket.on('error', () => {});
	socket.on('message', (bytes, { address, port: from }) => {
		server.receive(bytes, {
			key: `${address} ${from}`,
			send: (answer) => open && socket.send(answer, from, address, () => {}),
		});
	});
	return {
		port,
		server,
		async close() {
			if (!open) return;
			open = false;
			server.close();
			await new Promise<void>((resolve) => socket.close(() => resolve()));
		},
	};
}

function bind(socket: Socket, wanted: number): Promise<number> {
	return new Promise((resolve, reject) => {
		const failed = (error: NodeJS.ErrnoException) => {
			if (wanted !== 0 && (error.code === 'EADDRINUSE' || error.code === 'EACCES'))
				bind(socket, 0).then(resolve, reject);
			else reject(error);
		};
		socket.once('error', failed);
		socket.bind(wanted, '127.0.0.1', () => {
			socket.off('error', failed);
			resolve(socket.address().port);
		});
	});
}
