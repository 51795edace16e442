import assert from 'node:assert/strict';
import test, { after, before } from 'node:test';
import { eventually } from '../../support/run/eventually';
import { realSession } from '../../support/run/session';
import { type KafkaBroker, startKafkaBroker } from '../../support/servers/kafka-broker';
import { holdsMessages } from '../suite/holding';

let broker: KafkaBroker;
before(async () => {
	broker = await startKafkaBroker({ brokers: 2, topics: { held: {}, gaps: {}, divided: { partitions: 2 } } });
});
after(() => broker.stop());

const wanted = (target: string, group: string) => ({ target, mode: 'group', group, initial: 'earliest' });
const offsetsOf = async (group: string) =>
	((await broker.state()).groups[group]?.offsets ?? [])
		.map(({ partition, offset }) => `${partition}:${offset}`)
		.sort()
		.join(' ');

const produce = (topic: string) => async (texts: readonly string[]) =>
	void (await broker.produce({ topic, partition: 0, records: texts.map((value) => ({ value })) }));

test('commits what was settled, and holds the rest', async () => {
	await holdsMessages({
		...{ protocol: 'kafka', url: `kafka://${broker.address}`, subscription: wanted('held', 'holders') },
		deliver: produce('held'),
		// The cluster waits for a killed member until its session times out.
		leaves: true,
		arrived: () => eventually('committed', async () => assert.equal(await offsetsOf('holders'), '0:5')),
	});
});

test('commits no further than the first message without an outcome, whatever was settled behind it', async () => {
	const seqs = new Map<string, number>();
	const session = realSession('kafka', {
		url: `kafka://${broker.address}`,
		onMessage: ({ payload }, seq) => void seqs.set(Buffer.from(payload).toString(), seq),
	});
	const settle = (outcome: 'done' | 'again', ...texts: string[]) =>
		session.settle(
			texts.map((text) => seqs.get(text) ?? -1),
			outcome,
		);
	try {
		await session.connect();
		await session.subscribe(wanted('gaps', 'gaps'), {});
		await produce('gaps')(['a', 'b', 'c', 'd']);
		await eventually('held', () => assert.equal(session.status().held, 4));
		settle('done', 'a', 'c', 'd');
		await eventually('up to the gap', async () => assert.equal(await offsetsOf('gaps'), '0:1'));
		const first = seqs.get('b');
		settle('again', 'b');
		await eventually('delivered again', () => assert.notEqual(seqs.get('b'), first));
		assert.equal(session.status().received, 5, 'and nothing behind it');
		assert.equal(await offsetsOf('gaps'), '0:1');
		settle('done', 'b');
		await eventually('all of them', async () => assert.equal(await offsetsOf('gaps'), '0:4'));
	} finally {
		session.dispose();
	}
});

test('divides held partitions with a second member: what is settled later is not lost, and what is kept stays held', async () => {
	const open = async () => {
		const seqs = new Map<string, number>();
		const all: string[] = [];
		const session = realSession('kafka', {
			url: `kafka://${broker.address}`,
			onMessage({ payload }, seq) {
				const text = Buffer.from(payload).toString();
				all.push(text);
				seqs.set(text, seq);
			},
		});
		await session.connect();
		await session.subscribe(wanted('divided', 'divided'), {});
		return { session, seqs, all };
	};
	const first = await open();
	try {
		for (const partition of [0, 1])
			await broker.produce({
				...{ topic: 'divided', partition },
				records: ['a', 'b'].map((value) => ({ value: `${value}${partition}` })),
			});
		await eventually('held', () => assert.equal(first.session.status().held, 4));
		first.session.settle([first.seqs.get('a0') ?? -1, first.seqs.get('a1') ?? -1], 'done');
		const second = await open();
		try {
			// The partition that has moved is read again from its first message without an outcome.
			await eventually('the second member has one', () => assert.equal(second.all.length, 1));
			const moved = second.all[0] ?? '';
			assert.match(moved, /^b[01]$/);
			const kept = moved === 'b0' ? 'b1' : 'b0';
			assert.equal(first.session.status().held, 1);
			first.session.settle([first.seqs.get(moved) ?? -1], 'done');
			first.session.settle([first.seqs.get(kept) ?? -1], 'done');
			second.session.settle([second.seqs.get(moved) ?? -1], 'done');
			await eventually('all are committed', async () => assert.equal(await offsetsOf('divided'), '0:2 1:2'));
			assert.deepEqual(first.all.sort(), ['a0', 'a1', 'b0', 'b1']);
		} finally {
			await second.session.close();
			second.session.dispose();
		}
	} finally {
		await first.session.close();
		first.session.dispose();
	}
});
