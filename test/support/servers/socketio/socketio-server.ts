import { type ServerProcess, startServerProcess } from '../../run/server-process';

export interface SocketIoServerOptions {
	version: 2 | 3 | 4;
	tls?: { key: string; cert: string };
	/** Wanted in the auth payload, with version 2 in the query. */
	token?: string;
	/** Emitted to each client as soon as it has connected to a namespace. */
	greeting?: string;
	/** Milliseconds. */
	pingInterval?: number;
	pingTimeout?: number;
	/** Bytes. */
	maxPayload?: number;
	/** Further options of the library. */
	settings?: object;
	port?: number;
}

export interface Emitted {
	namespace?: string;
	name: string;
	args: unknown[];
}

export interface SocketIoServer extends Omit<ServerProcess, 'ask'> {
	emit(...events: Emitted[]): Promise<void>;
	/** Emits to one client and waits for its acknowledgement. */
	ask(event: Emitted): Promise<void>;
	/** Emits the events again that were not acknowledged. */
	repeat(): Promise<void>;
	/** Packets of Socket.IO as they are. */
	raw(...packets: (string | Uint8Array)[]): Promise<void>;
	disconnect(namespace?: string): Promise<void>;
	/** Arguments of the acknowledgements since the last call. */
	acknowledged(): Promise<unknown[][]>;
	/** Events since the last call. */
	received(): Promise<Emitted[]>;
	connections(): Promise<number>;
	transports(): Promise<string[]>;
	/** Headers and query of the handshake, and the reason of the end, of the last client. */
	headers(): Promise<Record<string, string>>;
	query(): Promise<Record<string, string>>;
	reason(): Promise<string | undefined>;
}

export async function startSocketIoServer(options: SocketIoServerOptions): Promise<SocketIoServer> {
	const file = 'test/support/servers/socketio/socketio-server.cjs';
	const { ask, ...server } = await startServerProcess(file, options, options.port);
	return {
		...server,
		emit: (...events) => ask('emit', { events }),
		ask: (event) => ask('ask', event),
		repeat: () => ask('repeat'),
		raw: (...packets) => ask('raw', { packets }),
		disconnect: (namespace) => ask('disconnect', { namespace }),
		acknowledged: () => ask('acknowledged'),
		received: () => ask('received'),
		connections: () => ask('connections'),
		transports: () => ask('transports'),
		headers: () => ask('headers'),
		query: () => ask('query'),
		reason: () => ask('reason'),
	};
}
