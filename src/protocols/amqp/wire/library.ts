import { Duplex } from 'node:stream';
import { type ChannelModel, connect, credentials, type SocketOptions } from 'amqplib';
import { ownFrameMax } from './guard';
import { maxHeartbeat } from './silence';

export interface Login {
	/** SASL mechanism. */
	mechanism: 'PLAIN' | 'EXTERNAL';
	user: string;
	password: string;
	vhost: string;
	/** Proposed to the server, in seconds; 0 for none. */
	heartbeat: number;
	/** Shown by the server beside the connection. */
	connectionName: string;
}

export interface LibraryStream {
	stream: Duplex;
	/** A frame for the library, which it processes before this returns: its events keep their order among the guard's. */
	push(frame: Buffer): void;
	/** Ends the library's timers and rejects its promises. */
	destroy(): void;
}

/**
 * The socket as amqplib sees it. It never reports that it is full, so that frames of all channels leave in the order in
 * which the library wrote them; messages that wait are limited in `messages/sending.ts`.
 */
export function libraryStream(send: (bytes: Buffer) => void): LibraryStream {
	const stream = new Duplex({
		writableHighWaterMark: Number.MAX_SAFE_INTEGER,
		read() {},
		write(bytes: Buffer, _encoding, done) {
			send(bytes);
			done();
		},
	});
	stream.on('error', () => {});
	return {
		stream: Object.assign(stream, { setNoDelay() {}, setKeepAlive() {} }),
		push(bytes) {
			stream.push(bytes);
			// Node would report it in a later tick.
			stream.emit('readable');
		},
		// The library ends its timers on an error, and not on 'close'. Right after the handshake its listeners for it are
		// attached only when this turn is over.
		destroy: () => void setImmediate(() => stream.destroy(new Error('The connection has ended.'))),
	};
}

/**
 * The handshake over a stream. `net.connect` of amqplib is replaced when it is bundled (scripts/lib/amqplib-stream.mjs);
 * where that was forgotten, the host name fails and no password leaves.
 */
export async function openModel(stream: Duplex, login: Login): Promise<ChannelModel> {
	const { user, password, mechanism, connectionName } = login;
	const model = await connect(
		{
			...{ protocol: 'amqp', hostname: 'replaced-when-bundled.invalid', frameMax: ownFrameMax, channelMax: 2000 },
			vhost: encodeURIComponent(login.vhost),
			heartbeat: Math.min(login.heartbeat, maxHeartbeat),
		},
		{
			stream,
			credentials: mechanism === 'PLAIN' ? credentials.plain(user, password) : credentials.external(),
			clientProperties: {
				product: 'Messaging Workbench',
				platform: 'Node.js',
				connection_name: connectionName,
				// Amqplib's own values, which the server would show as those of this client.
				version: undefined,
				information: undefined,
			},
		} as SocketOptions,
	);
	// Without a listener an error would be thrown. The caller may have given up on the connection.
	model.on('error', () => {});
	return model;
}
