import { errors, KafkaError } from './errors';
import { Groups } from './groups/groups';
import { limits as defaultLimits, type Limits } from './limits';
import { checkTopicConfig } from './storage/configs';
import { Partition } from './storage/partition';
import { Topic } from './storage/topic';

/** A broker of the cluster. All share one memory; a broker differs by its address and the partitions that it leads. */
export interface Node {
	readonly id: number;
	/** The address that metadata names. */
	host: string;
	port: number;
	isUp: boolean;
}

export interface TopicOptions {
	partitions?: number;
	replication?: number;
	configs?: Record<string, string>;
	/** First offset of each partition. */
	firstOffset?: bigint;
}

/** Topics, groups and brokers. */
export class Cluster {
	readonly id = 'messaging-workbench-0';
	readonly nodes: Node[] = [];
	readonly topics = new Map<string, Topic>();
	readonly groups: Groups;
	/** Creates a topic when a client asks for its metadata and allows that. */
	autoCreate = true;
	/** Partitions of a topic that is created automatically or with a count of -1. */
	defaultPartitions = 1;
	private nextProducerId = 1000n;

	constructor(readonly limits: Limits = defaultLimits) {
		this.groups = new Groups(limits);
	}

	get controller(): Node | undefined {
		return this.nodes.find(({ isUp }) => isUp);
	}

	/** The broker that coordinates the group or transaction. */
	coordinator(key: string): Node | undefined {
		const running = this.nodes.filter(({ isUp }) => isUp);
		let hash = 0;
		for (const byte of Buffer.from(key)) hash = (hash * 31 + byte) >>> 0;
		return running[hash % Math.max(1, running.length)];
	}

	leader({ replicas }: Partition): Node | undefined {
		return replicas.map((id) => this.nodes.find((node) => node.id === id)).find((node) => node?.isUp);
	}

	inSync({ replicas }: Partition): number[] {
		return replicas.filter((id) => this.nodes.find((node) => node.id === id)?.isUp);
	}

	/** A broker that stops loses its partitions to the next replica. */
	setUp(id: number, isUp: boolean): void {
		const node = this.nodes.find((one) => one.id === id);
		if (!node || node.isUp === isUp) return;
		const partitions = [...this.topics.values()].flatMap((topic) => topic.partitions);
		const before = partitions.map((partition) => this.leader(partition));
		node.isUp = isUp;
		partitions.forEach((partition, index) => {
			if (this.leader(partition) !== before[index]) partition.leaderEpoch++;
			partition.wake();
		});
	}

	createTopic(name: string, options: TopicOptions = {}, validateOnly = false): Topic {
		const { configs = {}, replication = 1, firstOffset } = options;
		const count = options.partitions ?? this.defaultPartitions;
		if (!/^[\w.-]{1,249}$/.test(name) || name === '.' || name === '..')
			throw new KafkaError(errors.invalidTopic, `Topic name "${name}" is invalid.`);
		if (this.topics.has(name)) throw new KafkaError(errors.topicAlreadyExists, `Topic '${name}' already exists.`);
		if (count < 1) throw new KafkaError(errors.invalidPartitions, 'Number of partitions must be larger than 0.');
		const running = this.nodes.filter(({ isUp }) => isUp).length;
		if (replication < 1 || replication > running) {
			const text = `Replication factor: ${replication} larger than available brokers: ${running}.`;
			throw new KafkaError(errors.invalidReplicationFactor, text);
		}
		for (const [key, value] of Object.entries(configs)) checkTopicConfig(key, value);
		if (this.topics.size >= this.limits.topics)
			throw new KafkaError(errors.policyViolation, `At most ${this.limits.topics} topics.`);
		const topic = new Topic(name);
		for (const [key, value] of Object.entries(configs)) topic.configs.set(key, value);
		this.addPartitions(topic, count, { replication, firstOffset, validateOnly });
		if (!validateOnly) this.topics.set(name, topic);
		return topic;
	}

	addPartitions(
		topic: Topic,
		count: number,
		{
			replication = 1,
			firstOffset = 0n,
			validateOnly = false,
		}: { replication?: number; firstOffset?: bigint; validateOnly?: boolean } = {},
	): void {
		const total = [...this.topics.values()].reduce((sum, { partitions }) => sum + partitions.length, 0);
		if (total + count - topic.partitions.length > this.limits.partitions)
			throw new KafkaError(errors.policyViolation, `At most ${this.limits.partitions} partitions in all topics.`);
		if (validateOnly) return;
		for (let index = topic.partitions.length; index < count; index++) {
			const replicas = Array.from({ length: replication }, (_, replica) => {
				return (this.nodes[(index + replica) % this.nodes.length] as Node).id;
			});
			topic.partitions.push(new Partition(index, replicas, firstOffset));
		}
	}

	deleteTopic(topic: Topic): void {
		this.topics.delete(topic.name);
		this.groups.forgetTopic(topic.name);
		for (const partition of topic.partitions) partition.wake();
	}

	topicById(id: string): Topic | undefined {
		for (const topic of this.topics.values()) if (topic.id === id) return topic;
		return undefined;
	}

	/** Appends batches to a partition, and removes the oldest batches beyond the limits. Returns the first offset. */
	append(topic: Topic, partition: Partition, bytes: Buffer): { offset: bigint; appendTime?: bigint } {
		if (bytes.length > Number(topic.config('max.message.bytes'))) {
			const limit = topic.config('max.message.bytes');
			throw new KafkaError(errors.messageTooLarge, `The batch has ${bytes.length} bytes; the topic accepts ${limit}.`);
		}
		const appendTime = topic.config('message.timestamp.type') === 'LogAppendTime' ? BigInt(Date.now()) : undefined;
		const offset = partition.append(bytes, { maxProducers: this.limits.producers, appendTime });
		const retention = Number(topic.config('retention.bytes'));
		const limit = Math.min(this.limits.partitionBytes, retention < 0 ? Number.POSITIVE_INFINITY : retention);
		while (partition.size > limit && partition.batches.length > 1) partition.removeOldest();
		this.trim();
		return { offset, appendTime };
	}

	newProducerId(): bigint {
		return this.nextProducerId++;
	}

	/** Removes the oldest batches of the largest partition while all together exceed the limit. */
	private trim(): void {
		const all = [...this.topics.values()].flatMap(({ partitions }) => partitions);
		let total = all.reduce((sum, { size }) => sum + size, 0);
		while (total > this.limits.totalBytes) {
			const largest = all.reduce((best, one) => (one.size > best.size ? one : best));
			const before = largest.size;
			if (largest.batches.length === 0) return;
			largest.removeOldest();
			total -= before - largest.size;
		}
	}
}
