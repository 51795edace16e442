import { bigAt, type JsonRecord, recordAt, textAt } from '../wire/json';
import type { Api } from './api';

/** A consumer with its counts, which have 64 bits. */
export interface Consumer {
	stream: string;
	name: string;
	config: JsonRecord;
	/** Messages that it has not delivered yet. */
	pending: bigint;
	/** Delivered and not acknowledged. */
	unacknowledged: bigint;
	redelivered: bigint;
	/** Clients that wait for messages. */
	waiting: bigint;
	delivered: bigint;
	acknowledged: bigint;
	created: string;
	/** Subject of a push consumer; empty: a pull consumer. */
	deliverSubject: string;
	deliverGroup: string;
	ackPolicy: string;
	/** Messages that one request may ask for, and nanoseconds for which it may hold; 0: as many as wanted. */
	maxBatch: bigint;
	maxExpires: bigint;
	/** A client receives from this push consumer. */
	isBound: boolean;
	record: JsonRecord;
}

export function consumerFrom(record: JsonRecord): Consumer {
	const config = recordAt(record, 'config');
	return {
		...{ stream: textAt(record, 'stream_name'), name: textAt(record, 'name'), config, record },
		...{ pending: bigAt(record, 'num_pending'), unacknowledged: bigAt(record, 'num_ack_pending') },
		...{ redelivered: bigAt(record, 'num_redelivered'), waiting: bigAt(record, 'num_waiting') },
		delivered: bigAt(recordAt(record, 'delivered'), 'stream_seq'),
		acknowledged: bigAt(recordAt(record, 'ack_floor'), 'stream_seq'),
		...{ created: textAt(record, 'created'), deliverSubject: textAt(config, 'deliver_subject') },
		...{ deliverGroup: textAt(config, 'deliver_group'), ackPolicy: textAt(config, 'ack_policy') },
		...{ maxBatch: bigAt(config, 'max_batch'), maxExpires: bigAt(config, 'max_expires') },
		isBound: record.push_bound === true,
	};
}

export const readConsumer = async (api: Api, stream: string, consumer: string): Promise<Consumer> =>
	consumerFrom(await api.call(`CONSUMER.INFO.${stream}.${consumer}`));
