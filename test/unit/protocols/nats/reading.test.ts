import assert from 'node:assert/strict';
import test from 'node:test';
import { type FailureError, fail } from '../../../../src/base/failure';
import type { Api } from '../../../../src/protocols/nats/jetstream/api';
import { createReading } from '../../../../src/protocols/nats/jetstream/reading';
import { type ScanOptions, scan, scanNew, startOfNewest } from '../../../../src/protocols/nats/jetstream/scan';
import { createReadMessage, type Stored } from '../../../../src/protocols/nats/jetstream/stored';
import { streamOf } from '../../../../src/protocols/nats/jetstream/streams';
import { deafSink } from '../../../../src/protocols/shared/null-sink';

const stored = (sequence: bigint): Stored => ({
	...{ subject: 's', sequence, time: '', payload: Buffer.from(`${sequence}`), meta: undefined, flags: 0 },
});

/** A stream with these sequences, and what is asked of it. */
function reader(sequences: number[]) {
	const asked: string[] = [];
	const read: ScanOptions['read'] = async (query) => {
		if ('lastOf' in query) throw new Error('not used');
		asked.push('sequence' in query ? `=${query.sequence}` : `≥${query.from}`);
		const found =
			'sequence' in query
				? sequences.find((one) => BigInt(one) === query.sequence)
				: sequences.find((one) => BigInt(one) >= query.from);
		return found === undefined ? undefined : stored(BigInt(found));
	};
	const messages: number[] = [];
	const [first = 1, last = 0] = [sequences[0], sequences.at(-1)];
	const state = { messages: sequences.length, bytes: 100, first_seq: first, last_seq: last, num_deleted: 1 };
	const options: ScanOptions = {
		...{ stream: streamOf({ config: { name: 'S' }, state }), read, signal: new AbortController().signal },
		message: ({ sequence }) => void messages.push(Number(sequence)),
	};
	return { options, asked, messages };
}

test('reads new messages by twos, fours and more while they follow each other, and looks again behind a gap', async () => {
	const { options, asked, messages } = reader([3, 4, 5, 6, 7, 9, 10]);
	assert.equal(await scanNew(options, 3n), 11n);
	assert.deepEqual(messages, [3, 4, 5, 6, 7, 9, 10]);
	assert.deepEqual(asked.slice(0, 6), ['≥3', '≥4', '=5', '≥6', '=7', '=8']);
	const behind = reader([1, 2, 3, 4, 5]);
	let late = true;
	const read: ScanOptions['read'] = async (query) => {
		if (!('sequence' in query) || query.sequence !== 4n || !late) return behind.options.read(query);
		late = false;
		return undefined;
	};
	await scanNew({ ...behind.options, read }, 1n);
	assert.deepEqual(behind.messages, [1, 2, 3, 4, 5], 'a server of a cluster may have a message later than another');
	const filtered = reader([1, 2, 3]);
	await scanNew({ ...filtered.options, filter: 's' }, 1n);
	assert.deepEqual(filtered.asked, ['≥1', '≥2', '≥3', '≥4'], 'sequences of a subject are not known in advance');
});

test('reads up to a sequence across gaps, and finds where the newest begin', async () => {
	const { options, messages } = reader([2, 3, 70, 71, 200]);
	assert.deepEqual(await scan(options, 1n, 150n, 10), { count: 4, next: 151n });
	assert.deepEqual(messages, [2, 3, 70, 71]);
	assert.equal(await startOfNewest(options, 3), 70n);
});

test('asks the leader where a message cannot be read directly', async () => {
	const asked: string[] = [];
	const api = {
		prefix: '$JS.API',
		request: async () => {
			asked.push('direct');
			throw fail('no-answer', '');
		},
		call: async (name: string) => {
			asked.push(name);
			return { message: { subject: 'a', seq: 7, data: '' } };
		},
	} as unknown as Api;
	const read = createReadMessage(api, { name: 'S', allowsDirect: true });
	assert.equal((await read({ sequence: 7n }))?.sequence, 7n);
	await read({ sequence: 7n });
	assert.deepEqual(asked, ['direct', 'STREAM.MSG.GET.S', 'STREAM.MSG.GET.S'], 'directly only once');
});

test('goes on with a stream that is created again, and ends with one that is deleted', async (t) => {
	t.mock.timers.enable({ apis: ['setTimeout'] });
	let [created, last, isThere] = ['first', 500n, true];
	const api = {
		prefix: '$JS.API',
		async call(name: string, body: { seq?: bigint; next_by_subj?: string } = {}) {
			if (!isThere) throw fail('not-found', '', { evidence: 'code 404, err_code 10059' });
			const { seq = 0n } = body;
			if (name === 'STREAM.INFO.S')
				return {
					created,
					config: { name: 'S' },
					state: { messages: String(last), first_seq: 1, last_seq: String(last) },
				};
			if (seq > last) throw fail('not-found', '', { evidence: 'code 404, err_code 10037' });
			return {
				message: { subject: 'S.x', seq: String(seq), data: Buffer.from(`${created} ${seq}`).toString('base64') },
			};
		},
	} as unknown as Api;
	const seen: string[] = [];
	const sink = {
		...deafSink,
		message: ({ payload }: { payload: Uint8Array }) => seen.push(Buffer.from(payload).toString()),
		subscription: (_: string, { detail, failure }: { detail?: string; failure?: FailureError['failure'] }) =>
			void seen.push(failure?.message ?? detail ?? ''),
	};
	const reading = createReading(api, sink, new Map());
	await reading.subscribe({ target: 'S', mode: 'stream', from: 'new' }, 'id');
	/** Lets the timers run until this many lines are there. */
	const until = async (count: number) => {
		for (let turn = 0; turn < 100 && seen.length < count; turn++) {
			t.mock.timers.tick(500);
			for (let at = 0; at < 20; at++) await Promise.resolve();
		}
	};
	[created, last] = ['second', 2n];
	await until(3);
	isThere = false;
	await until(4);
	assert.deepEqual(seen, [
		'it was deleted and created again; going on from its first message',
		'second 1',
		'second 2',
		'The stream "S" was deleted.',
	]);
});
