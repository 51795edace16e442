import { attempt } from '../errors';
import * as t from '../wire/schema';
import { api } from './api';
import { ledPartition } from './partitions';

export const produce = api({
	key: 0,
	name: 'Produce',
	versions: [3, 11],
	flexible: 9,
	request: t.struct({
		transactionalId: t.nullableString,
		acks: t.int16,
		timeoutMs: t.int32,
		topics: t.array(
			t.struct({ name: t.string, partitions: t.array(t.struct({ index: t.int32, records: t.nullableBytes })) }),
		),
	}),
	response: t.struct({
		topics: t.array(
			t.struct({
				name: t.string,
				partitions: t.array(
					t.struct({
						index: t.int32,
						errorCode: t.int16,
						baseOffset: t.int64,
						logAppendTimeMs: t.int64,
						logStartOffset: t.since(5, t.int64),
						recordErrors: t.since(8, t.array(t.struct({ batchIndex: t.int32, message: t.nullableString }))),
						errorMessage: t.since(8, t.nullableString),
					}),
				),
			}),
		),
		throttleTimeMs: t.int32,
	}),
	handle({ topics, acks }, call) {
		const answers = topics.map(({ name, partitions }) => ({
			name,
			partitions: partitions.map(({ index, records }) => {
				const done = attempt(() => {
					const { topic, partition } = ledPartition(call, call.cluster.topics.get(name), index);
					const { offset, appendTime = -1n } = call.cluster.append(topic, partition, records ?? Buffer.alloc(0));
					return { index, baseOffset: offset, logAppendTimeMs: appendTime, logStartOffset: partition.startOffset };
				});
				if ('value' in done) return done.value;
				const nothing = { baseOffset: -1n, logAppendTimeMs: -1n, logStartOffset: -1n };
				return { index, errorCode: done.code, errorMessage: done.text, ...nothing };
			}),
		}));
		return acks === 0 ? undefined : { topics: answers };
	},
});
