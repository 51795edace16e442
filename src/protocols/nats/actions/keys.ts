import { fail } from '../../../base/failure';
import type { ActResult } from '../../../model/contracts/browse';
import { bytesOf } from '../../../model/profile/bytes-value';
import type { Act } from '../../adapter';
import { textValue } from '../../shared/values';
import { nodeName, pairName } from '../browse/nodes';
import { n } from '../browse/words';
import { natsFlag } from '../describe/flags';
import { type Api, hasCode } from '../jetstream/api';
import { publishStored } from '../jetstream/publish-stored';
import { createReadMessage } from '../jetstream/stored';
import { bucketStream, purposeOf, readStream } from '../jetstream/streams';
import { pairOfNode } from './nodes';

const expected = 'Nats-Expected-Last-Subject-Sequence';

function keyOf(act: Act): { bucket: string; key: string; subject: string } {
	const pair = pairName(act.node, 'key');
	const bucket = pair?.[0] ?? purposeOf(nodeName(act.node, 'bucket')?.name ?? '').name;
	const key = textValue(act.values, 'key') ?? pair?.[1] ?? '';
	// ADR-8: the characters that every client accepts.
	if (!/^[-/_=A-Za-z0-9]+(\.[-/_=A-Za-z0-9]+)*$/.test(key))
		throw fail('bad-key', 'A key has letters, digits and - / _ = and dots between its parts.', { field: 'key' });
	return { bucket, key, subject: `$KV.${bucket}.${key}` };
}

function newValue({ values }: Act): Uint8Array {
	try {
		return bytesOf(values.value) ?? new Uint8Array();
	} catch (error) {
		throw fail('bad-value', String((error as Error).message), { field: 'value' });
	}
}

const written = (key: string, bucket: string, revision: bigint): ActResult => ({
	text: `Wrote "${key}" in "${bucket}" as revision ${n(revision)}.`,
	show: { target: bucket, mode: 'kv', key, history: 'all' },
});

export async function putKey(api: Api, act: Act): Promise<ActResult> {
	const { bucket, key, subject } = keyOf(act);
	const revision = textValue(act.values, 'revision');
	const headers: [string, string][] = revision === undefined ? [] : [[expected, revision]];
	return written(key, bucket, await publishStored(api, subject, newValue(act), headers));
}

/** Writes a key that does not exist, or that was deleted. */
export async function createKey(api: Api, act: Act): Promise<ActResult> {
	const { bucket, key, subject } = keyOf(act);
	const value = newValue(act);
	const create = (last: bigint) => publishStored(api, subject, value, [[expected, String(last)]]);
	try {
		return written(key, bucket, await create(0n));
	} catch (error) {
		if (!hasCode(error, 'wrong-sequence')) throw error;
		const read = createReadMessage(api, await readStream(api, bucketStream(bucket)));
		const last = await read({ lastOf: subject });
		if (!last || !(last.flags & natsFlag.marker))
			throw fail('exists', `The key "${key}" exists already, so nothing was written.`, { field: 'key' });
		return written(key, bucket, await create(last.sequence));
	}
}

export async function deleteKey(api: Api, act: Act, operation: 'DEL' | 'PURGE'): Promise<ActResult> {
	const [bucket, key] = pairOfNode(act, 'key');
	const headers: [string, string][] = [['KV-Operation', operation]];
	if (operation === 'PURGE') headers.push(['Nats-Rollup', 'sub']);
	const revision = await publishStored(api, `$KV.${bucket}.${key}`, new Uint8Array(), headers);
	const what = operation === 'DEL' ? 'Deleted' : 'Purged';
	return { text: `${what} "${key}" in "${bucket}", revision ${n(revision)}.` };
}
