import { Socket as UdpSocket } from 'node:dgram';
import { once } from 'node:events';
import type { AddressInfo, Server } from 'node:net';

// Loopback only: the servers have no access control.
const host = '127.0.0.1';

/** Opens the port, or a free one where it is busy or forbidden. 0 is any free port. Resolves with the open port. */
export async function openPort(server: Server | UdpSocket, wanted: number): Promise<number> {
	try {
		const opened = once(server, 'listening');
		if (server instanceof UdpSocket) server.bind(wanted, host);
		else server.listen(wanted, host);
		await opened;
	} catch (error) {
		const { code } = error as NodeJS.ErrnoException;
		if (wanted !== 0 && (code === 'EADDRINUSE' || code === 'EACCES')) return openPort(server, 0);
		throw error;
	}
	return (server.address() as AddressInfo).port;
}
