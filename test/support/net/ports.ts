import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { connect } from 'node:net';

/** Rejects unless a server listens at the port of loopback. */
export async function probe(port: number): Promise<void> {
	const socket = connect(port, '127.0.0.1');
	try {
		await once(socket, 'connect');
	} finally {
		socket.destroy();
	}
}

/** Whether a server listens at the port of loopback. */
export const accepts = (port: number): Promise<boolean> =>
	probe(port).then(
		() => true,
		() => false,
	);

/** Rows of the system's table whose local end is the port, except those in LISTEN or TIME_WAIT. */
export function connectionsAt(port: number): number {
	const local = `0100007F:${port.toString(16).toUpperCase().padStart(4, '0')}`;
	return readFileSync('/proc/net/tcp', 'utf8')
		.split('\n')
		.map((line) => line.trim().split(/\s+/))
		.filter(([, address, , state]) => address === local && state !== '0A' && state !== '06').length;
}
