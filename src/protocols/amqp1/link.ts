import type { Security } from '../../model/contracts/session';
import type { ConnectContext, Link } from '../adapter';
import { type PreparedMessage, prepareDraft } from './messages/draft';
import { createReceiving } from './messages/receiving';
import { createSending } from './messages/sending';
import { createSettling } from './messages/settling';
import type { Settings } from './settings';
import type { Connection } from './wire/connection';
import { serverFacts } from './wire/server';

export interface LinkOptions {
	context: ConnectContext;
	settings: Settings;
	connection: Connection;
	security: Security;
}

/** The link on an open connection. */
export function createLink({ context, settings, connection, security }: LinkOptions): Link {
	const { sink } = context;
	const { life } = connection;
	const sending = createSending(connection);
	const settling = createSettling({
		sink,
		settled: (id) => receiving.settled(id),
		changed: sink.browseChanged,
	});
	const receiving = createReceiving({
		...{ connection, sink, settling, trustsBrowsing: settings.trustsBrowsing },
	});
	void life.ended.then(sending.lost);

	return {
		security,
		facts: serverFacts(connection.server, settings.hostname),
		ended: life.ended,
		unfinished: connection.unfinished,
		subscribe: (subscription, id) => receiving.subscribe(subscription, id),
		unsubscribe: (_, id) => receiving.unsubscribe(id),
		prepare(draft) {
			sending.check(draft.payload.length);
			return prepareDraft(draft);
		},
		async send(prepared: PreparedMessage, way) {
			connection.requireOpen();
			return sending.send(prepared, way);
		},
		states: () => (settling.size > 0 ? ['unsettled'] : []),
		close: life.close,
		destroy: life.destroy,
	};
}
