// The small Kafka broker with a topic "flood" that never ends: whatever offset is fetched, the same batch is there, placed at it.
// The argument is JSON: { payload }. The port that it listens on is sent to the parent process.
import { startKafkaServer } from '../../../src/playground/kafka/server';
import type { Partition } from '../../../src/playground/kafka/storage/partition';
import { encodeRecords } from '../../../src/playground/kafka/wire/records';

const { payload } = JSON.parse(process.argv[2] ?? '{}') as { payload: number };
const perBatch = 1000;
const batch = encodeRecords(
	Array.from({ length: perBatch }, (_, at) => ({
		key: Buffer.from(`key-${at}`),
		value: Buffer.alloc(payload, `{"number":${at},"unit":"C"} `),
	})),
);

const { cluster, ports } = await startKafkaServer({ ports: [0] });
const partition = cluster.createTopic('flood').partitions[0] as Partition;
partition.endOffset = 1n << 50n;
partition.read = (offset, maxBytes) => {
	const count = Math.max(1, Math.floor(maxBytes / batch.length));
	return Array.from({ length: count }, (_, index) => {
		const bytes = Buffer.from(batch);
		bytes.writeBigInt64BE(offset + BigInt(index * perBatch));
		return bytes;
	});
};
process.send?.(ports[0]);
process.on('disconnect', () => process.exit(0));
