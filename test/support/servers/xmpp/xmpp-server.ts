import type { Pair } from '../pki';
import type { RealServer } from '../real-server';

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
export interface XmppServer extends RealServer {
	readonly name: string;
	/** Plain with STARTTLS, and with TLS from the start. */
	readonly port: number;
	readonly tlsPort: number;
	readonly webPort: number;
	/** Host, port and path. */
	readonly webSocket: string;
	/** Connections of clients that the system knows at its ports. */
	connections(): number;
}
