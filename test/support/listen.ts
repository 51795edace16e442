import { createServer, type Server } from 'node:net';

/**
 * Below the system's range for outgoing connections: nobody takes the port away while a server is restarted on it.
 */
const first = 22_000;
const count = 200;

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

/** A port that nobody listens on at the moment. */
export async function freePort(): Promise<number> {
	const server = createServer();
	const port = await listen(server);
	await new Promise((resolve) => server.close(resolve));
	return port;
}
