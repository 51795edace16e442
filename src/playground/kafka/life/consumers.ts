import type { Group } from '../groups/group';
import { Reader } from '../wire/reader';
import * as t from '../wire/schema';
import { Writer } from '../wire/writer';
import type { World } from './world';

const topic = 'orders';
const id = 'playground-billing-1';
const everyMs = 1000;

/** A group with one member that falls behind for a while and then catches up, over and over. */
export function billing(world: World): void {
	const group = world.cluster.groups.getOrCreate('billing');
	void join(group, world);
	let turn = 0;
	world.every(everyMs, () => {
		const isPaused = turn++ % 40 < 25;
		const member = group.members.get(id);
		// Other consumers may join and leave, and each time all members join again.
		if (!member || group.heartbeat(id, group.generation) !== 0) void join(group, world);
		else if (!isPaused && member.assignment.length > 0)
			for (const { name, partitions } of decodeAssignment(member.assignment))
				advance(group, world, name, partitions, 5n);
	});
}

/** A group without members, whose offsets can be reset or deleted. */
export function archive(world: World): void {
	const group = world.cluster.groups.getOrCreate('archive');
	group.protocolType = 'consumer';
	for (const name of [topic, 'user-events']) advance(group, world, name, [0, 1], 2n);
}

/** Commits an offset that is higher by at most `step` in each of the partitions. */
function advance(group: Group, { cluster }: World, name: string, partitions: number[], step: bigint): void {
	const committed = group.offsets.get(name) ?? new Map();
	for (const index of partitions) {
		const partition = cluster.topics.get(name)?.partitions[index];
		if (!partition) continue;
		const current: bigint = committed.get(index)?.offset ?? partition.startOffset;
		const next = current + step > partition.endOffset ? partition.endOffset : current + step;
		committed.set(index, { offset: next, leaderEpoch: -1, metadata: '' });
		group.offsets.set(name, committed);
	}
}

async function join(group: Group, { cluster }: World): Promise<void> {
	const joined = await group.join(
		{
			memberId: id,
			groupInstanceId: null,
			clientId: 'playground-billing',
			clientHost: '127.0.0.1',
			sessionTimeoutMs: 10 * everyMs,
			rebalanceTimeoutMs: 10 * everyMs,
			protocolType: 'consumer',
			protocols: ['range', 'roundrobin', 'RoundRobinAssigner'].map((name) => ({ name, metadata: subscribed })),
		},
		id,
	);
	if (joined.errorCode !== 0) return;
	// The members of this group are taken to read the same topic.
	const members = joined.members ?? [];
	const assignments = members.map(({ memberId }, position) => ({
		memberId,
		assignment: encode(assignment, {
			assigned: [
				{
					name: topic,
					partitions: (cluster.topics.get(topic)?.partitions ?? [])
						.map(({ index }) => index)
						.filter((index) => index % members.length === position),
				},
			],
			userData: null,
		}),
	}));
	// The group may have begun the next rebalance.
	if (group.members.has(id) && group.generation === joined.generationId)
		await group.sync(id, joined.generationId, assignments);
}

/** Metadata and assignment of a consumer in version 0 (ConsumerProtocolSubscription, ConsumerProtocolAssignment). */
const subscription = t.struct({ topics: t.array(t.string), userData: t.nullableBytes });
const assignment = t.struct({
	assigned: t.array(t.struct({ name: t.string, partitions: t.array(t.int32) })),
	userData: t.nullableBytes,
});
const subscribed = encode(subscription, { topics: [topic], userData: null });

function encode<In>(type: t.Type<unknown, In>, value: In): Buffer {
	const writer = new Writer(0, false);
	writer.int16(0);
	type.write(writer, value);
	return writer.done();
}

/** Of another member, which may be malformed. */
function decodeAssignment(bytes: Buffer): { name: string; partitions: number[] }[] {
	try {
		const reader = new Reader(bytes, 0, false);
		reader.int16();
		return assignment.read(reader).assigned;
	} catch {
		return [];
	}
}
