import { createSocket } from 'node:dgram';
import { createServer, type Server } from 'node:net';

/**
 * Below the system's range for outgoing connections: nobody takes the port away while a server is restarted on it.
 */
const first = 22_000;
const count = 2000;

/** Listens on loopback, on a port of the tests' own range, or on `port`. */
export async function listen(server: Server, port?: number): Promise<number> {
	const start = Math.floor(Math.random() * count);
	for (let attempt = 0; attempt < count; attempt++) {
		const candidate = port ?? first + ((start + attempt) % count);
		const error = await new Promise<unknown>((resolve) => {
			server.once('error', resolve);
			server.listen(candidate, '127.0.0.1', () => {
				server.off('error', resolve);
				resolve(undefined);
			});
		});
		if (!error) return candidate;
		if (port !== undefined) throw error;
	}
	throw new Error('No port is free.');
}

/**
 * Of ports for servers in other processes: nobody else may take one between its being found and its being used. Test
 * files run several at once, each in a lane that has ports of its own.
 */
const lane = Number(process.env.TEST_LANE ?? 0);
const ofLane = 400;
const firstFree = 24_000 + lane * ofLane;
/** The next file of a lane does not begin where the one before has just closed its servers. */
let next = process.pid * 97;

/** The lower one of so many ports in a row that nobody listens on, by TCP or UDP, and that were not given away lately. */
export async function freePort(row = 1): Promise<number> {
	for (let attempt = 0; attempt < ofLane; attempt++) {
		const at = next % ofLane;
		next += row;
		if (at + row > ofLane) continue;
		const ports = Array.from({ length: row }, (_, index) => firstFree + at + index);
		const free = await Promise.all(ports.map(isFree));
		if (free.every(Boolean)) return firstFree + at;
	}
	throw new Error('No port is free.');
}

async function isFree(port: number): Promise<boolean> {
	const server = createServer();
	const socket = createSocket('udp4');
	try {
		await listen(server, port);
		await new Promise<void>((resolve, reject) => socket.once('error', reject).bind(port, '127.0.0.1', resolve));
		return true;
	} catch {
		return false;
	} finally {
		if (server.listening) await new Promise((resolve) => server.close(resolve));
		await new Promise<void>((resolve) => socket.close(resolve));
	}
}
