import { createSocket } from 'node:dgram';
import { isIPv6 } from 'node:net';

/** One UDP socket for one peer. */
export interface Wire {
	send(bytes: Buffer): void;
	close(): void;
}

export interface WireEvents {
	message(bytes: Buffer): void;
	/** The system says that nothing gets there: ICMP's answer, or no route. */
	failed(error: unknown): void;
	/** From another address or port than the peer's. */
	stranger(from: string): void;
}

/** Of the system's buffer for what has arrived and was not read yet. Bytes; the system may give less. */
const receiveBuffer = 4 * 1024 * 1024;

/**
 * A socket that is connected, in UDP's sense: the system lets through only what comes from the peer's address and port,
 * and tells when a host refuses (ICMP), which it does for connected sockets only.
 */
export function openWire(address: string, port: number, events: WireEvents): Promise<Wire> {
	return new Promise((resolve, reject) => {
		const socket = createSocket({ type: isIPv6(address) ? 'udp6' : 'udp4' });
		let open = true;
		const failed = (error: unknown) => {
			if (open) events.failed(error);
		};
		const wire: Wire = {
			send(bytes) {
				if (!open) return;
				try {
					socket.send(bytes, (error) => error && failed(error));
				} catch (error) {
					failed(error);
				}
			},
			close() {
				if (!open) return;
				open = false;
				socket.close();
			},
		};
		const early = (error: unknown) => {
			wire.close();
			reject(error);
		};
		socket.once('error', early);
		let peer: { address: string; port: number } | undefined;
		socket.on('message', (bytes, from) => {
			if (!open) return;
			// What came between binding and connecting was let through by the system.
			if (peer && (from.port !== peer.port || from.address !== peer.address))
				return events.stranger(`${from.address}, port ${from.port}`);
			events.message(bytes);
		});
		socket.connect(port, address, () => {
			socket.off('error', early);
			socket.on('error', failed);
			try {
				peer = socket.remoteAddress();
				socket.setRecvBufferSize(receiveBuffer);
			} catch {
				// The system's own size has to do, or the socket has been closed meanwhile.
			}
			resolve(wire);
		});
	});
}
