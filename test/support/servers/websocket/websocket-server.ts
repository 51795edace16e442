import { type ServerProcess, startServerProcess } from '../../run/server-process';

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

export interface TestServer extends Omit<ServerProcess, 'ask'> {
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
}

export async function startWebSocketServer(options: ServerOptions = {}): Promise<TestServer> {
	const file = 'test/support/servers/websocket/websocket-server.mjs';
	const { ask, ...server } = await startServerProcess(file, options, options.port);
	return {
		...server,
		send: (messages, fragments) => ask('send', { messages, fragments }),
		raw: (data) => ask('raw', { data }),
		close: (code, reason) => ask('close', { code, reason }),
		ping: (data) => ask('ping', { data }),
		received: () => ask('received'),
		connections: () => ask('connections'),
		headers: () => ask('headers'),
	};
}
