import type { Intent, Question } from '../../../model/contracts/browse';
import { counted, messages, n, size } from '../browse/words';
import { consumerOf } from '../describe/subjects';
import type { Api } from '../jetstream/api';
import { readConsumer } from '../jetstream/consumers';
import { readObject } from '../jetstream/objects';
import { purposeOf, readStream, subjectsOf } from '../jetstream/streams';
import { pairOfNode, streamOfNode } from './nodes';
import { type Purge, purgeOf } from './purging';

/** Subjects whose numbers of messages are added up for a question. */
const maxSubjects = 100_000;

/** Questions before what takes messages away or cannot be undone, with the current numbers. */
export function createQuestions(api: Api) {
	return async (intent: Intent): Promise<Question | undefined> => {
		if (intent.kind === 'subscribe') {
			const { target, mode, queue, settle } = intent.subscription;
			if (mode === 'queue')
				return {
					text: `Join the queue group "${String(queue)}" on "${target}"?`,
					detail:
						'The other members of the group no longer receive the messages that come here. NATS does not tell how many members there are.',
					button: 'Join',
				};
			return mode === 'consume' ? consume(api, target, settle === 'ack') : undefined;
		}
		const { action, node, values, messages: lines = [] } = intent.request;
		switch (action) {
			case 'purge':
				return purge(api, purgeOf({ node, values }));
			case 'delete-stream':
			case 'delete-bucket':
			case 'delete-store':
				return remove(api, streamOfNode({ node }));
			case 'delete-consumer': {
				const [stream, name] = pairOfNode({ node }, 'consumer');
				const { pending, unacknowledged } = await readConsumer(api, stream, name);
				return {
					text: `Delete the consumer "${name}" of "${stream}"?`,
					detail: `${messages(pending)} pending and ${n(unacknowledged)} unacknowledged. Its place in the stream is lost; the messages stay, unless the stream keeps them for its consumers only.`,
					button: 'Delete',
				};
			}
			case 'delete-message':
				return {
					text: `Delete the message ${String(values.sequence)} of "${streamOfNode({ node })}"?`,
					detail: 'It is deleted for good.',
					button: 'Delete',
				};
			case 'delete-stored':
				return {
					text: `Delete ${messages(lines.length)} from the stream?`,
					detail: `${messages(lines.length)} ${lines.length === 1 ? 'is' : 'are'} deleted for good.`,
					button: 'Delete',
				};
			case 'term':
				return {
					text: `Reject ${messages(lines.length)} for good?`,
					detail: 'The consumer never delivers them again. A work queue deletes them.',
					button: 'Reject',
				};
			case 'edit-stream': {
				const stream = await readStream(api, streamOfNode({ node }));
				return {
					text: `Change the stream "${stream.name}"?`,
					detail: `It has ${messages(stream.messages)} (${size(stream.bytes)}). Those beyond a tighter limit are deleted for good.`,
					button: 'Change',
				};
			}
			case 'kv-delete':
			case 'kv-purge': {
				const [bucket, key] = pairOfNode({ node }, 'key');
				const [found] = await subjectsOf(api, `KV_${bucket}`, `$KV.${bucket}.${key}`, 1);
				const revisions = counted(found?.[1] ?? 0n, 'revision');
				return action === 'kv-delete'
					? {
							text: `Delete the key "${key}" of "${bucket}"?`,
							detail: `It is marked as deleted. The bucket has ${revisions} of it and keeps as many as it is set to.`,
							button: 'Delete',
						}
					: {
							text: `Purge the key "${key}" of "${bucket}"?`,
							detail: `${revisions} of it are deleted for good.`,
							button: 'Purge',
						};
			}
			case 'object-delete': {
				const [store, name] = pairOfNode({ node }, 'object');
				const object = await readObject(api, store, name);
				return {
					text: `Delete the object "${name}" of "${store}"?`,
					detail: `${n(object.size)} bytes in ${counted(object.chunks, 'chunk')} are deleted for good.`,
					button: 'Delete',
				};
			}
			default:
				return undefined;
		}
	};
}

async function consume(api: Api, target: string, isAutomatic: boolean): Promise<Question | undefined> {
	const names = consumerOf(target);
	if (!names) return undefined;
	const consumer = await readConsumer(api, names.stream, names.consumer);
	const { pending, unacknowledged, waiting, isBound } = consumer;
	const others =
		isBound || waiting > 0n ? 'Another client is receiving from it now.' : 'No other client is waiting for it.';
	const how = isAutomatic
		? 'Messages are acknowledged as soon as they are in the log, and other clients will not receive them.'
		: 'Messages wait here for your outcome; other clients do not receive them meanwhile.';
	return {
		text: `Consume from "${target}"?`,
		detail: `${messages(pending)} pending, ${n(unacknowledged)} unacknowledged. ${others} ${how}`,
		button: 'Consume',
	};
}

async function purge(api: Api, { stream, filter, keep, before }: Purge): Promise<Question> {
	const { messages: all, first, last } = await readStream(api, stream);
	const found = filter === undefined ? [] : await subjectsOf(api, stream, filter, maxSubjects);
	const matching = filter === undefined ? all : found.reduce((sum, [, count]) => sum + count, 0n);
	const of = filter === undefined ? '' : ` of "${filter}"`;
	const rest =
		keep !== undefined
			? `${messages(matching > keep ? matching - keep : 0n)}${of} are deleted for good; the newest ${n(keep)} stay.`
			: before !== undefined
				? `Of ${messages(matching)}${of}, those before sequence ${n(before)} are deleted for good. The stream has the sequences ${n(first)} to ${n(last)}.`
				: `${messages(matching)}${of} ${matching === 1n ? 'is' : 'are'} deleted for good${filter === undefined ? '' : `; ${n(all - matching)} stay`}.`;
	return { text: `Purge the stream "${stream}"?`, detail: rest, button: 'Purge' };
}

async function remove(api: Api, stream: string): Promise<Question> {
	const { messages: count, bytes, consumers, subjectCount } = await readStream(api, stream);
	const { kind, what, name } = purposeOf(stream);
	const content =
		kind === 'stream'
			? `${messages(count)} (${size(bytes)}) and ${counted(consumers, 'consumer')}`
			: kind === 'bucket'
				? `${counted(subjectCount, 'key')} (${size(bytes)})`
				: size(bytes);
	return {
		text: `Delete the ${what} "${name}"?`,
		detail: `It has ${content}, all of which is deleted for good.`,
		button: 'Delete',
	};
}
