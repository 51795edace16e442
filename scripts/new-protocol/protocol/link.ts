import type { Property, Security } from '../../model/contracts/session';
import type { Link, Sink } from '../adapter';
import { createSending } from './messages/sending';
import { createSubscribing } from './messages/subscribing';
import type { Connection } from './wire/connection';

export interface LinkOptions {
	/** The server has accepted the handshake and the login. */
	connection: Connection;
	security: Security;
	facts: Property[];
	sink: Sink;
	/** Interval of pings in milliseconds; 0: none. */
	pingEvery: number;
}

export function createLink({ connection, security, facts, sink, pingEvery }: LinkOptions): Link {
	const { life } = connection;
	const sending = createSending(connection);
	const subscribing = createSubscribing(connection, sink);
	connection.start(subscribing.received, pingEvery);
	return {
		...{ security, facts },
		ended: life.ended,
		unfinished: connection.unfinished,
		subscribe: subscribing.subscribe,
		unsubscribe: subscribing.unsubscribe,
		prepare: sending.prepare,
		send: sending.send,
		close: life.close,
		destroy: life.destroy,
	};
}
