import { createSocket, type RemoteInfo } from 'node:dgram';
import type { TestContext } from 'node:test';

export interface DatagramRelay {
	port: number;
	/** To the client that spoke last, from where it expects the server. */
	say(bytes: Buffer): void;
	/** What the client has sent, the last client only. */
	sent: Buffer[];
	/** What the server has sent, the last client only. */
	answered: Buffer[];
}

export interface RelayOptions {
	/** What the client gets instead of the `index`th datagram of the server. */
	toClient?(bytes: Buffer, index: number): Buffer[];
	toServer?(bytes: Buffer, index: number): Buffer[];
}

/** Stands between one client at a time and a server on loopback, and changes what they say. */
export async function datagramRelay(
	t: TestContext,
	server: number,
	options: RelayOptions = {},
): Promise<DatagramRelay> {
	const front = createSocket('udp4');
	let back = createSocket('udp4');
	let client: RemoteInfo | undefined;
	const relay: DatagramRelay = {
		port: 0,
		sent: [],
		answered: [],
		say(bytes) {
			if (client) front.send(bytes, client.port, client.address);
		},
	};
	function renew(from: RemoteInfo): void {
		back.close();
		client = from;
		relay.sent = [];
		relay.answered = [];
		const own = createSocket('udp4');
		back = own;
		own.on('message', (bytes) => {
			relay.answered.push(bytes);
			const all = options.toClient?.(bytes, relay.answered.length - 1) ?? [bytes];
			for (const one of all) front.send(one, from.port, from.address);
		});
	}
	front.on('message', (bytes, from) => {
		if (client?.port !== from.port) renew(from);
		relay.sent.push(bytes);
		const all = options.toServer?.(bytes, relay.sent.length - 1) ?? [bytes];
		for (const one of all) back.send(one, server, '127.0.0.1');
	});
	await new Promise<void>((resolve) => front.bind(0, '127.0.0.1', resolve));
	relay.port = front.address().port;
	t.after(async () => {
		back.close();
		await new Promise<void>((resolve) => front.close(resolve));
	});
	return relay;
}
