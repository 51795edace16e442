import { rmSync } from 'node:fs';
import { resolve } from 'node:path';
import { build } from 'esbuild';
import { freePort } from '../net/listen';
import { type ServerProcess, startServerProcess } from '../run/server-process';
import type { BatchSpec, CallRecord, ClusterState, Fault, KafkaBrokerOptions, TopicSpec } from './kafka/options';

export type { BatchSpec, Fault, KafkaBrokerOptions, TopicSpec } from './kafka/options';

export interface StoredRecord {
	partition: number;
	offset: bigint;
	timestamp: bigint;
	key: Uint8Array | null;
	value: Uint8Array | null;
}

/** The small Kafka broker in a process of its own. */
export interface KafkaBroker extends Omit<ServerProcess, 'ask'> {
	/** `127.0.0.1:port` of the first broker; the others follow at the next ports. */
	readonly address: string;
	connections(): Promise<number>;
	createTopic(name: string, options?: TopicSpec): Promise<void>;
	deleteTopic(name: string): Promise<void>;
	/** Appends one batch, as if a client had produced it. Resolves with the offset of the first record. */
	produce(batch: BatchSpec): Promise<bigint>;
	/** Appends encoded batches, whose checksums must be right. */
	append(batch: { topic: string; partition?: number; bytes: Uint8Array }): Promise<bigint>;
	endTransaction(values: {
		topic: string;
		partition?: number;
		producerId: bigint;
		epoch: number;
		commit: boolean;
	}): Promise<void>;
	/** Appends a batch that has so many bytes when it is decompressed, and about a thousandth of that before. */
	bomb(values: { topic: string; partition?: number; bytes: number }): Promise<bigint>;
	/** Makes another replica the leader of a partition, or any broker. */
	lead(values: { topic: string; partition?: number; broker: number }): Promise<void>;
	/** Commits offsets of a group by partition, as if a member had done it. */
	commit(values: { group: string; topic: string; offsets: Record<number, bigint> }): Promise<void>;
	/** Removes the members for which a group waits, as if their sessions had timed out. */
	expire(group: string): Promise<void>;
	compact(topic: string): Promise<void>;
	/** Records of a topic in codecs that Node has: all, or those of batches that reach an offset. */
	records(topic: string, from?: bigint): Promise<StoredRecord[]>;
	state(): Promise<ClusterState>;
	/** Stops or starts one broker of the cluster; messages and groups stay. Its partitions pass to other replicas. */
	setUp(broker: number, isUp: boolean): Promise<void>;
	/** Changes the address that metadata names. */
	advertise(broker: number, address: { host?: string; port?: number }): Promise<void>;
	fault(fault: Fault): Promise<void>;
	clearFaults(): Promise<void>;
	/** Requests since the last call. */
	calls(): Promise<CallRecord[]>;
}

let bundle: Promise<string> | undefined;

/** The process as one file; made once by each test process. */
function bundled(): Promise<string> {
	bundle ??= (async () => {
		const outfile = resolve(`.cache/kafka-broker-${process.pid}.mjs`);
		await build({
			entryPoints: ['test/support/servers/kafka/process.ts'],
			outfile,
			bundle: true,
			platform: 'node',
			target: 'node20.10',
			format: 'esm',
			logLevel: 'warning',
		});
		process.on('exit', () => rmSync(outfile, { force: true }));
		return outfile;
	})();
	return bundle;
}

export async function startKafkaBroker(options: KafkaBrokerOptions = {}, wantedPort?: number): Promise<KafkaBroker> {
	const port = wantedPort ?? (await freePort(options.brokers ?? 1));
	const journal = options.durable ? resolve(`.cache/kafka-broker-${process.pid}-${port}.journal`) : undefined;
	if (journal) process.on('exit', () => rmSync(journal, { force: true }));
	const { ask: send, ...server } = await startServerProcess(await bundled(), { ...options, journal }, port);
	async function ask<T>(command: string, values?: object): Promise<T> {
		const result = await send<T | { failed: string }>(command, values);
		if (typeof result === 'object' && result !== null && 'failed' in result) throw new Error(result.failed);
		return result as T;
	}
	return {
		...server,
		address: `127.0.0.1:${port}`,
		connections: () => ask('connections'),
		createTopic: (name, topic = {}) => ask('createTopic', { name, ...topic }),
		deleteTopic: (name) => ask('deleteTopic', { name }),
		produce: (batch) => ask('produce', batch),
		append: (batch) => ask('append', batch),
		endTransaction: (values) => ask('endTransaction', values),
		bomb: (values) => ask('bomb', values),
		lead: (values) => ask('lead', values),
		commit: (values) => ask('commit', values),
		expire: (group) => ask('expire', { group }),
		compact: (topic) => ask('compact', { topic }),
		records: (topic, from) => ask('records', { topic, from }),
		state: () => ask('state'),
		setUp: (broker, isUp) => ask('setUp', { broker, isUp }),
		advertise: (broker, address) => ask('advertise', { broker, ...address }),
		fault: (fault) => ask('fault', { fault }),
		clearFaults: () => ask('clearFaults'),
		calls: () => ask('calls'),
	};
}
