import { createServer, type Socket } from 'node:net';
import { generate, type Packet, parser } from 'mqtt-packet';
import { reset } from '../hostile/reset';
import { listen } from '../net/listen';

export interface Client {
	send(packet: object): void;
	raw(bytes: Buffer): void;
	end(): void;
	reset(): void;
	/** Connections before this one. */
	index: number;
	version: 4 | 5;
}

export interface SmallBroker {
	port: number;
	/** Every packet that came, with the connection it came on. */
	packets: { cmd: string; index: number; [member: string]: unknown }[];
	close(): Promise<void>;
}

/** A broker of a few lines: `answer` says what it does with each packet, CONNECT among them. */
export async function smallBroker(
	answer: (client: Client, packet: Packet & { cmd: string; messageId?: number; qos?: number }) => void,
): Promise<SmallBroker> {
	const sockets = new Set<Socket>();
	const packets: SmallBroker['packets'] = [];
	let count = 0;
	const server = createServer((socket) => {
		sockets.add(socket);
		socket.on('error', () => {});
		const reading = parser();
		const client: Client = {
			index: count++,
			version: 4,
			send: (packet) => void socket.write(generate(packet as Packet, { protocolVersion: client.version })),
			raw: (bytes) => void socket.write(bytes),
			end: () => void socket.end(),
			reset: () => reset(socket),
		};
		reading.on('packet', (packet) => {
			if (packet.cmd === 'connect') client.version = packet.protocolVersion === 5 ? 5 : 4;
			packets.push({ ...packet, index: client.index });
			answer(client, packet as Parameters<typeof answer>[1]);
		});
		reading.on('error', () => socket.destroy());
		socket.on('data', (chunk) => void reading.parse(chunk));
	});
	const port = await listen(server);
	return {
		port,
		packets,
		close() {
			for (const socket of sockets) socket.destroy();
			return new Promise((resolve) => server.close(() => resolve()));
		},
	};
}
