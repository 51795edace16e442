import { fail } from '../../../base/failure';
import type { ActResult } from '../../../model/contracts/browse';
import type { Act, Sink } from '../../adapter';
import type { Browsing } from '../browse/browse';
import type { Topology } from '../browse/topology';
import { checkDestination, queueIn } from '../describe/addresses';
import type { AmqpAction } from '../describe/ids';
import { callOnce } from '../wire/calls';
import type { Connection } from '../wire/connection';
import { bind, unbind, unbindFrom } from './bind';
import { declareExchange, declareQueue } from './declare';
import { drawTopology } from './draw';
import { forward } from './forward';
import type { Isolation } from './isolated-connection';
import { remaining, result } from './outcome';
import { peek } from './peek';
import { createQuestions, messages, nodeOf, queueOf } from './questions';
import { messageOf, reviveMessages, reviveQueue, routeOf } from './revive';

export interface ActionOptions {
	connection: Connection;
	sink: Sink;
	browsing: Browsing;
	topology?: Topology;
	isolation: Isolation;
	vhost: string;
}

/** Runs the actions of `describe/actions.ts`, each on its own channels. */
export function createActions({ connection, sink, browsing, topology, isolation, vhost }: ActionOptions) {
	const count = ({ values }: Pick<Act, 'values'>, otherwise: number, max: number) =>
		typeof values.count === 'number' && values.count >= 1 ? Math.min(Math.floor(values.count), max) : otherwise;

	async function move(act: Act): Promise<ActResult> {
		const queue = queueOf(act);
		const target = String(act.values.target ?? '').trim();
		const wrong = checkDestination(target);
		if (wrong) throw fail('bad-target', wrong, { field: 'target' });
		if (queueIn(target) === queue)
			throw fail('bad-target', 'The messages are already in that queue.', { field: 'target' });
		const route = routeOf({ values: { target }, messages: [], node: act.node });
		const limit = count(act, 1000, 100_000);
		const done = await isolation.queue(queue, act, (on) =>
			forward({ connection: on, queue, limit, look: 100_000, route: (got) => route(messageOf(got)), act }),
		);
		return result(done, `from "${queue}"`, { rest: await remaining(connection, queue, done) });
	}

	async function trace(on: boolean): Promise<ActResult> {
		if (!topology)
			throw fail(
				'no-management',
				'Tracing is controlled through the management API, which this connection does not use.',
				{
					remedy: { text: `Run "rabbitmqctl trace_${on ? 'on' : 'off'}" with "-p" and the virtual host.` },
				},
			);
		await topology.setTracing(on);
		// Reads the state again, which decides what the menus offer.
		await browsing.tracing();
		sink.browseChanged();
		return {
			text: on
				? 'Firehose enabled: published and delivered messages are copied to amq.rabbitmq.trace.'
				: 'Firehose disabled.',
			...(on && { show: { target: 'firehose/#', mode: 'firehose' } }),
		};
	}

	async function purge(act: Act): Promise<ActResult> {
		const queue = queueOf(act);
		const { messageCount } = await isolation.queue(queue, act, (own) => callOnce(own, (on) => on.purgeQueue(queue)));
		return { text: `Purged ${messages(messageCount)} from "${queue}".` };
	}

	async function remove(act: Act): Promise<ActResult> {
		const { kind, name } = nodeOf(act);
		if (kind === 'queue') {
			const { messageCount } = await callOnce(connection, (on) => on.deleteQueue(name));
			return { text: `Deleted the queue "${name}" with ${messages(messageCount)}.` };
		}
		await callOnce(connection, (on) => on.deleteExchange(name));
		return { text: `Deleted the exchange "${name}".` };
	}

	function revive(act: Act): Promise<ActResult> {
		if (act.node === undefined) return reviveMessages({ connection, isolation, act });
		const queue = queueOf(act);
		return isolation.queue(queue, act, (on) => reviveQueue(on, queue, count(act, 1000, 100_000), act));
	}

	/** The topology is a view of the panel. */
	const actions: Record<Exclude<AmqpAction, 'topology'>, (act: Act) => Promise<ActResult>> = {
		peek: (act) => {
			const queue = queueOf(act);
			return isolation.queue(queue, act, (on) => peek(on, sink, queue, count(act, 10, 1000), act));
		},
		revive,
		move,
		purge,
		delete: remove,
		bind: (act) => bind(connection, act, nodeOf(act)),
		'bind-here': (act) => bind(connection, act, nodeOf(act)),
		'unbind-from': (act) => unbindFrom(connection, act, nodeOf(act)),
		unbind: ({ node }) => unbind(connection, topology, node),
		'declare-queue': (act) => declareQueue(connection, act),
		'declare-exchange': (act) => declareExchange(connection, isolation, act),
		'topology-document': () => drawTopology(topology, vhost),
		'trace-on': () => trace(true),
		'trace-off': () => trace(false),
	};

	return {
		async act(act: Act): Promise<ActResult> {
			try {
				if (!Object.hasOwn(actions, act.action))
					throw fail('no-action', 'This connection does not support that action.');
				return await actions[act.action as keyof typeof actions](act);
			} finally {
				topology?.forget();
				sink.browseChanged();
			}
		},

		ask: createQuestions({ browsing, topology }),
	};
}
