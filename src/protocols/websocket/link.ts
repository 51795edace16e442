import type { Socket } from 'node:net';
import type WebSocket from 'ws';
import type { Property, Security } from '../../model/contracts/session';
import type { Link, Sink } from '../adapter';
import { silent } from '../shared/failures';
import { createLinkLife } from '../shared/link-life';
import { quietFor, watchLiveness } from '../shared/liveness';
import { wsFlag } from './describe/flags';
import { createSending } from './sending';
import { closedByServer, dropped } from './wire/close-codes';
import { readFrames } from './wire/frames';
import { protocolFailure } from './wire/protocol-failure';
import { followUnfinished } from './wire/unfinished-frame';

/** How long a goodbye or the rest of a broken connection may take. Milliseconds. */
export const goodbyeWithin = 1000;

export interface LinkOptions {
	socket: WebSocket;
	/** What `socket` stands on. */
	stream: Socket;
	security: Security;
	facts: Property[];
	sink: Sink;
	/** Where a message is filed. */
	group(payload: Buffer, binary: boolean): string;
	/** Of a message, in bytes. */
	limit: number;
	/** Milliseconds; 0: never. */
	pingEvery: number;
	logPings: boolean;
}

/** The link of a WebSocket that is open and paused; it is read from the next turn of the event loop on. */
export function createLink({ socket, stream, sink, ...options }: LinkOptions): Link {
	let wireError: Error | undefined;
	/** The server has sent its last byte. Without this, ws closed the socket, which it does for pings only. */
	let finished = false;
	let fuse: ReturnType<typeof setTimeout> | undefined;
	const sending = createSending(socket, stream);
	const probe = Buffer.from('liveness');
	const liveness =
		options.pingEvery > 0
			? watchLiveness({
					...quietFor(options.pingEvery),
					beat: options.pingEvery,
					probe: () => socket.readyState === socket.OPEN && socket.ping(probe),
					dead(waited) {
						life.blame(silent('server', waited));
						socket.terminate();
					},
				})
			: undefined;
	const life = createLinkLife({
		goodbyeWithin,
		goodbye: () => socket.close(1000),
		destroyed() {
			clearTimeout(fuse);
			liveness?.stop();
			sending.stop();
			socket.terminate();
		},
	});

	/** Destroys a broken connection soon, even when the peer neither reads nor closes it. */
	function limitRest(): void {
		fuse ??= setTimeout(() => stream.destroy(), goodbyeWithin);
	}

	const following = followUnfinished(socket);
	const receive = (payload: Buffer, binary: boolean) => {
		following.received();
		if (life.state === 'ended') return;
		sink.message({ target: options.group(payload, binary), payload, flags: binary ? wsFlag.binary : 0 });
	};
	const told = socket.extensions === '' ? readFrames(stream, options.limit, receive) : () => {};
	socket.on('message', (data, binary) => {
		told();
		receive(data as Buffer, binary);
	});
	socket.on('ping', (payload) => {
		following.controlReceived();
		if (options.logPings && life.state !== 'ended') sink.message({ target: '', payload, flags: wsFlag.ping });
	});
	socket.on('pong', (payload) => {
		following.controlReceived();
		const asked = sending.pong(payload);
		if (!asked && payload.equals(probe)) return;
		if (options.logPings && life.state !== 'ended') sink.message({ target: '', payload, flags: wsFlag.pong });
	});
	socket.on('error', (error) => {
		life.blame(protocolFailure(error, socket, options.limit));
		limitRest();
	});
	socket.on('close', (code, reason) => {
		if (code !== 1006) life.end(closedByServer(code, reason.toString('utf8')));
		else if (wireError) life.end(dropped(wireError.message, wireError));
		else if (finished) life.end(dropped('The server ended the TCP connection.'));
		else
			life.end({
				code: 'too-many-pings',
				message: 'The server sent more pings at once than can be answered, so the connection was ended.',
			});
	});
	// ws does not pass on the error of the socket.
	stream.on('error', (error) => {
		wireError ??= error;
	});
	stream.on('data', () => {
		liveness?.heard();
		following.read();
	});
	stream.on('end', () => {
		finished = true;
		limitRest();
	});
	setImmediate(() => socket.resume());

	return {
		security: options.security,
		facts: options.facts,
		ended: life.ended,
		unfinished: following.unfinished,
		prepare: sending.prepare,
		send: sending.send,
		close: life.close,
		destroy: life.destroy,
	};
}
