import { bigAt, type JsonRecord, recordAt, textAt, textsAt } from '../wire/json';
import type { Api } from './api';

/** A stream with its counts, which have 64 bits. */
export interface Stream {
	name: string;
	config: JsonRecord;
	subjects: string[];
	messages: bigint;
	bytes: bigint;
	first: bigint;
	last: bigint;
	firstTime: string;
	lastTime: string;
	/** Messages between first and last that were deleted. */
	deleted: bigint;
	/** Number of subjects of its messages. */
	subjectCount: bigint;
	consumers: bigint;
	/** Its messages can be read without the leader of the stream. */
	allowsDirect: boolean;
	created: string;
	/** The answer of the server. */
	record: JsonRecord;
}

export function streamOf(record: JsonRecord): Stream {
	const config = recordAt(record, 'config');
	const state = recordAt(record, 'state');
	return {
		...{ name: textAt(config, 'name'), config, subjects: textsAt(config, 'subjects'), record },
		...{ messages: bigAt(state, 'messages'), bytes: bigAt(state, 'bytes') },
		...{ first: bigAt(state, 'first_seq'), last: bigAt(state, 'last_seq') },
		...{ firstTime: textAt(state, 'first_ts'), lastTime: textAt(state, 'last_ts') },
		...{ deleted: bigAt(state, 'num_deleted'), subjectCount: bigAt(state, 'num_subjects') },
		...{ consumers: bigAt(state, 'consumer_count'), allowsDirect: config.allow_direct === true },
		created: textAt(record, 'created'),
	};
}

export const readStream = async (api: Api, name: string): Promise<Stream> =>
	streamOf(await api.call(`STREAM.INFO.${name}`));

/** The subjects of a stream that match, with their numbers of messages, in no order. At most about `most`. */
export async function subjectsOf(api: Api, stream: string, filter: string, most: number): Promise<[string, bigint][]> {
	const found: [string, bigint][] = [];
	for (;;) {
		const page = await api.call(`STREAM.INFO.${stream}`, { subjects_filter: filter, offset: found.length });
		const subjects = recordAt(recordAt(page, 'state'), 'subjects');
		const names = Object.keys(subjects);
		for (const name of names) found.push([name, bigAt(subjects, name)]);
		const total = typeof page.total === 'number' ? page.total : 0;
		if (names.length === 0 || found.length >= total || found.length >= most) return found;
	}
}

/** Prefixes of the streams behind buckets and object stores (ADR-8, ADR-20). */
export const bucketStream = (bucket: string): string => `KV_${bucket}`;
export const storeStream = (store: string): string => `OBJ_${store}`;

/** What a stream holds, its word in sentences, and the name under which users know it. */
export function purposeOf(stream: string): { kind: 'stream' | 'bucket' | 'store'; what: string; name: string } {
	if (stream.startsWith('KV_')) return { kind: 'bucket', what: 'bucket', name: stream.slice(3) };
	if (stream.startsWith('OBJ_')) return { kind: 'store', what: 'object store', name: stream.slice(4) };
	return { kind: 'stream', what: 'stream', name: stream };
}
