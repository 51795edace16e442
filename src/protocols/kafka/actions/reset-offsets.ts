import { fail } from '../../../base/failure';
import type { ActResult, Question } from '../../../model/contracts/browse';
import type { Act } from '../../adapter';
import { textValue } from '../../shared/values';
import { earliest, latest, offsetsAt } from '../cluster/offsets';
import { readStart } from '../describe/positions';
import { errorOf, kafkaError, kafkaFailure } from '../wire/failures';
import { offsetCommit } from '../wire/group-apis';
import { answerOf } from '../wire/partial';
import type { Context, Input } from './context';
import { requireEmpty } from './groups';
import { chosen, groupOf } from './targets';
import { counted, groupInWords, listed, n, table } from './words';

/** A partition whose committed offset is to be changed. */
interface Change {
	topic: string;
	partition: number;
	/** Undefined: the group has committed none. */
	current: bigint | undefined;
	next: bigint;
	/** The requested offset, if the partition does not have it. */
	wanted?: bigint;
}

/** Where the offsets are to be set. */
type Aim =
	| { kind: 'timestamp'; timestamp: bigint }
	| { kind: 'offset'; offset: bigint }
	| { kind: 'shift'; by: bigint };

function aimOf({ values }: Input): Aim {
	const to = textValue(values, 'to') ?? 'earliest';
	const text = (textValue(values, 'value') ?? '').trim();
	const bad = (message: string) => fail('bad-field', message, { field: 'value' });
	if (to === 'earliest') return { kind: 'timestamp', timestamp: earliest };
	if (to === 'latest') return { kind: 'timestamp', timestamp: latest };
	if (to === 'shift') {
		if (!/^[+-]?\d{1,18}$/.test(text)) throw bad('A shift is a whole number such as -100 or 100.');
		return { kind: 'shift', by: BigInt(text.replace('+', '')) };
	}
	const start = readStart(text, Date.now());
	if (to === 'offset') {
		if (start?.kind !== 'offset') throw bad('An offset is a whole number such as 1042.');
		return start;
	}
	if (start?.kind !== 'time') throw bad('Enter a time such as 2026-01-31T12:00:00Z or an age such as 1h.');
	return { kind: 'timestamp', timestamp: BigInt(Math.floor(start.time)) };
}

/** Computes the new offset of each chosen partition. Offsets outside of a partition become its first or last one. */
async function plan({ cluster, groups }: Context, input: Input): Promise<Change[]> {
	const group = groupOf(input);
	const aim = aimOf(input);
	const { topics, partitions } = chosen(input);
	await requireEmpty(groups, group);
	const committed = await groups.committed(group);
	const names = topics ?? [...new Set(committed.map(({ topic }) => topic))];
	const changes: Change[] = [];
	for (const name of names) {
		const topic = await cluster.topic(name, true);
		const currents = new Map(committed.filter((one) => one.topic === name).map((one) => [one.partition, one.offset]));
		// A topic that the user names is set as a whole; otherwise only what the group has read.
		const all = topics ? topic.partitions.map(({ index }) => index) : [...currents.keys()];
		const indexes = all.filter((index) => !partitions || partitions.includes(index));
		const [first, last] = [
			await offsetsAt(cluster, topic, indexes, earliest),
			await offsetsAt(cluster, topic, indexes, latest),
		];
		const at = aim.kind === 'timestamp' ? await offsetsAt(cluster, topic, indexes, aim.timestamp) : undefined;
		for (const partition of indexes) {
			const current = currents.get(partition);
			const [low, high] = [first.get(partition) ?? 0n, last.get(partition) ?? 0n];
			if (aim.kind === 'shift' && current === undefined) continue;
			const found = at?.get(partition) ?? -1n;
			// No message is that new: the group continues with the next one.
			const wanted =
				aim.kind === 'offset'
					? aim.offset
					: aim.kind === 'shift'
						? (current as bigint) + aim.by
						: found < 0n
							? high
							: found;
			const next = wanted < low ? low : wanted > high ? high : wanted;
			changes.push({ topic: name, partition, current, next, ...(next !== wanted && { wanted }) });
		}
	}
	if (changes.length === 0) {
		throw fail(
			'nothing-to-do',
			`The ${groupInWords(group)} has no committed offset ${topics || partitions ? 'there' : 'yet'}.`,
			{
				...(!topics && { remedy: { text: 'Name the topics whose offsets are to be set.' }, field: 'topics' }),
			},
		);
	}
	return changes;
}

/** "orders 0: 12 → 0 (-12)" */
function inWords({ topic, partition, current, next, wanted }: Change): { label: string; value: string } {
	const difference = current === undefined ? 0n : next - current;
	const moved =
		current === undefined
			? ''
			: difference === 0n
				? ' (unchanged)'
				: ` (${difference > 0n ? '+' : ''}${n(difference)})`;
	const limited = wanted === undefined ? '' : `, nearest to ${wanted}`;
	return { label: `${topic} ${partition}`, value: `${current ?? 'none'} → ${next}${moved}${limited}` };
}

export async function askResetOffsets(context: Context, input: Input): Promise<Question> {
	const changes = await plan(context, input);
	const rows = changes.map(inWords).map(({ label, value }) => `${label}: ${value}`);
	const difference = changes.reduce(
		(sum, { current, next }) => sum + (current === undefined ? 0n : next - current),
		0n,
	);
	const effect =
		difference < 0n
			? `About ${counted(-difference, 'message')} will be read again.`
			: difference > 0n
				? `About ${counted(difference, 'message')} will be skipped.`
				: 'In sum nothing is read again or skipped.';
	return {
		text: `Reset the offsets of the ${groupInWords(groupOf(input))}?`,
		detail: `${effect}\n\n${table(rows)}`,
		button: 'Reset Offsets',
	};
}

export async function resetOffsets(context: Context, act: Act): Promise<ActResult> {
	const group = groupOf(act);
	const what = groupInWords(group);
	const changes = await plan(context, act);
	const topics = [...new Set(changes.map(({ topic }) => topic))].map((name) => ({
		name,
		partitions: changes
			.filter(({ topic }) => topic === name)
			.map(({ partition, next }) => ({
				partitionIndex: partition,
				committedOffset: next,
				committedLeaderEpoch: -1,
				committedMetadata: '',
			})),
	}));
	const coordinator = await context.cluster.coordinator(group);
	// Without a generation and a member: from outside the group, which brokers accept only while it is empty.
	const answer = await answerOf(coordinator.call(offsetCommit, group, -1, '', null, topics)).catch((error: unknown) => {
		throw kafkaError(error, what);
	});
	const refused = answer.topics.flatMap(({ name, partitions }) =>
		partitions
			.filter(({ errorCode }) => errorCode !== 0)
			.map(({ partitionIndex, errorCode }) => ({ topic: name, partition: partitionIndex, errorCode })),
	);
	const done = changes.filter(
		({ topic, partition }) => !refused.some((one) => one.topic === topic && one.partition === partition),
	);
	const [first] = refused;
	if (first && done.length === 0) throw kafkaError(errorOf(first.errorCode), what);
	const where = counted(done.length, 'partition');
	return {
		text: first
			? `Reset the offsets in ${where} of ${n(changes.length)}: ${kafkaFailure(errorOf(first.errorCode), what).message}`
			: `Reset the offsets of the ${what} in ${where}.`,
		...(first && { bad: true }),
		properties: listed(done.map(inWords)),
	};
}
