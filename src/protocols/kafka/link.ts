import { withDeadline } from '../../base/deadline';
import type { Property, Security } from '../../model/contracts/session';
import type { ConnectContext, Link } from '../adapter';
import { createActions } from './actions/run';
import { createBrowsing } from './browse/browse';
import type { Cluster } from './cluster/cluster';
import type { PreparedRecord } from './messages/draft';
import { createProducing } from './messages/producing';
import { groupQuestion } from './reading/question';
import { createSubscribing } from './reading/subscribing';

/** Milliseconds for leaving consumer groups. */
const leaveWithin = 500;

export interface LinkOptions {
	context: ConnectContext;
	cluster: Cluster;
	security: Security;
	facts: Property[];
}

/** The link to a cluster. It ends with the connection over which the cluster was found. */
export function createLink({ context, cluster, security, facts }: LinkOptions): Link {
	const { sink, memory, limits, profile } = context;
	const { life, unfinished } = cluster.main;
	const { maxMessageBytes } = profile.values;
	const limit = typeof maxMessageBytes === 'number' ? maxMessageBytes : limits.messageBytes;
	const subscribing = createSubscribing({ cluster, sink, memory, limit });
	const browsing = createBrowsing(cluster);
	const producing = createProducing(cluster);
	const { act, ask } = createActions({ cluster, browsing, sink });
	void life.ended.then((failure) => {
		void subscribing.stop(failure === undefined);
		producing.lost();
		cluster.destroy();
	});
	return {
		...{ security, facts, unfinished, act },
		ask: (intent) => (intent.kind === 'subscribe' ? groupQuestion(browsing.groups, intent.subscription) : ask(intent)),
		ended: life.ended,
		subscribe: subscribing.subscribe,
		unsubscribe: subscribing.unsubscribe,
		settle: subscribing.settle,
		held: subscribing.held,
		prepare: producing.prepare,
		send: (prepared) => producing.send(prepared as PreparedRecord),
		browse: browsing.browse,
		targets: browsing.targets,
		async close() {
			// A group whose member does not leave waits for it.
			await withDeadline(subscribing.stop(true), leaveWithin, () => undefined).catch(() => {});
			await life.close();
		},
		destroy: life.destroy,
	};
}
