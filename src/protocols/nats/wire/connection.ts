import { type Failure, FailureError, toFailure } from '../../../base/failure';
import type { Unfinished } from '../../adapter';
import { notOpen, silent } from '../../shared/failures';
import { createGreetingCheck } from '../../shared/foreign-server';
import { createLinkLife, type LinkLife } from '../../shared/link-life';
import { type Liveness, quietFor, watchLiveness } from '../../shared/liveness';
import type { Pipe } from '../../shared/pipe';
import { nats } from '../describe/describe';
import { readInfo, type ServerInfo } from './info';
import { createReader, violation } from './reader';
import { errorLine, fatalFailure } from './server-errors';

/** Milliseconds that a goodbye may take. */
const goodbyeWithin = 500;
/** Bytes that may wait for a server that sends pings and does not read the answers. */
const maxUnread = 32 * 1024 * 1024;

/** The connection was closed while a message was on its way. */
const cutOff: Failure = {
	code: 'closed-by-server',
	message: 'The server closed the connection in the middle of a message.',
	remedy: { text: 'If this client did not read fast enough (slow consumer), subscribe to fewer subjects.' },
};

/** Receives the messages of one subscription; see `OnMessage`. */
export type Route = (subject: string, payload: Uint8Array, meta: Uint8Array | undefined, flags: number) => void;

/** Everything that was written before a PING has been processed by the server when the PONG comes. */
export interface Flush {
	/** Rejects with the reason for the end of the connection if that comes first. */
	done: Promise<void>;
	/** Called right before `done` is settled, or with the reason for the end of the connection. */
	after(run: (failure?: Failure) => void): void;
}

export interface ConnectionEvents {
	/** The server has sent another INFO. */
	info(info: ServerInfo, before: ServerInfo): void;
	/** The text of -ERR that does not end the connection. */
	error(text: string): void;
}

export interface Connection {
	readonly life: LinkLife;
	/** The latest INFO. */
	readonly info: ServerInfo;
	/** Bytes that wait because the server does not read. */
	readonly waiting: number;
	/** Reads from this pipe. The second one is the encrypted form of the first. */
	attach(pipe: Pipe): void;
	detach(): void;
	/** The first INFO. Throws a FailureError. */
	greeting(): Promise<ServerInfo>;
	/** Sends CONNECT; resolves when the server has accepted it. Throws a FailureError. */
	login(json: string): Promise<void>;
	start(events: ConnectionEvents, pingEvery: number): void;
	/** Written at the end of the turn of the event loop, together with all others. */
	write(bytes: Buffer | string): void;
	/** Throws `not-open`. */
	subscribe(subject: string, queue: string | undefined, route: Route): number;
	unsubscribe(sid: number): void;
	/** Shared by everything that is written until the PING is sent; one PING at a time is on its way. */
	flush(): Flush;
	unfinished(): Unfinished | undefined;
}

class OpenFlush implements Flush {
	private readonly listeners: ((failure?: Failure) => void)[] = [];

	get done(): Promise<void> {
		return new Promise((resolve, reject) =>
			this.after((failure) => (failure ? reject(new FailureError(failure)) : resolve())),
		);
	}
	after(run: (failure?: Failure) => void): void {
		this.listeners.push(run);
	}
	settle(failure?: Failure): void {
		for (const run of this.listeners) run(failure);
	}
}

/** `limit`: of one message, in bytes. */
export function createConnection(limit: number): Connection {
	const routes = new Map<number, Route>();
	let pipe: Pipe | undefined;
	let lastSid = 0;
	let info: ServerInfo | undefined;
	let events: ConnectionEvents | undefined;
	let greeted: (info: ServerInfo) => void = () => {};
	const greeting = new Promise<ServerInfo>((resolve) => {
		greeted = resolve;
	});
	let isSignedIn = false;
	let liveness: Liveness | undefined;
	/** Parts that are written at the end of the turn. */
	let outbox: (Buffer | string)[] = [];
	/** For each PING on its way. */
	const pings: (() => void)[] = [];
	let current: OpenFlush | undefined;
	let next: OpenFlush | undefined;
	let isScheduled = false;

	const life = createLinkLife({
		goodbyeWithin,
		goodbye() {
			writeOut();
			pipe?.end();
		},
		destroyed() {
			liveness?.stop();
			pipe?.destroy();
			routes.clear();
		},
	});
	void life.ended.then((failure) => {
		const reason = failure ?? { code: 'closed', message: 'The connection was closed.' };
		current?.settle(reason);
		next?.settle(reason);
		current = next = undefined;
	});
	const lost = () =>
		life.ended.then((failure): never => {
			throw new FailureError(failure ?? { code: 'closed', message: 'The connection was closed.' });
		});

	const reader = createReader(limit, {
		message(sid, subject, payload, meta, flags) {
			// The log may end the link while the rest of a chunk is read.
			if (life.state === 'ended') return;
			if (!events) throw violation('The server sent a message before the sign-in.');
			routes.get(sid)?.(subject, payload, meta, flags);
		},
		info(json) {
			const read = readInfo(json);
			if (!read) throw violation('The server sent an INFO that cannot be read.');
			const before = info;
			info = read;
			if (before) events?.info(read, before);
			else greeted(read);
		},
		error(text) {
			const failure = fatalFailure(text);
			if (failure) life.blame(failure);
			else if (events) events.error(text);
			else
				life.blame({
					...{ code: 'refused-by-server', message: 'The server refused the connection.' },
					evidence: errorLine(text),
				});
			// The server closes the connection; until then nothing else is expected.
			if (failure || !events) pipe?.end();
		},
		ping() {
			if (!info) throw violation('The server sent a PING before its INFO.');
			if ((pipe?.waiting ?? 0) > maxUnread)
				throw violation('The server sends pings and does not read the answers to them.');
			post('PONG\r\n');
		},
		pong() {
			const answered = pings.shift();
			if (!answered) throw violation('The server sent a PONG that answers no PING.');
			answered();
		},
	});
	const checkGreeting = createGreetingCheck({
		protocol: nats,
		server: 'a NATS server',
		starts: (head) => /^(INFO|-ERR '|PING\r)/.test(head),
	});

	function post(part: Buffer | string): void {
		outbox.push(part);
		if (isScheduled) return;
		isScheduled = true;
		queueMicrotask(writeOut);
	}

	function writeOut(): void {
		isScheduled = false;
		if (life.state === 'ended') return;
		if (next && !current && isSignedIn) {
			const flush = next;
			[current, next] = [flush, undefined];
			outbox.push('PING\r\n');
			pings.push(() => {
				current = undefined;
				flush.settle();
				if (next) schedule();
			});
		}
		if (outbox.length === 0) return;
		const parts = outbox;
		outbox = [];
		const [first] = parts;
		const bytes =
			parts.length === 1 && first
				? first
				: Buffer.concat(parts.map((part) => (typeof part === 'string' ? Buffer.from(part) : part)));
		liveness?.wrote();
		pipe?.write(bytes);
	}

	function schedule(): void {
		if (isScheduled) return;
		isScheduled = true;
		queueMicrotask(writeOut);
	}

	function requireOpen(): void {
		if (life.state !== 'open') throw notOpen();
	}

	return {
		life,
		get info() {
			if (!info) throw notOpen();
			return info;
		},
		get waiting() {
			return pipe?.waiting ?? 0;
		},
		attach(attached) {
			pipe = attached;
			if (life.state === 'ended') {
				attached.destroy();
				return;
			}
			attached.listen({
				data(chunk) {
					if (life.state === 'ended') return;
					liveness?.heard();
					try {
						const bytes = checkGreeting(chunk);
						if (bytes) reader.push(bytes);
					} catch (error) {
						life.end(toFailure(error));
					}
				},
				closed: (failure) => life.end(failure.code === 'closed-by-server' && reader.unfinished() ? cutOff : failure),
			});
		},
		detach() {
			// Bytes before TLS that are not the server's INFO may have been added on the way.
			if (reader.unfinished()) throw violation('The server sent more than its INFO before TLS.');
			pipe?.leave();
		},
		greeting: () => Promise.race([greeting, lost()]),
		async login(json) {
			post(`CONNECT ${json}\r\n`);
			isSignedIn = true;
			await Promise.race([this.flush().done, lost()]);
		},
		start(listeners, pingEvery) {
			events = listeners;
			if (pingEvery === 0 || life.state !== 'open') return;
			liveness = watchLiveness({
				...quietFor(pingEvery),
				beat: pingEvery,
				probe() {
					pings.push(() => {});
					post('PING\r\n');
				},
				dead(waited) {
					const part = reader.unfinished();
					life.end(silent('server', waited, part && `a message is incomplete after ${part.bytes} bytes`));
				},
			});
		},
		write(bytes) {
			requireOpen();
			post(bytes);
		},
		subscribe(subject, queue, route) {
			requireOpen();
			const sid = ++lastSid;
			routes.set(sid, route);
			post(`SUB ${subject} ${queue ? `${queue} ` : ''}${sid}\r\n`);
			return sid;
		},
		unsubscribe(sid) {
			if (!routes.delete(sid) || life.state !== 'open') return;
			post(`UNSUB ${sid}\r\n`);
		},
		flush() {
			requireOpen();
			next ??= new OpenFlush();
			if (!current) schedule();
			return next;
		},
		unfinished: reader.unfinished,
	};
}
