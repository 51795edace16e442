import { randomUUID } from 'node:crypto';
import { fail } from '../../base/failure';
import type { Property, Security } from '../../model/contracts/session';
import type { ConnectContext, Link } from '../adapter';
import { hostAndPort } from '../shared/dial/address';
import type { Peer } from '../shared/dial/socket-failures';
import { peerText } from '../shared/peer-text';
import { createRisky } from './actions/isolated-connection';
import { createDoing } from './actions/run';
import { createBrowsing } from './browse/browse';
import { createNamed } from './browse/known-names';
import { createManagement } from './browse/management';
import { createTopology } from './browse/topology';
import { parseAddress } from './describe/addresses';
import { type Prepared, prepareDraft } from './messages/drafts';
import { createReceiving } from './messages/receiving';
import { request } from './messages/requesting';
import { createSending } from './messages/sending';
import type { Settings } from './settings';
import type { Connection } from './wire/connection';

/** How long a goodbye may take, in milliseconds. */
const goodbyeWithin = 500;

export interface LinkOptions {
	context: ConnectContext;
	settings: Settings;
	node: Peer;
	connection: Connection;
	security: Security;
	/** Another connection to the same node, for what the server may answer by closing the whole of it. */
	apart(until: AbortSignal): Promise<Connection>;
}

/** The link of a connection that is open. */
export function createLink({ context, settings, node, connection, security, apart }: LinkOptions): Link {
	const { sink } = context;
	const management = createManagement(settings, node);
	const topology = management && createTopology(management, settings.vhost);
	const named = createNamed(connection, settings);
	const taps = new Set<string>();
	const browsing = createBrowsing({ connection, vhost: settings.vhost, management, topology, named, taps });
	const sending = createSending(connection);
	const receiving = createReceiving({
		...{ connection, sink, taps, tapPrefix: settings.tapPrefix },
		typeOf: browsing.typeOf,
		queueType: browsing.queueType,
		tracing: browsing.tracing,
	});
	const doing = createDoing({
		connection,
		sink,
		browsing,
		topology,
		vhost: settings.vhost,
		risky: createRisky(connection, browsing, apart),
	});
	void connection.ended.then(() => management?.stop());
	/** What the user uses is worth a node in the tree. */
	function meet(target: string): void {
		const address = parseAddress(target);
		if (address?.kind === 'exchange') named.meetExchange(address.exchange);
		if (address?.kind === 'queue') named.meetQueue(address.queue);
	}

	return {
		security,
		facts: facts(settings, node, connection),
		ended: connection.ended,
		unfinished: connection.unfinished,
		async subscribe(subscription, id) {
			const granted = await receiving.subscribe(subscription, id);
			meet(subscription.target);
			return granted;
		},
		unsubscribe: receiving.unsubscribe,
		prepare(draft) {
			sending.check(draft.payload.length);
			return prepareDraft(draft, connection.frameMax, randomUUID);
		},
		async send(prepared: Prepared, way) {
			if (!connection.live) throw fail('not-open', 'The connection is not open, so nothing was sent.');
			const { target } = prepared;
			const receipt = await (prepared.answerWithin === undefined
				? sending.send(prepared)
				: request({ connection, sink, prepared, target, sending: way }));
			if (receipt.proof === 'acknowledged' || receipt.proof === 'answered') meet(target);
			return receipt;
		},
		browse: browsing.browse,
		ask: doing.ask,
		act: doing.act,
		targets: browsing.targets,
		close: () => connection.close(goodbyeWithin),
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
	add('User', mechanism === 'EXTERNAL' ? 'of the certificate' : user);
	add('Cluster', connection.cluster);
	if (nodes.length > 1) add('Node', hostAndPort(node));
	add('Heartbeat', connection.heartbeat === 0 ? 'none' : `${connection.heartbeat} s`);
	add('Largest frame', `${connection.frameMax.toLocaleString('en')} bytes`);
	return list;
}
