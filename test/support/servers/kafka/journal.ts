import { appendFileSync, existsSync, readFileSync } from 'node:fs';
import type { Cluster } from '../../../../src/playground/kafka/cluster';

interface Entry {
	topic: string;
	partitions: number;
	partition: number;
	/** Base64. */
	bytes: string;
}

/** Writes all batches to a file, and appends them again when the process starts the next time. */
export function keepJournal(cluster: Cluster, file: string): void {
	const append = cluster.append.bind(cluster);
	const entries = existsSync(file) ? readFileSync(file, 'utf8').split('\n').filter(Boolean) : [];
	for (const line of entries) {
		const { topic: name, partitions, partition, bytes } = JSON.parse(line) as Entry;
		const topic = cluster.topics.get(name) ?? cluster.createTopic(name, { partitions });
		const found = topic.partitions[partition];
		if (found) append(topic, found, Buffer.from(bytes, 'base64'));
	}
	cluster.append = (topic, partition, bytes) => {
		const result = append(topic, partition, bytes);
		const entry: Entry = {
			topic: topic.name,
			partitions: topic.partitions.length,
			partition: partition.index,
			bytes: bytes.toString('base64'),
		};
		appendFileSync(file, `${JSON.stringify(entry)}\n`);
		return result;
	};
}
