import type { Socket } from 'node:net';
import { type Failure, FailureError, fail, toFailure } from '../../../base/failure';
import type { Unfinished } from '../../adapter';
import type { Peer } from '../../shared/dial/socket-failures';
import { notOpen, silent, tooLarge } from '../../shared/failures';
import { createGreetingCheck } from '../../shared/foreign-server';
import { createFramer } from '../../shared/frames';
import { createLinkLife, type LinkLife } from '../../shared/link-life';
import { type Liveness, quietFor, watchLiveness } from '../../shared/liveness';
import { socketPipe } from '../../shared/pipe';
import { kafka } from '../describe/describe';
import { apiVersions, type Versions } from './apis';
import { kafkaFailure, refusalOf } from './failures';
import { Connection as LibraryConnection } from './library';
import { type SignIn, saslOptions } from './sign-in';
import { announceOpen, libraryStream } from './stream';

/** Milliseconds for a goodbye. */
const goodbyeWithin = 500;
const unanswered = (ms: number): Failure => ({
	code: 'timeout',
	message: `The broker did not answer a request within ${ms / 1000} s, so the connection was ended.`,
});
/** Bytes that an answer may have beyond a message. */
const overhead = 1024 * 1024;
/** Bytes of a longer answer that are still passed on, enough for the head of its first batch behind empty partitions. */
const headSize = 256 * 1024;

export interface ConnectionOptions {
	socket: Socket;
	/** The error that the socket has reported. */
	error(): unknown;
	peer: Peer;
	clientId: string;
	signIn: SignIn | undefined;
	/** Maximum bytes of a message. */
	limit: number;
	/** Milliseconds for each answer. */
	answerWithin: number;
	/** The start of an answer that is too long is passed on before the connection ends: a fetch learns what to skip. */
	passesHeads: boolean;
	/** The broker has understood the first request, and the login begins. `offered`: mechanisms. */
	signingIn(offered: readonly string[]): void;
}

/** An open connection to one broker. */
export interface Connection {
	readonly peer: Peer;
	readonly life: LinkLife;
	/** Bytes that wait because the broker does not read. */
	readonly waiting: number;
	/** The highest version of a request that both sides know; undefined: none. */
	version(request: Versions<never, unknown>): number | undefined;
	/**
	 * Sends a request. Rejects with the library's error, which `kafkaFailure` explains; with `unsupported` if the broker does
	 * not know the request; with the reason of the end if the connection ends first.
	 */
	call<Request extends unknown[], Response>(api: Versions<Request, Response>, ...request: Request): Promise<Response>;
	/** From now on, a broker that is silent for too long ends the connection. `interval` in milliseconds; 0: never. */
	watch(interval: number): void;
	unfinished(): Unfinished | undefined;
}

/** The handshake and the login over an open socket. Throws a FailureError. */
export async function openConnection(options: ConnectionOptions): Promise<Connection> {
	const { peer, signIn, clientId, answerWithin } = options;
	let liveness: Liveness | undefined;
	let supported = new Map<number, { minVersion: number; maxVersion: number }>();
	const life = createLinkLife({
		goodbyeWithin,
		goodbye: () => pipe.end(),
		destroyed() {
			liveness?.stop();
			// Ends its timers as well.
			connection.close(() => {});
			library.end();
			pipe.destroy();
		},
	});
	const pipe = socketPipe(options.socket, { ...options, word: 'broker' });
	const library = libraryStream({
		write: (bytes) => pipe.write(bytes),
		destroyed: (reason) =>
			life.end(reason === 'timeout' ? unanswered(answerWithin) : kafkaFailure(reason, 'connection')),
	});
	const connection = new LibraryConnection(clientId, {
		connectTimeout: answerWithin,
		requestTimeout: answerWithin,
		tls: { open: () => library.stream } as object,
		...(signIn && { sasl: saslOptions(signIn) }),
	});
	connection.on('error', () => {});

	const checkGreeting = createGreetingCheck({
		protocol: kafka,
		server: 'a Kafka broker',
		// The highest byte of a length below 256 MiB.
		starts: (head) => head < '\x10',
	});
	const most = options.limit + overhead;
	const framer = createFramer({
		size(bytes, at) {
			if (at + 4 > bytes.length) return 0;
			const length = bytes.readInt32BE(at);
			if (length < 4) throw violation(`It announced an answer of ${length} bytes.`);
			if (length <= most) return length + 4;
			if (!options.passesHeads) throw tooLarge('broker', 'an answer', length, most);
			return headSize;
		},
		frame(bytes, start, end) {
			const length = bytes.readInt32BE(start);
			if (length <= most) {
				library.push(bytes.subarray(start, end));
				return;
			}
			const head = Buffer.from(bytes.subarray(start, end));
			head.writeInt32BE(head.length - 4);
			library.push(head);
			throw tooLarge('broker', 'an answer', length, most);
		},
	});
	pipe.listen({
		data(chunk) {
			if (life.state === 'ended') return;
			liveness?.heard();
			try {
				const bytes = checkGreeting(chunk);
				if (bytes) framer.push(bytes);
			} catch (error) {
				life.end(toFailure(error, 'The broker sent something that could not be handled.'));
			}
		},
		closed: (failure) => life.end(failure),
	});

	function versionOf({ key, versions }: Versions<never, unknown>) {
		const range = supported.get(key);
		return versions.find(({ version }) => range && version >= range.minVersion && version <= range.maxVersion);
	}

	async function call<Request extends unknown[], Response>(
		request: Versions<Request, Response>,
		...values: Request
	): Promise<Response> {
		if (life.state !== 'open') {
			const reason = life.state === 'ended' ? await life.ended : undefined;
			throw reason ? new FailureError(reason) : notOpen();
		}
		const api = request === (apiVersions as unknown) ? request.versions[0] : versionOf(request as never);
		if (!api)
			throw fail(
				'unsupported',
				`The broker does not support ${request.name}, or not in a version that this client knows.`,
				{
					evidence: versionsText(request, supported.get(request.key)),
				},
			);
		return new Promise<Response>((resolve, reject) => {
			const done = (error: Error | null, response?: Response) => {
				if (!error) resolve(response as Response);
				else if (life.state === 'open') reject(error);
				else void life.ended.then((failure) => reject(failure ? new FailureError(failure) : notOpen()));
			};
			(api as unknown as (...all: unknown[]) => void)(connection, ...values, done);
		});
	}

	try {
		await open();
		const answer = await call(apiVersions, '', '');
		supported = new Map(answer.apiKeys.map((one) => [one.apiKey, one]));
	} catch (error) {
		// A broker that closes the connection is reported after the library has given up on its requests.
		await new Promise((resolve) => setImmediate(resolve));
		const blamed = life.state === 'ended' && !refusalOf(error) ? await life.ended : undefined;
		life.destroy();
		throw new FailureError(blamed ?? kafkaFailure(error, 'connection'));
	}

	/** Ready for requests: at once, or when the login has succeeded. */
	function open(): Promise<void> {
		return new Promise((resolve, reject) => {
			connection.once('sasl:handshake', (mechanisms) => options.signingIn(mechanisms));
			connection.connect(peer.host, peer.port, (error) => (error ? reject(error) : resolve()));
			announceOpen(library.stream);
		});
	}

	return {
		...{ peer, life },
		get waiting() {
			return pipe.waiting;
		},
		version: (request) => versionOf(request)?.version,
		call,
		watch(interval) {
			if (interval === 0) return;
			liveness = watchLiveness({
				...quietFor(interval),
				beat: interval,
				probe: () => void call(apiVersions, '', '').catch(() => {}),
				dead: (waited) => life.end(silent('broker', waited)),
			});
		},
		unfinished: framer.unfinished,
	};
}

function violation(evidence: string): FailureError {
	return fail('protocol-violation', 'The broker sent something that the protocol does not allow.', { evidence });
}

function versionsText(
	{ versions }: Versions<never, unknown>,
	range?: { minVersion: number; maxVersion: number },
): string {
	const own = versions.map(({ version }) => version);
	const ours = `this client knows ${Math.min(...own)} to ${Math.max(...own)}`;
	return range ? `the broker ${range.minVersion} to ${range.maxVersion}, ${ours}` : ours;
}
