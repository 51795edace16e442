import { fail } from '../../../base/failure';
import type { Subscription } from '../../../model/profile/profile';
import type { Cluster, Topic } from '../cluster/cluster';
import { boundsText, earliest, type Isolation, latest, offsetsAt } from '../cluster/offsets';
import { type End, readEnd, readPartitions, readStart, type Start } from '../describe/positions';

/** What a subscription wants to read. */
export interface Wanted {
	start: Start;
	end: End;
	/** Undefined: all. */
	partitions: readonly number[] | undefined;
	isolation: Isolation;
	/** Number of messages after which reading ends. */
	limit: number | undefined;
}

/** The part of a partition that is read. */
export interface Range {
	partition: number;
	leader: number;
	from: bigint;
	/** First offset that is not read; undefined: it goes on. */
	end: bigint | undefined;
	/** First timestamp that is not read. */
	endTime: number | undefined;
}

/** Reads the fields of a subscription. Throws `bad-field`. */
export function wantedOf(subscription: Subscription): Wanted {
	const text = (key: string) => (typeof subscription[key] === 'string' ? String(subscription[key]) : '');
	const number = (key: string) => (typeof subscription[key] === 'number' ? Number(subscription[key]) : undefined);
	const bad = (label: string, help: string) => fail('bad-field', `"${label}" is none of these: ${help}`);
	const now = Date.now();
	const start = readStart(text('from') || '-100', now);
	if (!start) throw bad('From', '-100, earliest, latest, an offset, a time, or an age such as 1h.');
	const end = readEnd(text('until'), now);
	if (!end) throw bad('Until', 'end, an offset, a time, or an age such as 1h.');
	const partitions = readPartitions(String(subscription.partitions ?? ''));
	if (!partitions) throw bad('Partitions', 'a list such as 0 or 0, 2-4.');
	return {
		...{ start, end },
		partitions: partitions.length > 0 ? partitions : undefined,
		isolation: subscription.isolation === 'read_uncommitted' ? 'read_uncommitted' : 'read_committed',
		limit: number('limit'),
	};
}

/** Asks the leaders where the wanted part of each partition begins and ends. `notes`: sentences about what differs from it. */
export async function rangesOf(
	cluster: Cluster,
	topic: Topic,
	wanted: Wanted,
): Promise<{ ranges: Range[]; notes: string[] }> {
	const chosen = wanted.partitions ?? topic.partitions.map(({ index }) => index);
	const missing = chosen.find((index) => !topic.partitions.some((one) => one.index === index));
	if (missing !== undefined)
		throw fail(
			'unknown-partition',
			`The topic "${topic.name}" has no partition ${missing}; it has ${topic.partitions.length}, counted from 0.`,
		);
	const notes: string[] = [];
	const led = chosen.filter((index) => topic.partitions.some((one) => one.index === index && one.leader >= 0));
	// Without any leader, asking for the offsets fails.
	const indexes = led.length > 0 ? led : chosen;
	const left = chosen.filter((index) => !indexes.includes(index));
	if (left.length > 0)
		notes.push(
			`Not read now, since ${left.length === 1 ? 'it has' : 'they have'} no leader: ${partitionsText(topic.name, left)}.`,
		);
	const at = (timestamp: bigint) => offsetsAt(cluster, topic, indexes, timestamp, wanted.isolation);
	const { start, end } = wanted;
	const [firsts, lasts, starts] = await Promise.all([
		at(earliest),
		at(latest),
		start.kind === 'time' ? at(BigInt(Math.floor(start.time))) : undefined,
	]);
	const ranges = indexes.map((partition): Range => {
		const [first, last] = [firsts.get(partition) ?? 0n, lasts.get(partition) ?? 0n];
		const from = startIn(start, first, last, starts?.get(partition));
		if (start.kind === 'offset' && from !== start.offset)
			notes.push(`Partition ${partition} of ${topic.name} ${boundsText({ first, last })}: it is read from ${from} on.`);
		return {
			partition,
			leader: topic.partitions.find(({ index }) => index === partition)?.leader ?? -1,
			from,
			end: end.kind === 'end' ? last : end.kind === 'offset' ? end.offset : undefined,
			endTime: end.kind === 'time' ? end.time : undefined,
		};
	});
	return { ranges, notes };
}

/** Names partitions of a topic for a sentence. */
export function partitionsText(topic: string, indexes: readonly number[]): string {
	const [first, ...others] = indexes;
	if (others.length === 0) return `partition ${first} of ${topic}`;
	const more = indexes.length > maxNamed ? ', …' : '';
	return `${indexes.length} partitions of ${topic} (${indexes.slice(0, maxNamed).join(', ')}${more})`;
}

const maxNamed = 10;

function startIn(start: Start, first: bigint, last: bigint, atTime: bigint | undefined): bigint {
	switch (start.kind) {
		case 'earliest':
			return first;
		case 'latest':
			return last;
		case 'newest':
			return last - start.count > first ? last - start.count : first;
		case 'offset':
			return start.offset < first ? first : start.offset > last ? last : start.offset;
		case 'time':
			return atTime === undefined || atTime < 0n ? last : atTime;
	}
}
