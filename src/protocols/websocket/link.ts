import type { Socket } from 'node:net';
import type WebSocket from 'ws';
import type { Failure } from '../../base/failure';
import type { Property, Security } from '../../model/contracts/session';
import type { Link, Sink } from '../adapter';
import { wsFlag } from './describe/flags';
import { createSending } from './sending';
import { closedByServer, dropped } from './wire/close-codes';
import { readFrames } from './wire/frames';
import { watchLiveness } from './wire/liveness';
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

/** The life of a WebSocket that is open and paused; it is read from the next turn of the loop on. */
export function createLink({ socket, stream, sink, ...options }: LinkOptions): Link {
	let state: 'open' | 'closing' | 'ended' = 'open';
	/** The first thing that went wrong is the reason, what follows from it is not. */
	let failure: Failure | undefined;
	let wireError: Error | undefined;
	/** The server has sent its last byte. Without this, ws closed the socket, which it does for pings only. */
	let finished = false;
	let fuse: ReturnType<typeof setTimeout> | undefined;
	let ended: (failure: Failure | undefined) => void = () => {};
	const sending = createSending(socket, stream);
	const probe = Buffer.from('liveness');
	const liveness =
		options.pingEvery > 0
			? watchLiveness({
					every: options.pingEvery,
					ping: () => socket.readyState === socket.OPEN && socket.ping(probe),
					dead(waited) {
						failure ??= {
							code: 'silent',
							message: `The server answered nothing for ${Math.round(waited / 100) / 10} s after a ping, so the connection was ended.`,
						};
						socket.terminate();
					},
				})
			: undefined;

	function end(reason: Failure | undefined): void {
		if (state === 'ended') return;
		state = 'ended';
		clearTimeout(fuse);
		liveness?.stop();
		sending.stop();
		socket.terminate();
		ended(reason);
	}

	/** A peer that neither reads nor goes away does not keep a broken connection open. */
	function burn(): void {
		fuse ??= setTimeout(() => stream.destroy(), goodbyeWithin);
	}

	const following = followUnfinished(socket);
	const receive = (payload: Buffer, binary: boolean) => {
		following.received();
		if (state === 'ended') return;
		sink.message({ target: options.group(payload, binary), payload, flags: binary ? wsFlag.binary : 0 });
	};
	const told = socket.extensions === '' ? readFrames(stream, options.limit, receive) : () => {};
	socket.on('message', (data, binary) => {
		told();
		receive(data as Buffer, binary);
	});
	socket.on('ping', (payload) => {
		following.controlReceived();
		if (options.logPings && state !== 'ended') sink.message({ target: '', payload, flags: wsFlag.ping });
	});
	socket.on('pong', (payload) => {
		following.controlReceived();
		const asked = sending.pong(payload);
		if (!asked && payload.equals(probe)) return;
		if (options.logPings && state !== 'ended') sink.message({ target: '', payload, flags: wsFlag.pong });
	});
	socket.on('error', (error) => {
		failure ??= protocolFailure(error, socket, options.limit);
		burn();
	});
	socket.on('close', (code, reason) => {
		if (failure) return end(failure);
		if (state === 'closing') return end(undefined);
		if (code !== 1006) return end(closedByServer(code, reason.toString('utf8')));
		if (wireError) return end(dropped(wireError.message, wireError));
		if (finished) return end(dropped('The server ended the TCP connection.'));
		end({
			code: 'too-many-pings',
			message: 'The server sent more pings at once than can be answered, so the connection was ended.',
		});
	});
	// ws swallows the reason of the socket.
	stream.on('error', (error) => {
		wireError ??= error;
	});
	stream.on('data', () => {
		liveness?.seen();
		following.read();
	});
	stream.on('end', () => {
		finished = true;
		burn();
	});
	setImmediate(() => socket.resume());

	return {
		security: options.security,
		facts: options.facts,
		ended: new Promise((resolve) => {
			ended = resolve;
		}),
		unfinished: following.unfinished,
		prepare: sending.prepare,
		send: sending.send,
		close() {
			return new Promise((resolve) => {
				if (state === 'ended') return resolve();
				state = 'closing';
				socket.once('close', () => resolve());
				socket.close(1000);
				burn();
			});
		},
		destroy() {
			if (state === 'open') state = 'closing';
			end(failure);
		},
	};
}
