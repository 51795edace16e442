import type { Security } from '../../model/contracts/session';
import type { ConnectContext, Link } from '../adapter';
import { ask, settle } from './actions/run';
import { createAddresses } from './browse/addresses';
import { prepareDraft } from './messages/draft';
import { createReceiving } from './messages/receiving';
import { createRequesting, type PreparedRequest } from './messages/requesting';
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
	const requesting = createRequesting(connection, sink, sending);
	const settling = createSettling({
		sink,
		settled: (id) => receiving.settled(id),
		changed: sink.browseChanged,
	});
	const receiving = createReceiving({
		...{ connection, sink, settling, trustsBrowsing: settings.trustsBrowsing },
	});
	const addresses = createAddresses(settings.addresses, receiving, sink.browseChanged);
	void life.ended.then(sending.lost);

	return {
		security,
		facts: serverFacts(connection.server, settings.hostname),
		ended: life.ended,
		unfinished: connection.unfinished,
		async subscribe(subscription, id, hold) {
			const granted = await receiving.subscribe(subscription, id, hold);
			addresses.used(subscription.target);
			return granted;
		},
		unsubscribe: (_, id) => receiving.unsubscribe(id),
		settle(seqs, outcome) {
			for (const seq of seqs) settling.settle(seq, { kind: outcome === 'done' ? 'accepted' : 'released' });
		},
		held: () => settling.held,
		prepare(draft) {
			sending.check(draft.payload.length);
			return { ...prepareDraft(draft), draft };
		},
		async send(prepared: PreparedRequest, way) {
			connection.requireOpen();
			const receipt = await (prepared.answerWithin === undefined
				? sending.send(prepared, way)
				: requesting.send(prepared, way));
			if (receipt.proof === 'acknowledged' || receipt.proof === 'answered') addresses.used(prepared.address);
			return receipt;
		},
		browse: async (parent, offset, count) =>
			parent === undefined ? addresses.page(offset, count) : { total: 0, nodes: [] },
		targets: addresses.starting,
		ask,
		act: async (act) => settle(settling, act),
		states: () => (settling.size > 0 ? ['unsettled'] : []),
		async close() {
			// The last outcomes leave before the end.
			await settling.drained();
			await life.close();
		},
		destroy: life.destroy,
	};
}
