import type { Connection as Library, Session } from 'rhea';
import { type Failure, FailureError, fail, toFailure } from '../../../base/failure';
import type { Unfinished } from '../../adapter';
import { closedByPeer, notOpen, unanswered } from '../../shared/failures';
import { createLinkLife, type LinkLife } from '../../shared/link-life';
import { type Liveness, quietFor, watchLiveness } from '../../shared/liveness';
import type { Pipe } from '../../shared/pipe';
import type { Value } from './codec/values';
import { ownFrameMax } from './frames';
import { createGuard } from './guard';
import { createContainer } from './library';
import { LibrarySocket } from './library-socket';
import type { Payload } from './reassembly';
import { connectionRefusal, type PeerError } from './refusals';
import { type Login, libraryMechanisms } from './sasl';
import { type Server, serverOf, termsForLibrary } from './server';

/** How long a goodbye may take, in milliseconds. */
const goodbyeWithin = 500;

export interface ConnectionOptions extends Login {
	pipe: Pipe;
	peer: { host: string; port: number };
	/** Maximum bytes of a message. */
	limit: number;
	containerId: string;
	hostname: string;
	/** Seconds after which the server must have sent something; 0: it need not. */
	idleTimeout: number;
	properties: Record<string, string>;
	/** The server has shown that it speaks AMQP 1.0, and the login begins. */
	greeted(mechanisms: readonly string[]): void;
}

/** The open connection, on which links are attached. */
export interface Connection {
	readonly life: LinkLife;
	readonly library: Library;
	readonly server: Server;
	readonly mechanisms: readonly string[];
	/** Bytes that wait because the server does not read. */
	readonly waiting: number;
	/** Throws `not-open` unless it is open. */
	requireOpen(): void;
	/** The message of the library's current event `message`; undefined for one that was aborted. */
	take(): Payload | undefined;
	/** Announces a link of this side by its name. The fields of the server's attach are passed to `attached`. */
	expect(name: string, attached: (fields: Value[]) => void): void;
	forget(name: string): void;
	/** Throws `too-many-sessions`. Its end is reported by `endedSession`. */
	beginSession(): Session;
	endedSession(): void;
	/** Calls `done` when the system has taken everything that was written before, unless the connection ends first. */
	whenWritten(done: () => void): void;
	unfinished(): Unfinished | undefined;
}

/** Opens the connection: protocol headers, SASL and open. Throws a FailureError. */
export function openConnection(options: ConnectionOptions): Promise<Connection> {
	const { pipe, peer, idleTimeout } = options;
	const links = new Map<string, (fields: Value[]) => void>();
	let server: Server | undefined;
	let mechanisms: readonly string[] = [];
	let liveness: Liveness | undefined;
	let sessions = 0;
	let hasHeard = false;

	const socket = new LibrarySocket(
		(bytes) => pipe.write(bytes),
		() => pipe.end(),
	);
	const container = createContainer({ id: options.containerId });
	const life = createLinkLife({
		goodbyeWithin,
		goodbye: () => library.close(),
		destroyed() {
			liveness?.stop();
			socket.silence();
			// rhea stops its timers. Not at once: in the middle of its reading, it would start them again.
			setImmediate(() => socket.emit('end'));
			pipe.destroy();
		},
	});
	/** Ends the connection at once for a fault, also during the goodbye. */
	const breakOff = (failure: Failure) => {
		life.blame(failure);
		life.end();
	};
	const guard = createGuard({
		mechanism: options.mechanism,
		limit: options.limit,
		greeted(offered) {
			mechanisms = offered;
			options.greeted(offered);
		},
		opened(fields) {
			server = serverOf(fields);
		},
		attached(name, fields) {
			const listener = links.get(name);
			listener?.(fields);
			return listener !== undefined;
		},
		toLibrary: (bytes) => void socket.emit('data', bytes),
	});

	// Everything that rhea throws or reports about frames which the guard has passed.
	const fault = (error: unknown) => {
		if (error instanceof FailureError) {
			breakOff(error.failure);
			return;
		}
		const { evidence } = toFailure(error);
		breakOff({ code: 'library-fault', message: 'The AMQP library could not process what the server sent.', evidence });
	};
	container.on('error', fault);
	container.on('protocol_error' as 'error', fault);
	container.on('disconnected', () => {});
	container.on('connection_close', ({ connection }: { connection: Library }) => {
		// During the goodbye it is the server's answer. Otherwise rhea answers it, and the end of the pipe follows.
		if (life.state === 'closing') life.end();
		else life.blame(connectionRefusal(connection.error as PeerError | undefined, server !== undefined));
	});

	const login = libraryMechanisms(options, peer);
	const library = container.connect({
		...{ hostname: options.hostname, container_id: options.containerId, properties: options.properties },
		...{ max_frame_size: ownFrameMax, reconnect: false, host: peer.host, port: peer.port },
		...(idleTimeout > 0 && { idle_time_out: idleTimeout * 1000 }),
		...(login && { sasl_mechanisms: login, sasl_init_hostname: options.hostname }),
		connection_details: () => ({
			...peer,
			connect(_port: number, _host: string, _options: unknown, connected: () => void) {
				queueMicrotask(connected);
				return socket;
			},
		}),
	} as never);

	pipe.listen({
		data(chunk) {
			if (life.state === 'ended') return;
			hasHeard = true;
			liveness?.heard();
			try {
				guard.push(chunk);
			} catch (error) {
				breakOff(toFailure(error));
			}
		},
		closed(failure) {
			// The close of a WebSocket has evidence: its code.
			const isSilent = !hasHeard && failure.code === 'closed-by-server' && failure.evidence === undefined;
			life.end(isSilent ? unanswered('amqps', 'amqp') : failure);
		},
	});

	return new Promise((resolve, reject) => {
		// Once the connection is open, this rejection changes nothing.
		void life.ended.then((failure) => reject(new FailureError(failure ?? closedByPeer('server'))));
		library.once('connection_open', () => {
			if (life.state !== 'open' || !server) return;
			Object.assign((library as unknown as { remote: { open: object } }).remote.open, termsForLibrary(server));
			if (idleTimeout > 0)
				liveness = watchLiveness({
					...quietFor(idleTimeout * 1000),
					// The server sends empty frames by itself (AMQP 1.0, part 2, section 2.4.5).
					probe() {},
					dead: (_, silence) =>
						breakOff(
							fail('silent', 'The server does not answer any more.', {
								evidence: `nothing for ${(silence / 1000).toFixed(1)} s, with an idle timeout of ${idleTimeout} s`,
							}).failure,
						),
				});
			resolve(connectionOf(server));
		});
	});

	function connectionOf(greeting: Server): Connection {
		return {
			...{ life, library, server: greeting, mechanisms },
			get waiting() {
				return pipe.waiting + socket.waiting;
			},
			requireOpen() {
				if (life.state !== 'open') throw notOpen();
			},
			take: guard.take,
			expect: (name, attached) => void links.set(name, attached),
			forget: (name) => void links.delete(name),
			beginSession() {
				// rhea does not look at the limit of the server.
				if (sessions > greeting.channelMax)
					throw fail(
						'too-many-sessions',
						`The server allows ${greeting.channelMax + 1} sessions, and all are in use.`,
						{
							remedy: { text: 'Stop receiving from some addresses.' },
						},
					);
				sessions++;
				const session = library.create_session();
				session.begin();
				return session;
			},
			endedSession() {
				sessions--;
			},
			whenWritten(done) {
				// rhea writes in the next turn.
				setImmediate(() => {
					socket.flush();
					if (life.state !== 'ended') pipe.write(Buffer.alloc(0), (error) => error || done());
				});
			},
			unfinished: guard.unfinished,
		};
	}
}
