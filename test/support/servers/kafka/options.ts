import type { Limits } from '../../../../src/playground/kafka/limits';

/** Messages of the test process to the broker's process; they pass as structured clones. */

export interface TopicSpec {
	partitions?: number;
	replication?: number;
	configs?: Record<string, string>;
	/** Offset of the first record of each partition, in digits. */
	firstOffset?: string;
}

export interface KafkaBrokerOptions {
	/** Brokers, at consecutive ports. Default: 1. */
	brokers?: number;
	/** Host in metadata. Default: 127.0.0.1. */
	host?: string;
	topics?: Record<string, TopicSpec>;
	/** Creates topics when a client asks for their metadata, as Kafka does by default. */
	autoCreate?: boolean;
	tls?: {
		key: string;
		cert: string;
		/** Authority of client certificates, which are required then. */
		ca?: string;
	};
	sasl?: SaslOptions;
	/** Limits of the playground's broker that differ from its own. */
	limits?: Partial<Limits>;
	/** Topics that a user may not use; the user '' is a client without sign-in. */
	denied?: Record<string, string[]>;
	/** Keeps messages when the process is killed and started again; not groups. */
	durable?: boolean;
}

export interface SaslOptions {
	/** Default: all four. */
	mechanisms?: SaslMechanism[];
	/** Passwords by user. */
	users?: Record<string, string>;
	/** Accepted bearer tokens. */
	tokens?: string[];
	/** Announced lifetime of a session, in milliseconds. The broker closes it afterwards (KIP-368). */
	lifetimeMs?: number;
}
export type SaslMechanism = 'PLAIN' | 'SCRAM-SHA-256' | 'SCRAM-SHA-512' | 'OAUTHBEARER';

export interface RecordSpec {
	key?: Uint8Array | string | null;
	/** null is a tombstone. */
	value: Uint8Array | string | null;
	headers?: [string, Uint8Array | string | null][];
	timestamp?: bigint;
	/** Position in the batch. Without: one after the record before. */
	offsetDelta?: number;
}

export interface BatchSpec {
	topic: string;
	partition?: number;
	records: RecordSpec[];
	/** Default: none. */
	compression?: 'gzip';
	transactional?: { producerId: bigint; epoch: number };
	control?: boolean;
}

/** What the broker does to requests. Which: by name of the API, and by broker; without, every one. */
export type Fault = { api?: string; broker?: number /** Ends after so many requests. */; times?: number } & (
	| { kind: 'silence' | 'close' | 'corrupt' }
	| { kind: 'slow'; ms: number }
	| { kind: 'error'; code: number }
	/** The bytes in place of the answer, without its length. */
	| { kind: 'raw'; bytes: Uint8Array }
);

export interface PartitionState {
	startOffset: bigint;
	endOffset: bigint;
	size: number;
	leader: number;
}

export interface ClusterState {
	topics: Record<string, { partitions: PartitionState[]; configs: Record<string, string> }>;
	groups: Record<
		string,
		{
			state: string;
			members: number;
			offsets: { topic: string; partition: number; offset: bigint; metadata: string | null }[];
		}
	>;
}

export interface CallRecord {
	api: string;
	version: number;
	broker: number;
	clientId: string;
}
