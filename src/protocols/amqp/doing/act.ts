import { fail } from '../../../base/failure';
import type { ActResult, Intent, Question } from '../../../model/browse';
import type { Act, Sink } from '../../adapter';
import { checkAny, parseAddress } from '../addresses';
import { n } from '../browse-nodes';
import { type Browsing, nodeName } from '../browsing';
import type { Queue, Topology } from '../topology';
import type { Connection } from '../wire/connection';
import type { Call } from '../wire/methods';
import { exchangeDelete, queueDelete, queuePurge } from '../wire/methods';
import { forward } from './forward';
import { peek } from './peek';
import { result, reviveMessages, reviveQueue, routeOf } from './revive';

export interface DoingOptions {
	connection: Connection;
	sink: Sink;
	browsing: Browsing;
	topology?: Topology;
}

const messages = (count: number) => `${n(count)} ${count === 1 ? 'message' : 'messages'}`;

/** The actions of `actions.ts`, each on channels of its own. */
export function createDoing({ connection, sink, browsing, topology }: DoingOptions) {
	async function alone(call: Call): Promise<number> {
		const channel = await connection.open({});
		try {
			const answer = await channel.call(call);
			return answer.left >= 4 ? answer.uint32() : 0;
		} finally {
			void channel.close();
		}
	}

	function nodeOf({ node }: Pick<Act, 'node'>) {
		const found = nodeName(node);
		if (!found) throw fail('bad-node', 'This is done to a queue or an exchange.');
		return found;
	}

	function queueOf(act: Pick<Act, 'node'>): string {
		const { kind, name } = nodeOf(act);
		if (kind !== 'queue') throw fail('bad-node', 'This is done to a queue.');
		return name;
	}

	const count = ({ values }: Pick<Act, 'values'>, otherwise: number, most: number) =>
		typeof values.count === 'number' && values.count >= 1 ? Math.min(Math.floor(values.count), most) : otherwise;

	async function move(act: Act): Promise<ActResult> {
		const queue = queueOf(act);
		const target = String(act.values.target ?? '').trim();
		const wrong = checkAny(target);
		if (wrong) throw fail('bad-target', wrong);
		const address = parseAddress(target);
		if (address?.kind === 'queue' && address.queue === queue)
			throw fail('bad-target', 'The messages are in that queue already.');
		const route = routeOf({ values: { target }, messages: [], node: act.node });
		const done = await forward({ connection, queue, most: count(act, 1000, 100_000), look: 100_000, route, act });
		return result(done, `from "${queue}" to "${target}"`);
	}

	async function trace(on: boolean): Promise<ActResult> {
		if (!topology)
			throw fail(
				'no-management',
				'Tracing is switched through the management API, which this connection does not use.',
				{
					remedy: { text: `Run "rabbitmqctl trace_${on ? 'on' : 'off'}" with "-p" and the virtual host.` },
				},
			);
		await topology.setTracing(on);
		sink.browseChanged();
		return {
			text: on
				? 'The firehose is on: what is published and delivered is copied to amq.rabbitmq.trace.'
				: 'The firehose is off.',
		};
	}

	async function run(act: Act): Promise<ActResult> {
		switch (act.action) {
			case 'peek':
				return peek(connection, sink, queueOf(act), count(act, 10, 1000), act);
			case 'revive':
				return act.node === undefined
					? reviveMessages(connection, act)
					: reviveQueue(connection, queueOf(act), count(act, 1000, 100_000), act);
			case 'move':
				return move(act);
			case 'purge': {
				const queue = queueOf(act);
				return { text: `Purged ${messages(await alone(queuePurge(queue)))} from "${queue}".` };
			}
			case 'delete': {
				const { kind, name } = nodeOf(act);
				if (kind === 'queue')
					return { text: `Deleted the queue "${name}" with ${messages(await alone(queueDelete(name)))}.` };
				await alone(exchangeDelete(name));
				return { text: `Deleted the exchange "${name}".` };
			}
			case 'trace-on':
			case 'trace-off':
				return trace(act.action === 'trace-on');
			default:
				throw fail('no-action', 'This connection does not know that action.');
		}
	}

	const waiting = ({ ready = 0, unacknowledged = 0, consumers = 0 }: Queue) =>
		[
			`${messages(ready)} ${ready === 1 ? 'is' : 'are'} ready`,
			unacknowledged > 0 && `${n(unacknowledged)} ${unacknowledged === 1 ? 'is' : 'are'} held by consumers`,
			consumers > 0
				? `${n(consumers)} ${consumers === 1 ? 'consumer reads' : 'consumers read'} it`
				: 'nobody else reads it',
		]
			.filter((part) => part)
			.join(', ');

	return {
		async act(act: Act): Promise<ActResult> {
			try {
				return await run(act);
			} finally {
				topology?.forget();
				sink.browseChanged();
			}
		},

		async ask(intent: Intent): Promise<Question | undefined> {
			if (intent.kind === 'subscribe') {
				const { target, mode } = intent.subscription;
				const address = parseAddress(target);
				if (mode !== 'consume' || address?.kind !== 'queue') return undefined;
				const queue = await browsing.queue(address.queue);
				return {
					text: `Take messages away from the queue "${address.queue}"?`,
					detail: `${waiting(queue)}. What is consumed here leaves the queue for good, and other consumers do not get it.`,
					button: 'Consume',
				};
			}
			const { action, node } = intent.request;
			if (action === 'purge') {
				const name = queueOf({ node });
				const { ready = 0, unacknowledged } = await browsing.queue(name);
				const held =
					unacknowledged === undefined
						? 'those that consumers hold are not'
						: `${n(unacknowledged)} that consumers hold ${unacknowledged === 1 ? 'is' : 'are'} not`;
				return {
					text: `Purge the queue "${name}"?`,
					detail: `${messages(ready)} ${ready === 1 ? 'is' : 'are'} deleted for good; ${held}.`,
					button: 'Purge',
				};
			}
			if (action === 'delete') {
				const { kind, name } = nodeOf({ node });
				if (kind === 'queue')
					return {
						text: `Delete the queue "${name}"?`,
						detail: `${waiting(await browsing.queue(name))}. The queue, its messages and its bindings are gone for good.`,
						button: 'Delete',
					};
				const bindings = await topology?.bindings('exchange', name).catch(() => undefined);
				const known =
					bindings === undefined
						? 'It'
						: `${n(bindings.length)} ${bindings.length === 1 ? 'binding' : 'bindings'} lead from or to it. It`;
				return {
					text: `Delete the exchange "${name}"?`,
					detail: `${known} is gone for good, and who publishes to it is refused from then on.`,
					button: 'Delete',
				};
			}
			return undefined;
		},
	};
}
