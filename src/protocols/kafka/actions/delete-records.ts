import { fail } from '../../../base/failure';
import type { ActResult, Question } from '../../../model/contracts/browse';
import type { Act } from '../../adapter';
import { textValue } from '../../shared/values';
import type { Cluster } from '../cluster/cluster';
import { earliest, latest, offsetsAt } from '../cluster/offsets';
import { readEnd } from '../describe/positions';
import { deleteRecords } from '../wire/admin-apis';
import { errorOf, kafkaError, kafkaFailure } from '../wire/failures';
import { answerOf } from '../wire/partial';
import type { Context, Input } from './context';
import { topicOf } from './targets';
import { controllerWithin } from './topics';
import { counted, listed, messages, n, table } from './words';

interface Cut {
	partition: number;
	leader: number;
	first: bigint;
	last: bigint;
	/** The first offset that is kept. */
	before: bigint;
}

/** Computes the first offset that each partition keeps. */
async function plan(cluster: Cluster, input: Input): Promise<Cut[]> {
	const { name, partition: only } = topicOf(input);
	const end = readEnd(textValue(input.values, 'before') ?? 'end', Date.now());
	if (!end || end.kind === 'none')
		throw fail('bad-field', 'Enter "end", an offset, a time such as 2026-01-31T12:00:00Z or an age such as 7d.', {
			field: 'before',
		});
	const topic = await cluster.topic(name, true);
	const indexes = topic.partitions.map(({ index }) => index).filter((index) => only === undefined || index === only);
	const [first, last] = await Promise.all([
		offsetsAt(cluster, topic, indexes, earliest),
		offsetsAt(cluster, topic, indexes, latest),
	]);
	const at = end.kind === 'time' ? await offsetsAt(cluster, topic, indexes, BigInt(Math.floor(end.time))) : undefined;
	const cuts = indexes.map((index): Cut => {
		const [low, high] = [first.get(index) ?? 0n, last.get(index) ?? 0n];
		const found = at?.get(index) ?? -1n;
		const wanted = end.kind === 'offset' ? end.offset : found < 0n ? high : found;
		const before = wanted < low ? low : wanted > high ? high : wanted;
		const leader = topic.partitions.find((one) => one.index === index)?.leader ?? -1;
		return { partition: index, leader, first: low, last: high, before };
	});
	const real = cuts.filter(({ first: low, before }) => before > low);
	if (real.length === 0) throw fail('nothing-to-do', `The topic "${name}" has no messages before that.`);
	return real;
}

export async function askDeleteRecords({ cluster }: Context, input: Input): Promise<Question> {
	const { name } = topicOf(input);
	const cuts = await plan(cluster, input);
	const rows = cuts.map(
		({ partition, first, last, before }) =>
			`partition ${partition}: offsets ${first} to ${before - 1n} (${n(before - first)}), ${n(last - before)} are kept`,
	);
	const sum = cuts.reduce((total, { first, before }) => total + before - first, 0n);
	return {
		text: `Delete up to ${messages(sum)} of the topic "${name}"?`,
		detail: `They are deleted for good, for all consumers.\n\n${table(rows)}`,
		button: 'Delete Messages',
	};
}

export async function deleteMessages({ cluster }: Context, act: Act): Promise<ActResult> {
	const { name } = topicOf(act);
	const what = `topic "${name}"`;
	const cuts = await plan(cluster, act);
	const results: { cut: Cut; errorCode: number }[] = [];
	for (const leader of new Set(cuts.map((cut) => cut.leader))) {
		const ofLeader = cuts.filter((cut) => cut.leader === leader);
		const partitions = ofLeader.map(({ partition, before }) => ({ partitionIndex: partition, offset: before }));
		const connection = await cluster.broker(leader);
		const answer = await answerOf(connection.call(deleteRecords, [{ name, partitions }], controllerWithin)).catch(
			(error: unknown) => {
				throw kafkaError(error, what);
			},
		);
		const codes = new Map(
			answer.topics.flatMap((topic) => topic.partitions.map((one) => [one.partitionIndex, one.errorCode] as const)),
		);
		for (const cut of ofLeader) results.push({ cut, errorCode: codes.get(cut.partition) ?? -1 });
	}
	const done = results.filter(({ errorCode }) => errorCode === 0).map(({ cut }) => cut);
	const failed = results.find(({ errorCode }) => errorCode !== 0);
	if (failed && done.length === 0) throw kafkaError(errorOf(failed.errorCode), what);
	const sum = done.reduce((total, { first, before }) => total + before - first, 0n);
	const where = `in ${counted(done.length, 'partition')} of the ${what}`;
	return {
		text: failed
			? `Deleted up to ${messages(sum)} ${where}. Partition ${failed.cut.partition}: ${kafkaFailure(errorOf(failed.errorCode), what).message}`
			: `Deleted up to ${messages(sum)} ${where}.`,
		...(failed && { bad: true }),
		properties: listed(
			done.map(({ partition, before }) => ({ label: `Partition ${partition}`, value: `begins at offset ${before}` })),
		),
	};
}
