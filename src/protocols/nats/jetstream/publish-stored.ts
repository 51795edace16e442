import { fail } from '../../../base/failure';
import { peerText } from '../../shared/peer-text';
import { writeHeaders } from '../describe/headers';
import { bigAt, readRecord, recordAt, textAt } from '../wire/json';
import { type Api, hasCode } from './api';

/** Publishes a message that a stream must store. Returns its sequence. Throws a FailureError. */
export async function publishStored(
	api: Api,
	subject: string,
	payload: Uint8Array,
	headers: [string, string][] = [],
): Promise<bigint> {
	const block = headers.length > 0 ? writeHeaders(headers) : '';
	const answer = await api
		.request(`${api.storePrefix}${subject}`, payload, { block, within: 10_000 })
		.catch((error: unknown) => {
			if (hasCode(error, 'no-responders'))
				throw fail('not-found', `No stream has the subject "${peerText(subject, { most: 100 })}".`);
			throw error;
		});
	const record = readRecord(answer.payload.toString('utf8'));
	const error = recordAt(record, 'error');
	if (record?.error !== undefined)
		throw fail(
			error.err_code === 10071 || error.err_code === 10164 ? 'wrong-sequence' : 'jetstream-refused',
			`The stream refused the message: ${peerText(String(error.description ?? 'without a reason'))}.`,
			{ evidence: `code ${error.code}, err_code ${error.err_code}` },
		);
	if (textAt(record, 'stream') === '') throw fail('protocol-violation', 'The answer is not that of a stream.');
	return bigAt(record, 'seq');
}
