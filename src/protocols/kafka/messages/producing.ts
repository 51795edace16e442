import { fail } from '../../../base/failure';
import type { Draft, Receipt } from '../../../model/contracts/message';
import { notOpen, refuseWhenFull } from '../../shared/failures';
import { type OpenReceipt, Receipts } from '../../shared/receipts';
import type { Cluster, Topic } from '../cluster/cluster';
import { produce } from '../wire/apis';
import { kafkaFailure, refusalOf } from '../wire/failures';
import { type PreparedRecord, prepareRecord } from './draft';
import { createLimits, type Limits } from './limits';
import { murmur2 } from './murmur2';

/** Milliseconds that the broker may wait for replicas. */
export const replicasWithin = 10_000;

export interface Producing {
	/** Throws why the draft cannot be sent. */
	prepare(draft: Draft): PreparedRecord;
	/** Throws before anything is sent. */
	send(prepared: PreparedRecord): Promise<Receipt>;
	/** The link has ended. */
	lost(): void;
}

export function createProducing(cluster: Cluster): Producing {
	const limits = createLimits(cluster);
	const receipts = new Receipts();
	const { life } = cluster.main;
	/** Bytes that were handed to the library and not answered. */
	let waiting = 0;

	function requireOpen(): void {
		if (life.state !== 'open') throw notOpen();
	}

	return {
		prepare(draft) {
			requireOpen();
			const prepared = prepareRecord(draft);
			refuseWhenFull('broker', waiting, draft.payload.length);
			checkSize(prepared, limits.of(prepared.topic));
			return prepared;
		},
		async send(prepared) {
			requireOpen();
			const size = sizeOf(prepared);
			waiting += size;
			const receipt = receipts.open();
			receipt.onSettled(() => {
				waiting -= size;
			});
			void deliver(cluster, limits, prepared, receipt);
			return receipt.promise;
		},
		lost: () => receipts.lost(),
	};
}

interface Written {
	partition: number;
	/** Undefined: the broker does not say it. */
	offset: bigint | undefined;
}

/** Sends a record to the leader of its partition. `sent`: called when it may have left. */
async function write(cluster: Cluster, record: PreparedRecord, isFresh: boolean, sent: () => void): Promise<Written> {
	const { acks, compression } = record;
	const topic = await cluster.topic(record.topic, isFresh);
	const partition = partitionOf(record, topic);
	const leader = topic.partitions.find(({ index }) => index === partition)?.leader ?? -1;
	if (leader < 0)
		throw fail('no-leader', `Partition ${partition} of the topic "${topic.name}" has no leader at the moment.`);
	const connection = await cluster.broker(leader);
	if (connection.life.state !== 'open') throw notOpen();
	sent();
	const answer = await connection.call(produce, acks, replicasWithin, [wireRecord(record, partition)], { compression });
	return { partition, offset: acks === 0 ? undefined : offsetIn(answer, partition) };
}

interface ProduceAnswer {
	responses: { partitionResponses: { index: number; baseOffset: bigint }[] }[];
}

/** The offset of the first record in a partition. Throws if the answer leaves it out: that proves nothing. */
export function offsetIn(answer: ProduceAnswer | boolean, partition: number): bigint {
	const done = typeof answer === 'object' ? answer.responses[0]?.partitionResponses[0] : undefined;
	if (done?.index !== partition) throw new Error(`Partition ${partition} is not in the answer.`);
	return done.baseOffset;
}

/** Refusals after which the record is surely not written, and may be sent to the new leader. */
const ofOldLeader = /^(NOT_LEADER_OR_FOLLOWER|FENCED_LEADER_EPOCH|UNKNOWN_TOPIC_OR_PARTITION|LEADER_NOT_AVAILABLE)$/;
/** Refusals after which it may be written or not. */
const unproven = /^(REQUEST_TIMED_OUT|NOT_ENOUGH_REPLICAS_AFTER_APPEND|NETWORK_EXCEPTION)$/;

async function deliver(cluster: Cluster, limits: Limits, record: PreparedRecord, receipt: OpenReceipt): Promise<void> {
	let isSent = false;
	const sent = () => {
		isSent = true;
	};
	try {
		const { partition, offset } = await write(cluster, record, false, sent).catch((error: unknown) => {
			if (!ofOldLeader.test(refusalOf(error)?.id ?? '')) throw error;
			isSent = false;
			return write(cluster, record, true, sent);
		});
		const where = `partition ${partition}`;
		if (offset === undefined)
			receipt.settle('handed-over', `handed over to ${where}; the broker does not answer with acks 0`);
		else {
			const by = record.acks === 1 ? 'the leader' : 'all replicas in sync';
			receipt.settle('acknowledged', (ms) => `${where}, offset ${offset}, acknowledged by ${by} in ${ms} ms`);
		}
	} catch (error) {
		const id = refusalOf(error)?.id;
		const { code, message, evidence } = kafkaFailure(error, `topic "${record.topic}"`);
		const limit = id === 'MESSAGE_TOO_LARGE' ? await limits.ask(record.topic) : undefined;
		if (limit !== undefined) receipt.settle('refused', tooLargeText(record, limit), evidence);
		else if (id !== undefined && unproven.test(id))
			receipt.settle('unknown', 'The replicas did not confirm it in time: it may or may not be kept.', evidence);
		else if (id !== undefined || !isSent) receipt.settle('refused', message, evidence);
		else if (code === 'bad-answer')
			receipt.settle('unknown', 'The broker sent an answer that cannot be read: it may or may not be kept.', evidence);
		else receipt.lose();
	}
}

/** A record as the library writes it. */
export function wireRecord({ topic, timestamp, key, value, headers }: PreparedRecord, partition: number) {
	return {
		...{ topic, partition, timestamp },
		key: buffer(key) as Buffer,
		value: buffer(value) as Buffer,
		headers: headerMap(headers),
	};
}

/** Throws where the topic has no such partition. */
export function partitionOf({ partition, key, topic: name }: PreparedRecord, { partitions }: Topic): number {
	if (partition !== undefined) {
		if (!partitions.some(({ index }) => index === partition))
			throw fail(
				'unknown-partition',
				`The topic "${name}" has no partition ${partition}; it has ${partitions.length}, counted from 0.`,
			);
		return partition;
	}
	// As the Java client does, so that a key has the same partition with all clients.
	if (key) return (murmur2(key) & 0x7fffffff) % partitions.length;
	const led = partitions.filter(({ leader }) => leader >= 0);
	const among = led.length > 0 ? led : partitions;
	return among[Math.floor(Math.random() * among.length)]?.index ?? 0;
}

/** Bytes of a record in a batch of its own, at most (https://kafka.apache.org/documentation/#record). */
export function sizeOf({ key, value, headers }: PreparedRecord): number {
	const ofHeaders = headers.reduce((sum, one) => sum + one.name.length + (one.value?.length ?? 0) + 10, 0);
	return 61 + 30 + (key?.length ?? 0) + (value?.length ?? 0) + ofHeaders;
}

/** Throws for a record that is too large. The size of a compressed one is only known when it is sent. */
function checkSize(record: PreparedRecord, limit: number | undefined): void {
	if (limit !== undefined && record.compression === 'none' && sizeOf(record) > limit)
		throw fail('message-too-large', tooLargeText(record, limit));
}

const tooLargeText = (record: PreparedRecord, limit: number) =>
	`The message has about ${sizeOf(record).toLocaleString('en-US')} bytes${record.compression === 'none' ? '' : ' before compression'}; the topic "${record.topic}" accepts ${limit.toLocaleString('en-US')} ("max.message.bytes").`;

const buffer = (bytes: Uint8Array | undefined): Buffer | null =>
	bytes ? Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length) : null;

/** Headers as the library writes them: with their duplicates, in their order. */
function headerMap(headers: PreparedRecord['headers']): Map<Buffer, Buffer> {
	return new Map(headers.map(({ name, value }) => [Buffer.from(name), buffer(value) as Buffer]));
}
