import * as t from '../wire/schema';
import { api } from './api';

export const initProducerId = api({
	key: 22,
	name: 'InitProducerId',
	versions: [0, 4],
	flexible: 2,
	request: t.struct({
		transactionalId: t.nullableString,
		transactionTimeoutMs: t.int32,
		producerId: t.since(3, t.int64, -1n),
		producerEpoch: t.since(3, t.int16, -1),
	}),
	response: t.struct({
		throttleTimeMs: t.int32,
		errorCode: t.int16,
		producerId: t.int64,
		producerEpoch: t.int16,
	}),
	handle: (_, { cluster }) => ({ producerId: cluster.newProducerId(), producerEpoch: 0 }),
});
