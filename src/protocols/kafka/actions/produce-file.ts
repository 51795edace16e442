import { stat } from 'node:fs/promises';
import { basename } from 'node:path';
import { FailureError, fail, toFailure } from '../../../base/failure';
import type { ActResult, Question } from '../../../model/contracts/browse';
import type { Act } from '../../adapter';
import { textValue } from '../../shared/values';
import type { Cluster, Topic } from '../cluster/cluster';
import { type PreparedRecord, prepareRecord } from '../messages/draft';
import { offsetIn, partitionOf, replicasWithin, sizeOf, wireRecord } from '../messages/producing';
import { produce } from '../wire/apis';
import { kafkaFailure, refusalOf } from '../wire/failures';
import type { Context, Input } from './context';
import { linesOf } from './file-lines';
import { jsonLine, keyedLine, type LineReader, wholeLine } from './file-record';
import { topicOf } from './targets';
import { listed, messages, n } from './words';

/** Messages and bytes that are sent at once. */
const maxBatch = { messages: 1000, bytes: 512 * 1024 };
/**
 * Milliseconds between the first and another message that are sent at once: half of what a batch can have. The library encodes larger differences wrongly, by up to
 * their size (zigzag with a shift of 31 in place of 63 bits, @platformatic/dynamic-buffer 0.3.1).
 */
const maxSpan = 2n ** 30n;

interface Source {
	topic: string;
	partition: number | undefined;
	file: string;
	name: string;
	read: LineReader;
	compression: string;
}

function sourceOf(input: Input): Source {
	const { name: topic, partition } = topicOf(input);
	const file = textValue(input.values, 'file');
	if (file === undefined) throw fail('bad-field', 'Choose a file.', { field: 'file' });
	const format = textValue(input.values, 'format') ?? 'lines';
	const separator = textValue(input.values, 'separator') ?? ':';
	const read = format === 'json' ? jsonLine : format === 'keys' ? keyedLine(separator) : wholeLine;
	const compression = textValue(input.values, 'compression') ?? 'none';
	return { topic, partition, file, name: basename(file), read, compression };
}

/** The records of the file in order. Throws a FailureError with the number of a line that is not a message. */
async function* recordsOf(
	{ topic, partition, file, name, read, compression }: Source,
	signal?: AbortSignal,
): AsyncGenerator<{ number: number; record: PreparedRecord }> {
	for await (const { number, bytes } of linesOf(file, signal)) {
		try {
			const { payload, values } = read(bytes);
			const fixed = partition === undefined ? {} : { partition };
			const draft = { verb: 'produce', target: topic, payload, values: { ...values, ...fixed, compression } };
			yield { number, record: prepareRecord(draft) };
		} catch (error) {
			const reason = error instanceof FailureError ? toFailure(error).message : (error as Error).message;
			throw fail('bad-line', `Line ${number} of "${name}" is not a message: ${reason}`, { field: 'file' });
		}
	}
}

export async function askProduceFile({ cluster }: Context, input: Input): Promise<Question> {
	const source = sourceOf(input);
	const topic = await cluster.topic(source.topic, true);
	let count = 0;
	// Reads the whole file, so that a wrong line is found before the first message is sent.
	for await (const { record } of recordsOf(source)) {
		partitionOf(record, topic);
		count++;
	}
	if (count === 0) throw fail('nothing-to-do', `The file "${source.name}" has no messages.`, { field: 'file' });
	const { size } = await stat(source.file);
	const to =
		source.partition === undefined ? `the topic "${topic.name}"` : `partition ${source.partition} of "${topic.name}"`;
	return {
		text: `Produce ${messages(count)} to ${to}?`,
		detail: `"${source.name}" has ${n(size)} bytes. Consumers of the topic receive the messages; they cannot be taken back.`,
		button: 'Produce',
	};
}

/** Offsets that a partition has given to messages of the file. */
interface Written {
	first: bigint;
	last: bigint;
	count: number;
}

export async function produceFile({ cluster }: Context, act: Act): Promise<ActResult> {
	const source = sourceOf(act);
	const topic = await cluster.topic(source.topic, true);
	const written = new Map<number, Written>();
	let done = 0;
	let failure: string | undefined;
	let batch: { record: PreparedRecord; partition: number }[] = [];
	let bytes = 0;
	const flush = async () => {
		const sent = batch;
		batch = [];
		bytes = 0;
		if (sent.length > 0) await sendBatch(cluster, topic, sent, written);
		done += sent.length;
		act.progress(`${messages(done)} produced`);
	};
	try {
		for await (const { record } of recordsOf(source, act.signal)) {
			const size = sizeOf(record);
			const span = record.timestamp - (batch[0]?.record.timestamp ?? record.timestamp);
			const isFull = batch.length >= maxBatch.messages || bytes + size > maxBatch.bytes;
			if (isFull || span > maxSpan || span < -maxSpan) await flush();
			batch.push({ record, partition: partitionOf(record, topic) });
			bytes += size;
		}
		await flush();
	} catch (error) {
		if (!act.signal.aborted) failure = kafkaFailure(error, `topic "${topic.name}"`).message;
		const isUnproven = error instanceof FailureError === false && refusalOf(error) === undefined;
		if (failure !== undefined && isUnproven) failure = `${failure} Messages after those may have been written.`;
		const sum = [...written.values()].reduce((total, { count }) => total + count, 0);
		if (sum === 0 && failure !== undefined) throw error instanceof FailureError ? error : fail('not-produced', failure);
		done = sum;
	}
	const count = [...written.values()].reduce((total, one) => total + one.count, 0);
	const stopped = act.signal.aborted ? ' The action was stopped.' : '';
	return {
		text: `Produced ${messages(count)} from "${source.name}" to the topic "${topic.name}".${failure ? ` ${failure}` : stopped}`,
		...((failure !== undefined || stopped !== '') && { bad: true }),
		properties: listed(
			[...written]
				.sort(([a], [b]) => a - b)
				.map(([partition, { first, last, count: many }]) => ({
					label: `Partition ${partition}`,
					value: `${messages(many)}, offsets ${first} to ${last}`,
				})),
		),
	};
}

/** Sends the records, those of one partition in their order, and waits for all. Throws the first refusal. */
async function sendBatch(
	cluster: Cluster,
	topic: Topic,
	batch: readonly { record: PreparedRecord; partition: number }[],
	written: Map<number, Written>,
): Promise<void> {
	const byPartition = new Map<number, typeof batch>();
	for (const one of batch) byPartition.set(one.partition, [...(byPartition.get(one.partition) ?? []), one]);
	const results = await Promise.allSettled(
		[...byPartition].map(async ([partition, records]) => {
			const leader = topic.partitions.find(({ index }) => index === partition)?.leader ?? -1;
			if (leader < 0) throw fail('no-leader', `Partition ${partition} has no leader at the moment.`);
			const connection = await cluster.broker(leader);
			const compression = records[0]?.record.compression ?? 'none';
			const sent = records.map(({ record }) => wireRecord(record, partition));
			const answer = await connection.call(produce, -1, replicasWithin, sent, { compression });
			const base = offsetIn(answer, partition);
			const last = base + BigInt(records.length) - 1n;
			const before = written.get(partition);
			written.set(partition, {
				first: before?.first ?? base,
				last,
				count: (before?.count ?? 0) + records.length,
			});
		}),
	);
	const failed = results.find((one) => one.status === 'rejected');
	if (failed) throw failed.reason;
}
