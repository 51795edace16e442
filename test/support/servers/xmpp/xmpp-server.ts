import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { connect } from 'node:net';
import type { Pair } from '../pki';

export interface XmppServerOptions {
	/** Names and passwords at localhost. */
	users?: Record<string, string>;
	/** For localhost, signed by the tests' authority, unless given. */
	certificate?: Pair;
	/** It offers no STARTTLS. */
	noTls?: boolean;
	/** It does not count stanzas (XEP-0198). */
	unmanaged?: boolean;
	/** It stores passwords as they are, so that every mechanism works. */
	plain?: boolean;
	/** TLS 1.2 at most. */
	tls12?: boolean;
	/** Path of an authority whose certificates sign in their owners; ejabberd only. */
	clientCa?: string;
}

/** A real server of the domain localhost, with rooms at conference.localhost and nodes at pubsub.localhost. */
export interface XmppServer {
	readonly name: string;
	/** Plain with STARTTLS, and with TLS from the start. */
	readonly port: number;
	readonly tlsPort: number;
	readonly webPort: number;
	/** Host, port and path. */
	readonly webSocket: string;
	/** Connections of clients that the system knows at its ports. */
	connections(): number;
	kill(signal: 'SIGKILL' | 'SIGSTOP' | 'SIGCONT'): void;
	/** Starts again on the same ports, whether it runs or not. */
	restart(): Promise<void>;
	stop(): Promise<void>;
}

/** Rows of the system's table whose local end is the port, and that are not listening or being forgotten. */
export function connectionsAt(port: number): number {
	const local = `0100007F:${port.toString(16).toUpperCase().padStart(4, '0')}`;
	return readFileSync('/proc/net/tcp', 'utf8')
		.split('\n')
		.map((line) => line.trim().split(/\s+/))
		.filter(([, address, , state]) => address === local && state !== '0A' && state !== '06').length;
}

/** Throws unless somebody listens. */
export async function probe(port: number): Promise<void> {
	const socket = connect(port, '127.0.0.1');
	try {
		await once(socket, 'connect');
	} finally {
		socket.destroy();
	}
}
