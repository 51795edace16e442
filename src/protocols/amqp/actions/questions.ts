import { fail } from '../../../base/failure';
import type { Intent, Question } from '../../../model/contracts/browse';
import type { Act } from '../../adapter';
import { type Browsing, type NodeName, nodeName } from '../browse/browse';
import { bindingName, n } from '../browse/nodes';
import type { Queue, Topology } from '../browse/topology';
import { queueIn } from '../describe/addresses';
import { consumerArguments, namesStreamOffset, readOfStream } from '../messages/consumer-arguments';

export const messages = (count: number) => `${n(count)} ${count === 1 ? 'message' : 'messages'}`;

export function nodeOf({ node }: Pick<Act, 'node'>): NodeName {
	const found = nodeName(node);
	if (!found) throw fail('bad-node', 'This action needs a queue or an exchange.');
	return found;
}

export function queueOf(act: Pick<Act, 'node'>): string {
	const { kind, name } = nodeOf(act);
	if (kind !== 'queue') throw fail('bad-node', 'This action needs a queue.');
	return name;
}

const waiting = ({ ready = 0, unacknowledged = 0, consumers = 0 }: Queue) =>
	[
		`${messages(ready)} ${ready === 1 ? 'is' : 'are'} ready`,
		unacknowledged > 0 && `${n(unacknowledged)} ${unacknowledged === 1 ? 'is' : 'are'} held by consumers`,
		consumers > 0
			? `${n(consumers)} ${consumers === 1 ? 'consumer reads' : 'consumers read'} it`
			: 'there is no other consumer',
	]
		.filter((part) => part)
		.join(', ');

/** Questions before actions that cannot be undone, with the current numbers. */
export function createQuestions({ browsing, topology }: { browsing: Browsing; topology?: Topology }) {
	return async (intent: Intent): Promise<Question | undefined> => {
		if (intent.kind === 'subscribe') {
			const { target, mode } = intent.subscription;
			const name = mode === 'consume' ? queueIn(target) : undefined;
			if (name === undefined) return undefined;
			const queue = await browsing.queue(name);
			// RabbitMQ accepts a start position for streams only.
			const hasOffset = namesStreamOffset(consumerArguments(intent.subscription));
			if (queue.type === 'stream' || (queue.type === undefined && hasOffset))
				return {
					text: `Read the stream "${name}"?`,
					detail: `${waiting(queue)}. A stream keeps its messages; this reads ${readOfStream(intent.subscription)}.`,
					button: 'Read',
					harmless: true,
				};
			return {
				text: `Remove messages from the queue "${name}"?`,
				detail: `${waiting(queue)}. Consumed messages leave the queue for good; other consumers will not receive them.`,
				button: 'Consume',
			};
		}
		const { action, node } = intent.request;
		if (action === 'purge') {
			const name = queueOf({ node });
			const { ready = 0, unacknowledged } = await browsing.queue(name);
			const held =
				unacknowledged === undefined
					? 'those held by consumers are not'
					: unacknowledged === 0
						? 'consumers hold none'
						: `${n(unacknowledged)} held by consumers ${unacknowledged === 1 ? 'is' : 'are'} not`;
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
					detail: `${waiting(await browsing.queue(name))}. The queue, its messages and its bindings are deleted for good.`,
					button: 'Delete',
				};
			const bindings = await topology?.bindings('exchange', name).catch(() => undefined);
			const subject =
				bindings === undefined
					? 'It'
					: `${n(bindings.length)} ${bindings.length === 1 ? 'binding leads' : 'bindings lead'} from or to it. It`;
			return {
				text: `Delete the exchange "${name}"?`,
				detail: `${subject} is deleted for good, and publishers to it are refused from then on.`,
				button: 'Delete',
			};
		}
		if (action === 'unbind') {
			const binding = bindingName(node);
			if (!binding || binding.source === '') return undefined;
			const { source, to, destination, key } = binding;
			return {
				text: `Unbind the ${to} "${destination}" from "${source}"?`,
				detail: `Messages ${key === '' ? 'without a key' : `whose key fits "${key}"`} are no longer routed this way. Messages that are already in queues stay there.`,
				button: 'Unbind',
			};
		}
		return undefined;
	};
}
