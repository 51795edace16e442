import { createSocket } from 'node:dgram';
import { isIPv6 } from 'node:net';
import type { Sink, Traffic } from '../../adapter';

/** A UDP socket for one peer. */
export interface Wire {
	send(bytes: Buffer): void;
	close(): void;
}

export interface WireEvents {
	message(bytes: Buffer): void;
	/** The system reports that nothing reaches the peer: an ICMP answer, or no route. */
	failed(error: unknown): void;
	/** A datagram came from another address or port than the peer's. */
	stranger(from: string): void;
	/** As `ConnectContext.opened`. Datagrams of others are not counted. */
	opened?(socket: Traffic): void;
}

/** Requested size of the system's receive buffer, in bytes; the system may grant less. */
const receiveBuffer = 4 * 1024 * 1024;

/**
 * Opens a connected UDP socket: the system accepts only datagrams from the peer's address and port, and reports when the
 * host refuses them (ICMP), which it does for connected sockets only.
 */
export function openWire(address: string, port: number, events: WireEvents): Promise<Wire> {
	return new Promise((resolve, reject) => {
		const socket = createSocket({ type: isIPv6(address) ? 'udp6' : 'udp4' });
		let open = true;
		const traffic = { sent: 0, received: 0 };
		const failed = (error: unknown) => {
			if (open) events.failed(error);
		};
		const wire: Wire = {
			send(bytes) {
				if (!open) return;
				try {
					socket.send(bytes, (error) => error && failed(error));
					traffic.sent += bytes.length;
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
		const failedEarly = (error: unknown) => {
			wire.close();
			reject(error);
		};
		socket.once('error', failedEarly);
		let peer: { address: string; port: number } | undefined;
		socket.on('message', (bytes, from) => {
			if (!open) return;
			// Between binding and connecting, the system accepts datagrams from anywhere.
			if (peer && (from.port !== peer.port || from.address !== peer.address))
				return events.stranger(`${from.address}, port ${from.port}`);
			traffic.received += bytes.length;
			events.message(bytes);
		});
		socket.connect(port, address, () => {
			socket.off('error', failedEarly);
			socket.on('error', failed);
			try {
				peer = socket.remoteAddress();
				socket.setRecvBufferSize(receiveBuffer);
			} catch {
				// The default size is used, or the socket was closed in between.
			}
			events.opened?.(traffic);
			resolve(wire);
		});
	});
}

/** How often each reason is noted, and how many reasons: the log must not fill with foreign datagrams. */
const maxNotes = 3;
const maxReasons = 50;

/** Notes in the log that datagrams were ignored, and why. */
export function ignoredNotes(sink: Sink): (why: string) => void {
	const counts = new Map<string, number>();
	return (why) => {
		const count = (counts.get(why) ?? 0) + 1;
		if (count > maxNotes || (count === 1 && counts.size >= maxReasons)) return;
		counts.set(why, count);
		const rest = count === maxNotes ? ' Further ones for this reason are not reported.' : '';
		sink.note(`A datagram was ignored: ${why}.${rest}`, true);
	};
}
