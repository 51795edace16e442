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

/** Of ports for servers in other processes: nobody else may take one between its being found and its being used. */
const firstFree = 24_000;
/** Test files run in processes of their own, several at once: each goes its own way through the range. */
let next = process.pid * 97;

/** A port that nobody listens on at the moment, and that this process has not given away lately. */
export async function freePort(): Promise<number> {
	for (let attempt = 0; attempt < count; attempt++) {
		const server = createServer();
		const port = await listen(server, firstFree + (next++ % count)).catch(() => undefined);
		if (port === undefined) continue;
		await new Promise((resolve) => server.close(resolve));
		return port;
	}
	throw new Error('No port is free.');
}
