import { createServer as createPlain, type Server, type Socket } from 'node:net';
import { createServer as createSecure } from 'node:tls';
import { listen } from '../net/listen';
import { reset } from './reset';

/** What a server can do wrong at any step of any protocol. */
export const faults = ['silence', 'fin', 'rst', 'garbage', 'slow', 'half', 'huge', 'endless'] as const;
export type Fault = (typeof faults)[number];

/** One thing that a server says, after what it waits for. */
export interface Step {
	name: string;
	/** Given all that came since the last step: how many bytes of it the client says before this step, or not yet. */
	takes(received: Buffer): number | undefined;
	/** The right answer. `asked`: what was taken. */
	answer(asked: Buffer): Buffer;
	/** Answers that are wrong in the protocol's own ways, by name. */
	wrong(asked: Buffer): Record<string, Buffer>;
	/** A start that announces more than anyone should keep. */
	huge: Buffer;
	/** `start`, then `more` without end. */
	endless: Endless;
	/** What is allowed each, and is sent without end: it must cost no memory. Not in `table`, since it need not end the link. */
	floods?: Record<string, Endless>;
}

export interface Endless {
	start: Buffer;
	more: Buffer;
}

/** A protocol from the server's side, new for each connection. */
export type Dialogue = () => Step[];

export interface HostileServer {
	readonly port: number;
	/** Connections since the start, and those not closed yet. */
	readonly accepted: number;
	readonly open: number;
	/** Bytes written to all of them. */
	readonly written: number;
	close(): Promise<void>;
}

export interface HostileOptions {
	dialogue: Dialogue;
	/** Spoken correctly up to this step, where it misbehaves. Without: correctly to the end. */
	step?: string;
	/** One of `faults`, or the name of one of the step's wrong answers. */
	fault?: string;
	tls?: { key: string; cert: string };
}

/** Reproducible bytes that no protocol understands. */
export const garbage = Buffer.from(Array.from({ length: 4096 }, (_, at) => (at * 167 + (at >> 3) * 59 + 131) & 0xff));

const slowEvery = 50;

/** A server on loopback that speaks a handshake correctly up to a step, and then misbehaves in one chosen way. */
export async function startHostile({ dialogue, step, fault, tls }: HostileOptions): Promise<HostileServer> {
	const sockets = new Set<Socket>();
	const raw = new Set<Socket>();
	let accepted = 0;
	let written = 0;
	const serve = (socket: Socket) => {
		accepted++;
		sockets.add(socket);
		socket.on('close', () => sockets.delete(socket));
		socket.on('error', () => {});
		const steps = dialogue();
		let received = Buffer.alloc(0);
		const write = (bytes: Buffer) => {
			written += bytes.length;
			return socket.write(bytes);
		};
		const advance = () => {
			for (let next = steps[0]; next; next = steps[0]) {
				const length = next.takes(received);
				if (length === undefined) return;
				const asked = received.subarray(0, length);
				received = received.subarray(length);
				steps.shift();
				if (next.name === step) {
					steps.length = 0;
					// Only the TCP socket below TLS can be reset.
					const sever = () => reset([...raw].find((one) => one.remotePort === socket.remotePort));
					misbehave(socket, write, fault ?? 'silence', next, asked, sever);
				} else write(next.answer(asked));
			}
		};
		socket.on('data', (chunk) => {
			// What comes after the fault is read and forgotten: the client shall not be able to blame a full buffer.
			if (steps.length > 0) received = Buffer.concat([received, chunk]);
			advance();
		});
		advance();
	};
	const server: Server = tls ? createSecure(tls, serve) : createPlain(serve);
	// Before the connection is served, which may reset it at once.
	server.prependListener('connection', (socket: Socket) => {
		raw.add(socket);
		socket.on('close', () => raw.delete(socket));
		socket.on('error', () => {});
	});
	const port = await listen(server);
	return {
		port,
		get accepted() {
			return accepted;
		},
		get open() {
			return raw.size;
		},
		get written() {
			return written;
		},
		close() {
			for (const socket of [...sockets, ...raw]) socket.destroy();
			return new Promise((resolve) => server.close(() => resolve()));
		},
	};
}

function misbehave(
	socket: Socket,
	write: (bytes: Buffer) => boolean,
	fault: string,
	step: Step,
	asked: Buffer,
	sever: () => void,
): void {
	const answer = step.answer(asked);
	switch (fault) {
		case 'silence':
			return;
		case 'fin':
			socket.end();
			return;
		case 'rst':
			sever();
			return;
		case 'garbage':
			write(garbage);
			return;
		case 'slow':
			drip(socket, write, answer);
			return;
		case 'half':
			write(answer.subarray(0, Math.ceil(answer.length / 2)));
			return;
		case 'huge':
			write(step.huge);
			return;
		case 'endless':
			write(step.endless.start);
			pour(socket, write, step.endless.more);
			return;
		default: {
			const flood = step.floods?.[fault];
			if (flood) {
				write(flood.start);
				pour(socket, write, flood.more);
				return;
			}
			const wrong = step.wrong(asked)[fault];
			if (!wrong) throw new Error(`The step ${step.name} has no fault ${fault}.`);
			write(wrong);
		}
	}
}

function drip(socket: Socket, write: (bytes: Buffer) => boolean, bytes: Buffer): void {
	let at = 0;
	const timer = setInterval(() => {
		if (at < bytes.length) write(bytes.subarray(at, ++at));
		else clearInterval(timer);
	}, slowEvery);
	socket.on('close', () => clearInterval(timer));
}

/** As fast as the client reads, the same bytes again and again, without end. */
function pour(socket: Socket, write: (bytes: Buffer) => boolean, bytes: Buffer): void {
	const more = () => {
		for (let turn = 0; turn < 16; turn++) {
			// A client that has gone would be waited for without end.
			if (socket.destroyed || !write(bytes)) return;
		}
		setImmediate(more);
	};
	socket.on('drain', more);
	more();
}

/** Every step with every fault it can have. */
export function table(dialogue: Dialogue): { step: string; fault: string }[] {
	return dialogue().flatMap((step) =>
		[...faults, ...Object.keys(step.wrong(Buffer.alloc(64)))].map((fault) => ({ step: step.name, fault })),
	);
}

/** The connection itself: nothing is waited for, nothing said. What is wrong here is wrong for every protocol. */
export const tcpStep: Step = {
	name: 'tcp',
	takes: () => 0,
	answer: () => Buffer.alloc(0),
	wrong: () => ({
		'an SSH server': Buffer.from('SSH-2.0-OpenSSH_9.2\r\n'),
		'an HTTP answer': Buffer.from('HTTP/1.1 400 Bad Request\r\nContent-Length: 3\r\nConnection: close\r\n\r\nno\n'),
		'a TLS alert': Buffer.from('15030100020246', 'hex'),
	}),
	huge: Buffer.from('ffffffffffffffff', 'hex'),
	endless: { start: Buffer.alloc(0), more: Buffer.alloc(65_536, 'A') },
};

/** Where a client starts TLS and the server does not. */
export const tlsDialogue: Dialogue = () => [
	{
		...tcpStep,
		name: 'tls',
		takes: (received) => received.length || undefined,
		// The start of a ServerHello.
		answer: () => Buffer.concat([Buffer.from('160303007a0200007603030', 'hex'), Buffer.alloc(110, 1)]),
		huge: Buffer.from('160303ffff02ffffff', 'hex'),
		endless: { start: Buffer.from('1603034000', 'hex'), more: Buffer.alloc(65_536, 0x16) },
	},
];
