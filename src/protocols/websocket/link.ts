import type { Socket } from 'node:net';
import type WebSocket from 'ws';
import type { Property, Security } from '../../model/contracts/session';
import type { Link, Sink } from '../adapter';
import { silent } from '../shared/failures';
import { webSocketFault } from '../shared/http/web-socket-failures';
import { createLinkLife } from '../shared/link-life';
import { quietFor, watchLiveness } from '../shared/liveness';
import { wsFlag } from './describe/flags';
import { createSending } from './sending';
import { closedByServer, closedByUser, dropped } from './wire/close-codes';
import { followFrames } from './wire/frames';
import type { FrontStream } from './wire/front-stream';
import { opensSocketIo, socketIoNote } from './wire/socketio-server';

/** Time limit for a goodbye and for the rest of a broken connection, in milliseconds. */
export const goodbyeWithin = 1000;

export interface LinkOptions {
	socket: WebSocket;
	/** The connection below `socket`, and between the two the stream that `socket` was opened on. */
	stream: Socket;
	front: FrontStream;
	security: Security;
	facts: Property[];
	sink: Sink;
	/** Names the group of a message. */
	group(payload: Buffer, binary: boolean): string;
	/** Largest message accepted, in bytes. */
	limit: number;
	/** Interval of pings in milliseconds; 0: none. */
	pingEvery: number;
	logPings: boolean;
}

/** The link of a WebSocket that is open and paused; it is read from the next turn of the event loop on. */
export function createLink({ socket, stream, front, sink, ...options }: LinkOptions): Link {
	let wireError: Error | undefined;
	/** The server has sent its last byte. Otherwise ws has closed the socket, which it does only for too many pings. */
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

	let isFirst = true;
	const receive = (payload: Buffer, binary: boolean) => {
		if (life.state === 'ended') return;
		sink.message({ target: options.group(payload, binary), payload, flags: binary ? wsFlag.binary : 0 });
		if (isFirst && opensSocketIo(payload)) sink.note(socketIoNote);
		isFirst = false;
	};
	const frames = followFrames({
		limit: options.limit,
		// ws decompresses in later turns.
		message: socket.extensions === '' ? receive : undefined,
		leave: (bytes) => front.pass(bytes),
	});
	socket.on('message', (data, binary) => {
		frames.delivered();
		receive(data as Buffer, binary);
	});
	socket.on('ping', (payload) => {
		if (options.logPings && life.state !== 'ended') sink.message({ target: '', payload, flags: wsFlag.ping });
	});
	socket.on('pong', (payload) => {
		const isAnswer = sending.pong(payload);
		if (!isAnswer && payload.equals(probe)) return;
		if (options.logPings && life.state !== 'ended') sink.message({ target: '', payload, flags: wsFlag.pong });
	});
	socket.on('error', (error) => {
		life.blame(webSocketFault(error, { limit: options.limit, declared: frames.declared }));
		limitRest();
	});
	socket.on('close', (code, reason) => {
		const own = sending.closed(code, reason.toString('utf8'));
		if (own) life.end(closedByUser(own, code, reason.toString('utf8')));
		else if (code !== 1006) life.end(closedByServer(code, reason.toString('utf8')));
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
	stream.on('end', () => {
		finished = true;
		limitRest();
	});
	setImmediate(() => {
		socket.resume();
		// The stream flows from the next tick on.
		process.nextTick(() =>
			front.follow((chunk) => {
				liveness?.heard();
				frames.push(chunk);
			}),
		);
	});

	return {
		security: options.security,
		facts: options.facts,
		ended: life.ended,
		unfinished: frames.unfinished,
		prepare: sending.prepare,
		send: sending.send,
		close: life.close,
		destroy: life.destroy,
	};
}
