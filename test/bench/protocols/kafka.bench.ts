import { Consumer, Producer } from '@platformatic/kafka';
import { createStore } from '../../../src/engine/store/store';
import { defaultLimits } from '../../../src/model/contracts/session';
import { adapter } from '../../../src/protocols/kafka/adapter';
import { kafka } from '../../../src/protocols/kafka/describe/describe';
import { type KafkaBroker, startKafkaBroker } from '../../support/servers/kafka-broker';
import { medians, type Row } from '../rows';
import { processorClock as clock, counter, rateRow, rateThrough } from './count';

const cases = [
	{ name: 'Kafka, 100 bytes with key', compression: 'none' },
	{ name: 'Kafka, 100 bytes with key, gzip', compression: 'gzip' },
	{ name: 'Kafka, 100 bytes with key, lz4', compression: 'lz4' },
] as const;
const messages = 300_000;
const perBatch = 1000;
const rounds = 3;

/**
 * Messages per second of processor time through adapter, log and topic tree, compared with the bare library that fetches
 * without a consumer group and only counts.
 */
export async function bench(): Promise<Row[]> {
	const rows: Row[] = [];
	for (const { name, compression } of cases) {
		const broker = await startKafkaBroker({
			topics: { flood: { partitions: 1 } },
			limits: { partitionBytes: 1e9, totalBytes: 2e9 },
		});
		await fill(broker, compression);
		const { bare, ours } = await medians(rounds, {
			bare: () => countBare(broker),
			ours: () => countOurs(broker),
		});
		await broker.stop();
		const reference = ['bare @platformatic/kafka that counts', bare] as const;
		rows.push(rateRow(`${name}: adapter, log and tree`, ours, reference, clock, '≥ 0.8'));
	}
	return rows;
}

async function fill({ address }: KafkaBroker, compression: (typeof cases)[number]['compression']): Promise<void> {
	const producer = new Producer({ clientId: 'bench', bootstrapBrokers: [address] });
	for (let at = 0; at < messages + perBatch; at += perBatch)
		await producer.send({
			...{ compression, acks: 1 },
			messages: Array.from({ length: perBatch }, (_, index) => ({
				...{ topic: 'flood', partition: 0 },
				key: Buffer.from(`key-${(at + index) % 1000}`),
				value: Buffer.from(`{"number":${at + index},"text":"${'abcdefgh'.repeat(9)}"}`.padEnd(100).slice(0, 100)),
			})),
		});
	await producer.close();
}

async function countBare({ address }: KafkaBroker): Promise<number> {
	const consumer = new Consumer({ clientId: 'bench', groupId: 'bench', bootstrapBrokers: [address] });
	const metadata = await consumer.metadata({ topics: ['flood'] });
	const topicId = metadata.topics.get('flood')?.id ?? '';
	const node = metadata.topics.get('flood')?.partitions[0]?.leader ?? 1;
	const rate = await new Promise<number>((resolve, reject) => {
		const count = counter(messages, resolve, clock);
		let offset = 0n;
		let isOver = false;
		const next = async (): Promise<void> => {
			while (!isOver) {
				const { responses } = await consumer.fetch({
					...{ node, maxWaitTime: 500, minBytes: 1, maxBytes: 4 * 1024 * 1024 },
					topics: [
						{
							topicId,
							partitions: [
								{
									...{ partition: 0, fetchOffset: offset, currentLeaderEpoch: -1, lastFetchedEpoch: -1 },
									partitionMaxBytes: 1024 * 1024,
								},
							],
						},
					],
				});
				for (const batch of responses[0]?.partitions[0]?.records ?? []) {
					for (const _ of batch.records) count();
					offset = batch.firstOffset + BigInt(batch.lastOffsetDelta) + 1n;
				}
				if (offset >= BigInt(messages)) isOver = true;
			}
		};
		next().catch(reject);
	});
	await consumer.close(true);
	return rate;
}

function countOurs({ port }: KafkaBroker): Promise<number> {
	return rateThrough({
		adapter,
		profile: { protocol: 'kafka', url: `kafka://127.0.0.1:${port}`, values: {} },
		subscription: { target: 'flood', mode: 'read', from: 'earliest' },
		...{ messages, clock },
		store: createStore(kafka, defaultLimits),
	});
}
