import assert from 'node:assert/strict';
import test from 'node:test';
import { createRecordsBatch } from '@platformatic/kafka';
import type { Subscription } from '../../../../src/model/profile/profile';
import type { Sink } from '../../../../src/protocols/adapter';
import type { Cluster, Topic } from '../../../../src/protocols/kafka/cluster/cluster';
import { type Progress, startRead } from '../../../../src/protocols/kafka/reading/read';
import { createReading } from '../../../../src/protocols/kafka/reading/reading';
import { fetch } from '../../../../src/protocols/kafka/wire/apis';
import type { Fetched, FetchRequest } from '../../../../src/protocols/kafka/wire/fetch';
import { eventually } from '../../../support/run/eventually';

// Reading from a cluster whose answers each test states, for what the brokers of the contract tests do not do.

const topicId = '01234567-89ab-cdef-0123-456789abcdef';

const batch = (offset: bigint, value: string): Buffer => {
	const messages = [{ topic: 'orders', value: Buffer.from(value), timestamp: 0n }];
	const bytes = createRecordsBatch(messages as never).buffer;
	bytes.writeBigInt64BE(offset);
	return bytes;
};

const answer = (partition: number, more: Partial<Fetched> = {}): Fetched => ({
	...{ topic: topicId, partition, error: 0, highWatermark: 100n, lastStableOffset: 100n, aborted: [] },
	...{ preferred: -1, isCut: false, batches: Buffer.alloc(0) },
	...more,
});

type Asked = { node: number; partition: number; from: bigint };
/** Undefined: the broker waits for messages. */
type Answer = (asked: Asked) => Partial<Fetched> | undefined;

const leads = (...leaders: number[]): Topic['partitions'] =>
	leaders.map((leader, index) => ({ index, leader, replicas: [1, 2], inSync: [1, 2], error: 0 }));

function clusterOf(bounds: [first: bigint, last: bigint], answers: Answer) {
	const topic: Topic = { name: 'orders', id: topicId, isInternal: false, partitions: leads(1), error: 0 };
	const asked: Asked[] = [];
	const connection = (node: number) => ({
		life: { state: 'open' },
		version: () => 17,
		async call(api: unknown, ...request: unknown[]) {
			if (api !== fetch) {
				const [, , [wanted]] = request as [unknown, unknown, [{ partitions: object[] }]];
				const partitions = wanted.partitions.map((one) => {
					const { timestamp } = one as { timestamp: bigint };
					return { ...one, errorCode: 0, offset: timestamp === -2n ? bounds[0] : bounds[1] };
				});
				return { topics: [{ partitions }] };
			}
			// As a network does, the answer comes in a later turn.
			await new Promise((resolve) => setImmediate(resolve));
			const found = (request as FetchRequest)[6].flatMap(({ partitions }) =>
				partitions.flatMap(({ partition, fetchOffset: from }) => {
					asked.push({ node, partition, from });
					const more = answers({ node, partition, from });
					return more ? [answer(partition, more)] : [];
				}),
			);
			if (found.length === 0) await new Promise((resolve) => setTimeout(resolve, 5));
			return found;
		},
	});
	const cluster = { topic: async () => ({ ...topic }), broker: async (node: number) => connection(node) };
	return { cluster: cluster as unknown as Cluster, topic, asked };
}

async function read(
	t: { after(end: () => unknown): void },
	cluster: Cluster,
	fields: Partial<Subscription> = {},
	progress?: Progress,
) {
	const found = { texts: [] as string[], notes: [] as string[], progress: undefined as Progress | undefined };
	const sink = {
		message: ({ payload }: { payload: Uint8Array }) => void found.texts.push(Buffer.from(payload).toString()),
		note: (text: string) => void found.notes.push(text),
		subscription() {},
	} as unknown as Sink;
	const reading = createReading({ cluster, sink, limit: 1 << 20 });
	const subscription: Subscription = { target: 'orders', mode: 'read', from: 'earliest', ...fields };
	const keep = (kept: Progress) => {
		found.progress = kept;
	};
	const running = await startRead({ ...{ cluster, reading, sink, subscription, progress, keep }, id: 'a', over() {} });
	t.after(() => {
		void running.stop();
		reading.stop();
	});
	return found;
}

test('reads from the replica that the leader names, and from the leader if the replica refuses', async (t) => {
	const { cluster, asked } = clusterOf([0n, 2n], ({ node, from }) => {
		if (node === 1) return from === 0n ? { preferred: 2 } : from === 1n ? { batches: batch(1n, 'b') } : undefined;
		return from === 0n ? { batches: batch(0n, 'a') } : { error: 6 };
	});
	const found = await read(t, cluster);
	await eventually('both', () => assert.deepEqual(found.texts, ['a', 'b']));
	assert.deepEqual(
		asked.slice(0, 4).map(({ node, from }) => [node, from]),
		[
			[1, 0n],
			[2, 0n],
			[2, 1n],
			[1, 1n],
		],
	);
	assert.deepEqual(found.notes, []);
});

test('an offset that only a lagging replica does not have is asked for again, and nothing is passed over', async (t) => {
	let refusals = 1;
	const { cluster } = clusterOf([0n, 9n], ({ from }) =>
		from > 0n ? undefined : refusals-- > 0 ? { error: 1 } : { batches: batch(0n, 'a') },
	);
	const found = await read(t, cluster);
	await eventually('the first', () => assert.deepEqual(found.texts, ['a']));
	assert.deepEqual(found.notes, []);
});

test('a partition without a leader is named, and noted again when it can be read', async (t) => {
	let refusals = 3;
	const { cluster, topic } = clusterOf([0n, 1n], ({ from }) =>
		from > 0n ? undefined : refusals-- > 0 ? { error: 6 } : { batches: batch(0n, 'a') },
	);
	const found = await read(t, cluster);
	topic.partitions = leads(-1);
	await eventually('the message', () => assert.deepEqual(found.texts, ['a']));
	assert.deepEqual(found.notes, [
		'Reading from partition 0 of orders pauses: It has no leader at the moment.',
		'Reading from partition 0 of orders goes on.',
	]);
});

test('the other partitions are read while one has no leader, which is read as soon as it has one', async (t) => {
	t.mock.timers.enable({ apis: ['setInterval'] });
	const { cluster, topic } = clusterOf([5n, 6n], ({ partition, from }) =>
		from > 5n ? undefined : { batches: batch(5n, `of ${partition}`) },
	);
	topic.partitions = leads(1, -1);
	const found = await read(t, cluster);
	await eventually('one', () => assert.deepEqual(found.texts, ['of 0']));
	assert.deepEqual(found.notes.splice(0), ['Not read now, since it has no leader: partition 1 of orders.']);
	// The third was added to the topic.
	topic.partitions = leads(1, 1, 2);
	t.mock.timers.tick(30_000);
	await eventually('all', () => assert.deepEqual(found.texts.sort(), ['of 0', 'of 1', 'of 2']));
	assert.deepEqual(found.notes, ['Reading now includes 2 partitions of orders (1, 2).']);
});

test('a topic that was created again is read from its beginning, on the same link and on the next', async (t) => {
	const { cluster, topic } = clusterOf([0n, 8n], ({ from }) =>
		topic.id !== topicId ? { error: 100 } : from > 7n ? undefined : { batches: batch(7n, 'old') },
	);
	const found = await read(t, cluster, { from: '7' });
	await eventually('the old one', () => assert.deepEqual(found.texts, ['old']));
	const note = 'The topic orders was deleted and created again: it is read from its beginning.';
	const id = 'ffffffff-89ab-cdef-0123-456789abcdef';
	const other = clusterOf([0n, 1n], ({ from }) => (from > 0n ? undefined : { topic: id, batches: batch(0n, 'new') }));
	other.topic.id = id;
	const next = await read(t, other.cluster, { from: '7' }, structuredClone(found.progress));
	await eventually('the new one', () => assert.deepEqual(next.texts, ['new']));
	assert.deepEqual(next.notes, [note]);
	const moving = clusterOf([0n, 8n], ({ from }) => {
		if (moving.topic.id === topicId && from > 7n) moving.topic.id = id;
		if (from > 7n) return { error: 100 };
		return from > 0n ? { batches: batch(7n, 'old') } : { topic: id, batches: batch(0n, 'new') };
	});
	const same = await read(t, moving.cluster, { from: '7', limit: 2 });
	await eventually('both', () => assert.deepEqual(same.texts, ['old', 'new']));
	assert.deepEqual(same.notes, [note]);
});

test('a reading to the end ends beside one of another partition that never is empty', async (t) => {
	let count = 0n;
	const { cluster, topic } = clusterOf([0n, 1n], ({ partition, from }) =>
		partition === 0 ? { batches: batch(from, `${count++}`) } : { highWatermark: 1n, lastStableOffset: 1n },
	);
	topic.partitions = leads(1, 1);
	const changes: unknown[] = [];
	const sink = { message() {}, note() {}, subscription: (...all: unknown[]) => changes.push(all) } as unknown as Sink;
	const reading = createReading({ cluster, sink, limit: 1 << 20 });
	const common = { cluster, reading, sink, progress: undefined, keep() {}, over() {} };
	const start = (id: string, fields: Partial<Subscription>) =>
		startRead({ ...common, id, subscription: { target: 'orders', mode: 'read', from: 'earliest', ...fields } });
	const busy = await start('busy', { partitions: '0' });
	t.after(() => {
		void busy.stop();
		reading.stop();
	});
	await start('bounded', { partitions: '1', until: 'end' });
	await eventually('the end', () => assert.equal(changes.length, 1));
});
