import { gzipSync } from 'node:zlib';
import { encodeRecords } from '../../../src/playground/kafka/wire/records';
import { type Dialogue, type Step, tcpStep } from './hostile';
import { hostileText } from './websocket';

/** Host and port that the pretended cluster names for its only broker. The profile maps them to the server's address. */
export const advertised = 'pretender.example:9092';

const key = {
	fetch: 1,
	listOffsets: 2,
	metadata: 3,
	saslHandshake: 17,
	apiVersions: 18,
	saslAuthenticate: 36,
} as const;

const int = (value: number, bytes: 1 | 2 | 4 = 4) => {
	const buffer = Buffer.alloc(bytes);
	buffer.writeIntBE(value, 0, bytes);
	return buffer;
};
const long = (value: bigint) => {
	const buffer = Buffer.alloc(8);
	buffer.writeBigInt64BE(value);
	return buffer;
};
const text = (value: string) => Buffer.concat([int(Buffer.byteLength(value), 2), Buffer.from(value)]);
const list = (...items: Buffer[]) => Buffer.concat([int(items.length), ...items]);
const join = (...parts: Buffer[]) => Buffer.concat(parts);

/** An answer to the request, with its correlation id. */
function answer(asked: Buffer, ...body: Buffer[]): Buffer {
	const content = join(asked.length >= 12 ? asked.subarray(8, 12) : int(0), ...body);
	return join(int(content.length), content);
}

/** The key of the next whole request. */
function nextKey(received: Buffer): { api: number; length: number } | undefined {
	if (received.length < 12) return undefined;
	const length = 4 + received.readInt32BE(0);
	return received.length < length ? undefined : { api: received.readInt16BE(4), length };
}

/** Takes a request of this API. The connection that reads messages sends none of those in between. */
const takes = (api: number) => (received: Buffer) => {
	const next = nextKey(received);
	if (!next) return undefined;
	if (next.api === api) return next.length;
	return next.api === key.fetch ? 0 : undefined;
};

/** What is sent in place of an answer where nothing was taken: nothing. */
const only = (asked: Buffer, bytes: () => Buffer) => (asked.length === 0 ? Buffer.alloc(0) : bytes());

/** Versions without compact lengths, and the parts of answers in them. */
const served: [number, number, number][] = [
	[key.fetch, 4, 4],
	[key.listOffsets, 2, 2],
	[key.metadata, 4, 4],
	[key.saslHandshake, 0, 1],
	[key.apiVersions, 0, 0],
	[key.saslAuthenticate, 0, 0],
];
const versions = (ranges = served, error = 0) =>
	join(int(error, 2), list(...ranges.map(([api, low, high]) => join(int(api, 2), int(low, 2), int(high, 2)))));

const broker = (host = advertised.split(':')[0] as string, port = 9092) =>
	join(int(1), text(host), int(port), int(-1, 2));
const partition = (leader = 1, error = 0, index = 0) =>
	join(int(error, 2), int(index), int(leader), list(int(1)), list(int(1)));
const topic = (name = 'orders', partitions = list(partition()), error = 0) =>
	join(int(error, 2), text(name), int(0, 1), partitions);
const metadata = (brokers = list(broker()), topics = list(topic())) =>
	join(int(0), brokers, text('cluster'), int(1), topics);

const offset = (value: bigint, error = 0, index = 0) =>
	join(int(0), list(join(text('orders'), list(join(int(index), int(error, 2), long(-1n), long(value))))));

/** A fetch answer with these record bytes. */
const fetched = (records: Buffer, { error = 0, name = 'orders', index = 0, length = records.length } = {}) =>
	join(
		int(0),
		list(join(text(name), list(join(int(index), int(error, 2), long(1n), long(1n), list(), int(length), records)))),
	);

/** A batch with one record at offset 0. */
const good = encodeRecords([{ key: 'k', value: 'hello', headers: [['h', 'v']], timestamp: 1_700_000_000_000n }]);
/** A copy with bytes replaced at a place of the batch. */
const patched = (at: number, bytes: Buffer, source = good) => {
	const copy = Buffer.from(source);
	bytes.copy(copy, at);
	return copy;
};
const place = { length: 8, magic: 16, checksum: 17, attributes: 21, count: 57, records: 61 } as const;
/** The same batch with other record bytes; the checksum is that of the original. */
const withRecords = (records: Buffer, attributes = 0) => {
	const batch = join(good.subarray(0, place.records), records);
	batch.writeInt32BE(batch.length - 12, place.length);
	batch.writeInt16BE(attributes, place.attributes);
	return batch;
};

/** Small until it is decompressed. */
const bomb = withRecords(gzipSync(Buffer.alloc(64 << 20)), 1);

/** Faults of size for every step: an answer that announces 2 GB, and one that is filled without end. */
const tooMuch: Pick<Step, 'huge' | 'endless'> = {
	huge: Buffer.from('7fffffff00000001', 'hex'),
	endless: { start: Buffer.from('0017ffff', 'hex'), more: Buffer.alloc(65_536) },
};

/** Answers that are wrong for every request. */
const frames = (right: (asked: Buffer) => Buffer) => (asked: Buffer) => ({
	'a negative length': Buffer.from('ffffffff00000000', 'hex'),
	'an empty answer': int(0),
	'only a correlation id': answer(asked),
	'the answer to another request': answer(int(77, 4).fill(1), right(asked)),
	'the answer twice': join(answer(asked, right(asked)), answer(asked, right(asked))),
	'an answer that ends early': answer(asked, right(asked).subarray(0, -3)),
	'more than the answer': answer(asked, right(asked), Buffer.alloc(20, 1)),
});

function step(name: string, api: number, right: (asked: Buffer) => Buffer, wrong: Record<string, Buffer>): Step {
	const common = frames(right);
	return {
		name,
		takes: takes(api),
		answer: (asked) => only(asked, () => answer(asked, right(asked))),
		wrong: (asked) => ({
			...common(asked),
			...Object.fromEntries(Object.entries(wrong).map(([fault, body]) => [fault, answer(asked, body)])),
		}),
		...tooMuch,
	};
}

/** The last request of a partition has its timestamp at the end: -2 asks for the earliest offset, -1 for the latest. */
const offsets = (name: string) =>
	step(name, key.listOffsets, (asked) => offset(asked.at(-1) === 0xfe ? 0n : 1n), {
		'an error': offset(-1n, 3),
		'an unknown error': offset(-1n, 999),
		'another partition': offset(0n, 0, 7),
		'a negative offset': offset(-5n),
		'the highest offset': offset(2n ** 63n - 1n),
		'no topic': join(int(0), list()),
		'topics without end': join(int(0), int(2 ** 31 - 1)),
	});

const versionsStep = step('versions', key.apiVersions, () => versions(), {
	'no requests': versions([]),
	'versions of the future': versions(served.map(([api]) => [api, 900, 901])),
	'an error code': versions(served, 35),
	'ranges without end': join(int(0, 2), int(2 ** 31 - 1)),
	'a negative number of ranges': join(int(0, 2), int(-7)),
});

/** A broker from the first request to a message. The connection that reads has the first and the last step only. */
export const kafkaDialogue: Dialogue = () => [
	tcpStep,
	versionsStep,
	step('metadata', key.metadata, () => metadata(), {
		'no brokers': metadata(list()),
		'a million brokers announced': join(int(0), int(1_000_000)),
		'a host that is hostile text': metadata(list(broker(hostileText))),
		'port 70,000': metadata(list(broker('127.0.0.1', 70_000))),
		'an empty host': metadata(list(broker(''))),
		'a host with a path': metadata(list(broker('127.0.0.1/../x?y'))),
	}),
	step('topic', key.metadata, () => metadata(), {
		'an unknown topic': metadata(undefined, list(topic('orders', list(), 3))),
		'another topic': metadata(undefined, list(topic(hostileText))),
		'no topic': metadata(undefined, list()),
		'a partition without leader': metadata(undefined, list(topic('orders', list(partition(-1, 5))))),
		'a leader that is not listed': metadata(undefined, list(topic('orders', list(partition(99))))),
		'no partitions': metadata(undefined, list(topic('orders', list()))),
		'a partition twice': metadata(undefined, list(topic('orders', list(partition(), partition())))),
		'a negative partition': metadata(undefined, list(topic('orders', list(partition(1, 0, -1))))),
	}),
	offsets('offsets'),
	offsets('ends'),
	step('open', key.fetch, () => fetched(good), {
		'a wrong checksum': fetched(patched(place.checksum, int(1))),
		'format 1': fetched(patched(place.magic, int(1, 1))),
		'format 9': fetched(patched(place.magic, int(9, 1))),
		'a batch of 2 GB': fetched(patched(place.length, int(2 ** 31 - 1))),
		'a batch of negative length': fetched(patched(place.length, int(-5))),
		'a batch of length 0': fetched(patched(place.length, int(0))),
		'two billion records': fetched(patched(place.count, int(2 ** 31 - 1))),
		'a negative number of records': fetched(patched(place.count, int(-1))),
		'a record longer than its batch': fetched(withRecords(Buffer.from('feffffff0f00', 'hex'))),
		'a record of negative length': fetched(withRecords(Buffer.from('0100', 'hex'))),
		'a number without end': fetched(withRecords(Buffer.alloc(40, 0xff))),
		'a key longer than its record': fetched(withRecords(Buffer.from('0c0000007e6161', 'hex'))),
		'two billion headers': fetched(withRecords(Buffer.from('1600000001 01 feffffff0f'.replaceAll(' ', ''), 'hex'))),
		'gzip that is none': fetched(withRecords(Buffer.from('not compressed'), 1)),
		'gzip that is cut': fetched(withRecords(gzipSync(Buffer.alloc(1000)).subarray(0, 15), 1)),
		'a gzip bomb': fetched(bomb),
		'snappy that is none': fetched(withRecords(Buffer.from('ffffffff7f00', 'hex'), 2)),
		'lz4 that is none': fetched(withRecords(Buffer.from('04224d186040820000ff', 'hex'), 3)),
		'zstd that is none': fetched(withRecords(Buffer.from('28b52ffd20ff', 'hex'), 4)),
		'an unknown codec': fetched(withRecords(Buffer.from('x'), 7)),
		'offsets that go back': fetched(join(patched(0, long(50n)), patched(0, long(3n)))),
		'an offset before the highest one': fetched(patched(0, long(2n ** 63n - 2n))),
		'a negative offset': fetched(patched(0, long(-9n))),
		'an error': fetched(Buffer.alloc(0), { error: 56 }),
		'a topic that is gone': fetched(Buffer.alloc(0), { error: 3 }),
		'an offset out of range': fetched(Buffer.alloc(0), { error: 1 }),
		'another topic': fetched(good, { name: hostileText }),
		'another partition': fetched(good, { index: 12 }),
		'records longer than the answer': fetched(good, { length: 1_000_000 }),
		'records of negative length': fetched(Buffer.alloc(0), { length: -7 }),
	}),
];

const authenticated = (bytes: string, error = 0, words = '') =>
	join(int(error, 2), words ? text(words) : int(-1, 2), int(Buffer.byteLength(bytes)), Buffer.from(bytes));
const nonceOf = (asked: Buffer) => /r=([^,]*)/.exec(asked.toString('latin1'))?.[1] ?? '';

/** The sign-in with SCRAM, up to the point where the broker has to prove that it knows the password. */
export const kafkaSignInDialogue: Dialogue = () => [
	{ ...versionsStep, name: 'versions before' },
	step('handshake', key.saslHandshake, () => join(int(0, 2), list(text('SCRAM-SHA-256'))), {
		'another mechanism': join(int(33, 2), list(text('GSSAPI'), text(hostileText))),
		'an unknown error': join(int(999, 2), list()),
		'mechanisms without end': join(int(0, 2), int(2 ** 31 - 1)),
	}),
	{
		...step(
			'challenge',
			key.saslAuthenticate,
			(asked) => authenticated(`r=${nonceOf(asked)}more,s=${Buffer.from('salt').toString('base64')},i=4096`),
			{},
		),
		// These answers depend on the nonce of the request.
		wrong(asked: Buffer) {
			const nonce = nonceOf(asked);
			return {
				...frames(() => authenticated(`r=${nonce},s=c2FsdA==,i=4096`))(asked),
				'refused credentials': answer(asked, authenticated('', 58, `Authentication failed: ${hostileText}`)),
				'an unknown error': answer(asked, authenticated('', 999)),
				'no challenge': answer(asked, authenticated('')),
				'hostile text': answer(asked, authenticated(hostileText)),
				'another nonce': answer(asked, authenticated('r=other,s=c2FsdA==,i=4096')),
				'two billion iterations': answer(asked, authenticated(`r=${nonce}more,s=c2FsdA==,i=2000000000`)),
				'no iterations': answer(asked, authenticated(`r=${nonce}more,s=c2FsdA==,i=0`)),
				'no salt': answer(asked, authenticated(`r=${nonce}more,i=4096`)),
			};
		},
	},
	step('proof', key.saslAuthenticate, () => authenticated('v=wrong'), {
		'refused credentials': authenticated('', 58, hostileText),
		'an error in words': authenticated(`e=${hostileText}`),
		'nothing at all': authenticated(''),
	}),
];
