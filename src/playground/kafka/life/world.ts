import type { Cluster, TopicOptions } from '../cluster';
import type { Partition } from '../storage/partition';
import type { Topic } from '../storage/topic';
import { attribute } from '../wire/batch';
import { decodeRecords, encodeRecords, type NewRecord } from '../wire/records';
import { murmur2 } from './murmur2';

export interface Transaction {
	send(topic: string, record: NewRecord): void;
	end(committed: boolean): void;
}

/** The cluster as the programs of the playground see it. */
export class World {
	private readonly timers = new Set<NodeJS.Timeout>();
	private isClosed = false;

	constructor(readonly cluster: Cluster) {}

	topic(name: string, options: TopicOptions): Topic {
		return this.cluster.topics.get(name) ?? this.cluster.createTopic(name, options);
	}

	/** Appends to the partition of the key. Does nothing if a user has deleted the topic. */
	send(name: string, record: NewRecord, transaction?: { producerId: bigint; partitions: Set<Partition> }): void {
		const topic = this.cluster.topics.get(name);
		if (!topic) return;
		const hash = record.key ? murmur2(Buffer.from(record.key as string)) & 0x7fffffff : 0;
		const partition = topic.partitions[hash % topic.partitions.length] as Partition;
		const options = { attributes: attribute.transactional, producerId: transaction?.producerId, producerEpoch: 0 };
		transaction?.partitions.add(partition);
		this.cluster.append(topic, partition, encodeRecords([record], transaction ? options : {}));
	}

	transaction(): Transaction {
		const transaction = { producerId: this.cluster.newProducerId(), partitions: new Set<Partition>() };
		return {
			send: (topic, record) => this.send(topic, record, transaction),
			end: (committed) => {
				for (const partition of transaction.partitions) partition.endTransaction(transaction.producerId, 0, committed);
			},
		};
	}

	/** Calls the listener with the key and value of each record that is appended from now on. */
	read(name: string, listener: (key: Buffer | null, value: Buffer | null) => void): void {
		for (const partition of this.cluster.topics.get(name)?.partitions ?? []) {
			let next = partition.endOffset;
			const more = () => {
				if (this.isClosed) return;
				for (const batch of partition.batches) {
					if (batch.lastOffset < next) continue;
					for (const record of decodeRecords(batch) ?? [])
						if (record.offset >= next) listener(record.key, record.value);
				}
				next = partition.endOffset;
				partition.onGrowth(more);
			};
			partition.onGrowth(more);
		}
	}

	/** Runs the action at this interval in milliseconds, first after one interval. */
	every(ms: number, action: () => void): void {
		this.timers.add(setInterval(action, ms).unref());
	}

	after(ms: number, action: () => void): void {
		const timer = setTimeout(() => {
			this.timers.delete(timer);
			action();
		}, ms).unref();
		this.timers.add(timer);
	}

	close(): void {
		this.isClosed = true;
		for (const timer of this.timers) clearInterval(timer);
	}
}

export const json = (value: unknown) => JSON.stringify(value);
export const pick = <T>(list: readonly T[]): T => list[Math.floor(Math.random() * list.length)] as T;
