import { fail } from '../../../base/failure';
import type { Intent, Question } from '../../../model/contracts/browse';
import type { Act } from '../../adapter';
import { type Browsing, type NodeName, nodeName } from '../browse/browse';
import { bindingName, n } from '../browse/nodes';
import type { Queue, Topology } from '../browse/topology';
import { parseAddress } from '../describe/addresses';
import { consumerArguments, namesStreamOffset, readOfStream } from '../messages/consumer-arguments';

export const messages = (count: number) => `${n(count)} ${count === 1 ? 'message' : 'messages'}`;

export function nodeOf({ node }: Pick<Act, 'node'>): NodeName {
	const found = nodeName(node);
	if (!found) throw fail('bad-node', 'This is done to a queue or an exchange.');
	return found;
}

export function queueOf(act: Pick<Act, 'node'>): string {
	const { kind, name } = nodeOf(act);
	if (kind !== 'queue') throw fail('bad-node', 'This is done to a queue.');
	return name;
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

/** What is asked before something that cannot be taken back, with the numbers as they are now. */
export function createAsking({ browsing, topology }: { browsing: Browsing; topology?: Topology }) {
	return async (intent: Intent): Promise<Question | undefined> => {
		if (intent.kind === 'subscribe') {
			const { target, mode } = intent.subscription;
			const address = parseAddress(target);
			if (mode !== 'consume' || address?.kind !== 'queue') return undefined;
			const queue = await browsing.queue(address.queue);
			// With a place to start at, RabbitMQ takes nothing but a stream.
			const startsSomewhere = namesStreamOffset(consumerArguments(intent.subscription));
			if (queue.type === 'stream' || (queue.type === undefined && startsSomewhere))
				return {
					text: `Read the stream "${address.queue}"?`,
					detail: `${waiting(queue)}. A stream keeps its messages: ${readOfStream(intent.subscription)} is read here, and nothing is taken away.`,
					button: 'Consume',
				};
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
					: unacknowledged === 0
						? 'no consumer holds any'
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
					: `${n(bindings.length)} ${bindings.length === 1 ? 'binding leads' : 'bindings lead'} from or to it. It`;
			return {
				text: `Delete the exchange "${name}"?`,
				detail: `${known} is gone for good, and who publishes to it is refused from then on.`,
				button: 'Delete',
			};
		}
		if (action === 'unbind') {
			const binding = bindingName(node);
			if (!binding || binding.source === '') return undefined;
			const { source, to, destination, key } = binding;
			return {
				text: `Unbind the ${to} "${destination}" from "${source}"?`,
				detail: `Messages ${key === '' ? 'without a key' : `whose key fits "${key}"`} do not take this way any more. Messages that are in queues already stay there.`,
				button: 'Unbind',
			};
		}
		return undefined;
	};
}
