import { type ChildProcess, fork } from 'node:child_process';
import { freePort } from '../net/listen';

export interface ServerOptions {
	tls?: { key: string; cert: string };
	/** Compresses everything it sends, if the client offers it. */
	deflate?: boolean;
	/** Of the user "user", wanted as Basic authentication. */
	password?: string;
	echo?: boolean;
	/** Sent as text as soon as a client has connected. */
	greeting?: string;
	port?: number;
}

export interface Message {
	data: Uint8Array;
	binary: boolean;
}

export interface TestServer {
	readonly port: number;
	send(messages: Message[], fragments?: number): Promise<void>;
	/** Bytes as they are, past the server's own framing. */
	raw(data: Uint8Array): Promise<void>;
	close(code: number, reason: string): Promise<void>;
	ping(data: Uint8Array): Promise<void>;
	/** What has come since the last call. */
	received(): Promise<Message[]>;
	/** Clients that are connected now. */
	connections(): Promise<number>;
	headers(): Promise<Record<string, string>>;
	kill(signal: 'SIGKILL' | 'SIGSTOP' | 'SIGCONT'): void;
	/** Kills it if need be, and starts a new one on the same port. */
	restart(): Promise<void>;
	stop(): Promise<void>;
}

export async function startWebSocketServer(options: ServerOptions = {}): Promise<TestServer> {
	const port = options.port ?? (await freePort());
	let child: ChildProcess;
	let next = 1;
	const waiting = new Map<number, (result: unknown) => void>();

	function start(): Promise<unknown> {
		child = fork('test/support/servers/websocket-server.mjs', [JSON.stringify({ ...options, port })], {
			serialization: 'advanced',
		});
		child.on('message', ({ id, result }: { id: number; result: unknown }) => {
			waiting.get(id)?.(result);
			waiting.delete(id);
		});
		return new Promise((resolve, reject) => {
			waiting.set(0, resolve);
			child.once('exit', (code) => reject(new Error(`The server ended with ${code}.`)));
		});
	}

	function ask<T>(command: string, rest: object = {}): Promise<T> {
		const id = next++;
		return new Promise((resolve) => {
			waiting.set(id, resolve as (result: unknown) => void);
			child.send({ id, command, ...rest });
		});
	}

	async function stop(): Promise<void> {
		if (child.exitCode !== null || child.signalCode !== null) return;
		const gone = new Promise((resolve) => child.once('exit', resolve));
		child.kill('SIGKILL');
		await gone;
	}

	await start();
	return {
		port,
		send: (messages, fragments) => ask('send', { messages, fragments }),
		raw: (data) => ask('raw', { data }),
		close: (code, reason) => ask('close', { code, reason }),
		ping: (data) => ask('ping', { data }),
		received: () => ask('received'),
		connections: () => ask('connections'),
		headers: () => ask('headers'),
		kill: (signal) => {
			child.kill(signal);
		},
		async restart() {
			await stop();
			await start();
		},
		stop,
	};
}
