import { type Failure, FailureError, toFailure } from '../../../base/failure';
import { silent } from '../../shared/failures';
import { createLinkLife, type LinkLife } from '../../shared/link-life';
import { type Liveness, quietFor, watchLiveness } from '../../shared/liveness';
import { notEngine, type OpenPacket, readOpen } from './open-packet';
import { violation } from './packet';
import { type Revision, revision3 } from './revision';
import type { Transport, Unit } from './transport';

/** Receives the messages of a session. Bytes are valid until the call returns. */
export interface MessageListener {
	/** The packet of Socket.IO begins behind the first byte. Throws a FailureError to end the session. */
	text(bytes: Buffer): void;
	binary(bytes: Buffer): void;
}

export interface Engine {
	readonly life: LinkLife;
	readonly transport: Transport;
	revision: Revision;
	/** Resolves when the server has opened the session. Rejects when the session ends before. */
	readonly opened: Promise<OpenPacket>;
	send(unit: Unit, done?: (error?: Error | null) => void): void;
	/** Sets who receives messages. Those that wait are delivered first, and reading goes on. */
	receive(listener: MessageListener): void;
	/** From now on messages wait until `receive`. */
	hold(): void;
	/** The first message that waits, which stays where it is; undefined if none comes within so many milliseconds. */
	firstMessage(within: number): Promise<Buffer | undefined>;
	/** Continues on another transport, on which nothing was read yet. */
	switchTo(transport: Transport): void;
	/** Starts heartbeats, and the detection of a dead server. `pingEvery`: in milliseconds, 0: the server's heartbeat alone. */
	watch(open: OpenPacket, pingEvery: number): void;
}

export interface EngineOptions {
	transport: Transport;
	revision: Revision;
	/** Called before the session is closed by this side, to send what ends it. */
	goodbye(): void;
	/** Called once when the session has ended. */
	destroyed(): void;
}

/** Milliseconds that a goodbye may take. */
const goodbyeWithin = 1000;
/** Bytes of messages that wait for `receive` before reading stops. */
const maxHeld = 1024 * 1024;
/** Bytes that may wait before pings of the server are left unanswered. */
const maxPongs = 65_536;

const type = { open: 0x30, close: 0x31, ping: 0x32, pong: 0x33, message: 0x34, upgrade: 0x35, noop: 0x36 } as const;

/** An Engine.IO session (protocol revisions 3 and 4). The given transport is listened to at once. */
export function createEngine({ goodbye, destroyed, ...options }: EngineOptions): Engine {
	let { transport, revision } = options;
	let listener: MessageListener | undefined;
	let held: { bytes: Buffer; isBinary: boolean }[] = [];
	let heldSize = 0;
	let firstHeld: ((bytes: Buffer | undefined) => void) | undefined;
	let isOpen = false;
	const watches: Liveness[] = [];
	let resolveOpen: (open: OpenPacket) => void = () => {};
	let rejectOpen: (error: FailureError) => void = () => {};
	const opened = new Promise<OpenPacket>((resolve, reject) => {
		resolveOpen = resolve;
		rejectOpen = reject;
	});
	// The caller may be waiting for something else when the session ends.
	opened.catch(() => {});
	const life = createLinkLife({
		goodbyeWithin,
		goodbye() {
			goodbye();
			transport.end();
		},
		destroyed() {
			for (const watch of watches) watch.stop();
			held = [];
			firstHeld?.(undefined);
			destroyed();
			transport.destroy();
		},
	});
	void life.ended.then((failure) =>
		rejectOpen(new FailureError(failure ?? { code: 'closed', message: 'The connection was closed.' })),
	);

	function guard(run: () => void): void {
		if (life.state === 'ended') return;
		try {
			run();
		} catch (error) {
			life.end(toFailure(error));
		}
	}

	function deliver(bytes: Buffer, isBinary: boolean): void {
		if (!listener) {
			held.push({ bytes: Buffer.from(bytes), isBinary });
			heldSize += bytes.length;
			if (heldSize > maxHeld) transport.pause();
			firstHeld?.(bytes);
		} else if (isBinary) listener.binary(bytes);
		else listener.text(bytes);
	}

	function packet(bytes: Buffer): void {
		const first = bytes[0];
		if (!isOpen && first !== type.open) throw notEngine(bytes);
		if (first === type.message) {
			deliver(bytes, false);
			return;
		}
		switch (first) {
			case type.open: {
				if (isOpen) throw violation('The server opened the session twice.', bytes);
				isOpen = true;
				resolveOpen(readOpen(bytes));
				break;
			}
			case type.close:
				life.end({ code: 'closed-by-server', message: 'The server ended the session.' });
				break;
			case type.ping:
				if (transport.waiting <= maxPongs) transport.send({ text: `3${bytes.toString('utf8', 1, 100)}` });
				break;
			case type.pong:
			case type.noop:
				break;
			default:
				throw violation('The server sent a packet that is not valid Engine.IO.', bytes);
		}
	}

	function listen(): void {
		const current = transport;
		current.listen({
			text: (bytes) => guard(() => current === transport && packet(bytes)),
			binary: (bytes) =>
				guard(() => {
					if (!isOpen) throw notEngine(bytes);
					if (current === transport) deliver(bytes, true);
				}),
			heard() {
				for (const watch of watches) watch.heard();
			},
			ended: (failure) => current === transport && life.end(failure),
		});
	}
	listen();

	function end(failure: Failure): void {
		life.blame(failure);
		life.end();
	}

	return {
		life,
		opened,
		get transport() {
			return transport;
		},
		get revision() {
			return revision;
		},
		set revision(found) {
			revision = found;
		},
		send: (unit, done) => transport.send(unit, done),
		receive(to) {
			listener = to;
			heldSize = 0;
			while (held.length > 0 && life.state !== 'ended' && listener) {
				const next = held.shift();
				if (next) guard(() => deliver(next.bytes, next.isBinary));
			}
			if (life.state !== 'ended' && listener) transport.resume();
		},
		hold() {
			listener = undefined;
		},
		firstMessage(within) {
			return new Promise((resolve) => {
				const done = (bytes: Buffer | undefined) => {
					clearTimeout(timer);
					firstHeld = undefined;
					resolve(bytes);
				};
				const timer = setTimeout(() => done(undefined), within);
				if (held[0]) return done(held[0].bytes);
				firstHeld = done;
			});
		},
		switchTo(next) {
			transport = next;
			listen();
		},
		watch({ pingInterval, pingTimeout }, pingEvery) {
			// Revision 3: the client sends the heartbeats.
			if (revision === revision3) {
				const every = Math.min(pingInterval, pingEvery || pingInterval);
				const { quiet, patience } = quietFor(every);
				const watch = watchLiveness({
					...{ quiet, patience: Math.max(patience, Math.min(pingTimeout, 5000)), beat: pingInterval },
					probe: () => transport.send({ text: '2' }),
					dead: (waited) => end(silent('server', waited)),
				});
				watches.push(watch);
				return;
			}
			watches.push(
				watchLiveness({
					...{ quiet: pingInterval, patience: pingTimeout },
					probe() {},
					dead: (_, quiet) => end(noHeartbeat(quiet, pingInterval)),
				}),
			);
			if (pingEvery === 0 || !transport.ping) return;
			watches.push(
				watchLiveness({
					...quietFor(pingEvery),
					beat: pingEvery,
					probe: () => transport.ping?.(),
					dead: (waited) => end(silent('server', waited)),
				}),
			);
		},
	};
}

const seconds = (ms: number) => Math.round(ms / 100) / 10;

function noHeartbeat(quiet: number, interval: number): Failure {
	return {
		code: 'silent',
		message: `The server sent nothing for ${seconds(quiet)} s, although it announced a heartbeat every ${seconds(interval)} s, so the connection was ended.`,
	};
}
