import { randomUUID } from 'node:crypto';
import { withDeadline } from '../../base/deadline';
import type { Property, Security } from '../../model/contracts/session';
import type { ConnectContext, Link } from '../adapter';
import { hostAndPort } from '../shared/dial/address';
import type { Peer } from '../shared/dial/socket-failures';
import { notOpen } from '../shared/failures';
import { peerText } from '../shared/peer-text';
import { createIsolation } from './actions/isolated-connection';
import { createActions } from './actions/run';
import { readListing } from './browse/arrows';
import { createBrowsing } from './browse/browse';
import { graphOf } from './browse/graph';
import { createKnownNames } from './browse/known-names';
import { createManagement } from './browse/management';
import { createServer } from './browse/server';
import { createTopology } from './browse/topology';
import { canonicalTarget, parseAddress } from './describe/addresses';
import { type Prepared, prepareDraft } from './messages/drafts';
import { createReceiving } from './messages/receiving';
import { request } from './messages/requesting';
import { createSending } from './messages/sending';
import type { Settings } from './settings';
import type { Connection } from './wire/connection';

/** Milliseconds for the closing handshake. */
const closeWithin = 500;

export interface LinkOptions {
	context: ConnectContext;
	settings: Settings;
	node: Peer;
	connection: Connection;
	security: Security;
	/** Opens another connection to the same node, for requests that the server may answer by closing the connection. */
	openAnother(until: AbortSignal): Promise<Connection>;
}

/** The link on an open connection. */
export function createLink({ context, settings, node, connection, security, openAnother }: LinkOptions): Link {
	const { sink } = context;
	const management = createManagement(settings, node);
	const topology = management && createTopology(management, settings.vhost);
	const product = `${connection.product} ${connection.version}`.trim();
	const server = management && createServer(management, settings.vhost, product);
	const named = createKnownNames(connection, settings);
	const taps = new Set<string>();
	const browsing = createBrowsing({
		connection,
		vhost: settings.vhost,
		management,
		topology,
		server,
		named,
		taps,
		changed: sink.browseChanged,
	});
	const sending = createSending(connection, sink.note);
	const receiving = createReceiving({
		...{ connection, sink, taps, tapPrefix: settings.tapPrefix },
		typeOf: browsing.typeOf,
		queueType: browsing.queueType,
		tracing: browsing.tracing,
	});
	const actions = createActions({
		connection,
		sink,
		browsing,
		topology,
		vhost: settings.vhost,
		isolation: createIsolation(connection, browsing, openAnother),
	});
	void connection.ended.then(() => management?.stop());
	/** Adds a target that was used to the tree. */
	function remember(target: string, mode = ''): void {
		const address = parseAddress(canonicalTarget(target, mode));
		if (address?.kind === 'exchange') named.addExchange(address.exchange);
		if (address?.kind === 'queue') named.addQueue(address.queue);
	}

	return {
		security,
		facts: facts(settings, node, connection),
		ended: connection.ended,
		unfinished: connection.unfinished,
		async subscribe(subscription, id, hold) {
			const granted = await receiving.subscribe(subscription, id, hold);
			remember(subscription.target, subscription.mode);
			return granted;
		},
		unsubscribe: receiving.unsubscribe,
		settle: receiving.settle,
		held: receiving.held,
		prepare(draft) {
			sending.check(draft.payload.length);
			return prepareDraft(draft, connection.frameMax, randomUUID);
		},
		async send(prepared: Prepared, way) {
			if (!connection.live) throw notOpen();
			const { target } = prepared;
			const receipt = await (prepared.answerWithin === undefined
				? sending.send(prepared)
				: request({ connection, sink, prepared, target, sending: way }));
			if (receipt.proof === 'acknowledged' || receipt.proof === 'answered') remember(target);
			return receipt;
		},
		browse: browsing.browse,
		graph: async (find) => graphOf(await readListing(topology), taps, find),
		ask: actions.ask,
		act: actions.act,
		states: browsing.states,
		targets: browsing.targets,
		async close() {
			// amqplib writes acknowledgements later, and drops them when the connection is closed at once.
			await withDeadline(receiving.finish(), closeWithin, () => undefined).catch(() => {});
			await connection.close(closeWithin);
		},
		destroy: () => connection.end(),
	};
}

function facts({ vhost, nodes, user, mechanism }: Settings, node: Peer, connection: Connection): Property[] {
	const list: Property[] = [];
	const add = (label: string, value: string | undefined) => {
		if (value !== undefined) list.push({ label, value: peerText(value) });
	};
	add('Server', `${connection.product} ${connection.version}`.trim());
	add('Virtual host', vhost === '' ? '(empty name)' : vhost);
	add('User', mechanism === 'EXTERNAL' ? 'from the certificate' : user);
	add('Cluster', connection.cluster);
	if (nodes.length > 1) add('Node', hostAndPort(node));
	add('Heartbeat', connection.heartbeat === 0 ? 'none' : `${connection.heartbeat} s`);
	add('Largest frame', `${connection.frameMax.toLocaleString('en')} bytes`);
	return list;
}
