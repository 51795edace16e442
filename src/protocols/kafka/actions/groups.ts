import { fail } from '../../../base/failure';
import type { ActResult, Question } from '../../../model/contracts/browse';
import type { Act } from '../../adapter';
import type { Committed, Groups } from '../browse/groups';
import { deleteGroups, offsetDelete } from '../wire/admin-apis';
import { errorOf, kafkaError, kafkaFailure } from '../wire/failures';
import { answerOf } from '../wire/partial';
import type { Context, Input } from './context';
import { chosen, groupOf } from './targets';
import { counted, groupInWords, n, table } from './words';

/** Throws `group-has-members`: brokers let only the members of a group that has any change its offsets. */
export async function requireEmpty(groups: Groups, name: string): Promise<void> {
	const count = (await groups.describe(name)).members.length;
	if (count > 0) {
		throw fail(
			'group-has-members',
			`The ${groupInWords(name)} has ${counted(count, 'member')}, so its offsets cannot be changed from outside.`,
			{ remedy: { text: 'Stop its consumers first, and wait until their sessions have timed out.' } },
		);
	}
}

export async function askDeleteGroup({ groups }: Context, input: Input): Promise<Question> {
	const name = groupOf(input);
	await requireEmpty(groups, name);
	const committed = await groups.committed(name);
	const topics = new Set(committed.map(({ topic }) => topic));
	return {
		text: `Delete the ${groupInWords(name)}?`,
		detail: `It has no members. Its committed offsets in ${counted(committed.length, 'partition')} of ${counted(topics.size, 'topic')} are deleted for good.`,
		button: 'Delete Group',
	};
}

export async function deleteGroup({ cluster, groups }: Context, act: Act): Promise<ActResult> {
	const name = groupOf(act);
	const what = groupInWords(name);
	await requireEmpty(groups, name);
	const coordinator = await cluster.coordinator(name);
	await coordinator.call(deleteGroups, [name]).catch((error: unknown) => {
		throw kafkaError(error, what);
	});
	return { text: `Deleted the ${what}.` };
}

/** The committed offsets that the user has chosen. */
async function chosenOffsets(groups: Groups, input: Input): Promise<Committed[]> {
	const name = groupOf(input);
	const { topics, partitions } = chosen(input);
	await requireEmpty(groups, name);
	const found = (await groups.committed(name)).filter(
		({ topic, partition }) => (!topics || topics.includes(topic)) && (!partitions || partitions.includes(partition)),
	);
	if (found.length === 0) throw fail('nothing-to-do', `The ${groupInWords(name)} has no committed offset there.`);
	return found;
}

export async function askDeleteOffsets({ groups }: Context, input: Input): Promise<Question> {
	const found = await chosenOffsets(groups, input);
	return {
		text: `Delete committed offsets of the ${groupInWords(groupOf(input))} in ${counted(found.length, 'partition')}?`,
		detail: `There the group begins where its consumers are configured to begin ("auto.offset.reset").\n\n${table(
			found.map(({ topic, partition, offset }) => `${topic} ${partition}: ${offset}`),
		)}`,
		button: 'Delete Offsets',
	};
}

export async function deleteOffsets({ cluster, groups }: Context, act: Act): Promise<ActResult> {
	const name = groupOf(act);
	const what = groupInWords(name);
	const found = await chosenOffsets(groups, act);
	const topics = [...new Set(found.map(({ topic }) => topic))].map((topic) => ({
		name: topic,
		partitions: found.filter((one) => one.topic === topic).map(({ partition }) => ({ partitionIndex: partition })),
	}));
	const coordinator = await cluster.coordinator(name);
	const answer = await answerOf(coordinator.call(offsetDelete, name, topics)).catch((error: unknown) => {
		throw kafkaError(error, what);
	});
	if (answer.errorCode !== 0) throw kafkaError(errorOf(answer.errorCode), what);
	const refused = answer.topics.flatMap(({ partitions }) => partitions.filter(({ errorCode }) => errorCode !== 0));
	const [first] = refused;
	const done = found.length - refused.length;
	if (first && done === 0) throw kafkaError(errorOf(first.errorCode), what);
	if (first)
		return {
			text: `Deleted the offsets in ${counted(done, 'partition')} of ${n(found.length)}: ${kafkaFailure(errorOf(first.errorCode), what).message}`,
			bad: true,
		};
	return { text: `Deleted the offsets of the ${what} in ${counted(done, 'partition')}.` };
}
