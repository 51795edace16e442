import assert from 'node:assert/strict';
import test from 'node:test';
import fc from 'fast-check';
import { generate, type IPublishPacket } from 'mqtt-packet';
import { FailureError } from '../../../../src/base/failure';
import { readMeta, writeMeta } from '../../../../src/protocols/mqtt/describe/publish-properties';
import { createSubscriptionNumbers } from '../../../../src/protocols/mqtt/messages/subscription-numbers';
import { createPublishProperties } from '../../../../src/protocols/mqtt/wire/publish-properties';
import { Reader } from '../../../../src/protocols/mqtt/wire/reader';
import { readProperties, type WireProperties } from '../../../../src/protocols/mqtt/wire/wire-properties';

const text = fc
	.string({ unit: 'binary', maxLength: 40 })
	.filter((one) => !one.includes('\0') && !/\p{Surrogate}/u.test(one));
const meta = fc.record(
	{
		utf8: fc.boolean(),
		expiry: fc.nat(4_294_967_295),
		contentType: text,
		responseTopic: text,
		correlation: fc.uint8Array({ maxLength: 20 }).map((bytes) => Buffer.from(bytes).toString('hex')),
		topicAlias: fc.integer({ min: 1, max: 65_535 }),
		subscriptionIds: fc.array(fc.integer({ min: 1, max: 268_435_455 }), { minLength: 1, maxLength: 3 }),
		userProperties: fc.array(fc.tuple(text, text), { minLength: 1, maxLength: 5 }),
	},
	{ requiredKeys: [] },
);

const section = (bytes: Uint8Array) => {
	const length: number[] = [];
	let left = bytes.length;
	for (; left > 127; left >>= 7) length.push((left & 127) | 128);
	return Buffer.concat([Buffer.of(...length, left), bytes, Buffer.from('payload')]);
};

/** The result or the sentence of the failure. */
function outcome<T>(run: () => T): T | string {
	try {
		return run();
	} catch (error) {
		if (error instanceof FailureError) return error.failure.message;
		throw error;
	}
}

const fast = createPublishProperties();
const both = (bytes: Buffer) => [
	outcome(() => {
		const end = fast.read(bytes, 0, bytes.length);
		const { contentType, correlation, ...rest } = readMeta(fast.section);
		return {
			end,
			alias: fast.topicAlias,
			ids: [...fast.identifiers],
			contentType,
			correlation,
			pairs: rest.userProperties,
		};
	}),
	outcome(() => {
		const reader = new Reader(bytes, 0, bytes.length, 'a PUBLISH');
		const known: WireProperties = readProperties(reader, 'p', 'a PUBLISH');
		const {
			topicAlias: alias = 0,
			subscriptionIds: ids = [],
			contentType,
			correlationData,
			userProperties: pairs,
		} = known;
		return { end: reader.position, alias, ids, contentType, correlation: correlationData?.toString('hex'), pairs };
	}),
];

test('properties: what is written is read again, and is what the library reads', () =>
	fc.assert(
		fc.property(meta, (known) => {
			const bytes = writeMeta(known);
			assert.deepEqual(readMeta(bytes), { ...known });
			const [ours, theirs] = both(section(bytes));
			assert.deepEqual(ours, theirs);
			assert.equal(typeof ours, 'object', String(ours));
		}),
	));

test('properties: malformed ones are refused with the same words as by the full reader', () => {
	let refused = 0;
	fc.assert(
		fc.property(meta, fc.array(fc.tuple(fc.nat(60), fc.nat(255)), { maxLength: 3 }), fc.nat(5), (known, edits, cut) => {
			const bytes = section(writeMeta(known));
			for (const [at, value] of edits) bytes[at % bytes.length] = value;
			const [ours, theirs] = both(bytes.subarray(0, Math.max(1, bytes.length - cut)));
			assert.deepEqual(ours, theirs);
			if (typeof ours === 'string') refused++;
		}),
		{ numRuns: 3000 },
	);
	assert.ok(refused > 300, String(refused));
});

test('properties: bytes of the library, in its order', () => {
	const properties = { contentType: 'a', userProperties: { b: '1' }, subscriptionIdentifier: 7, topicAlias: 2 };
	const packet = { cmd: 'publish', topic: 't', payload: '', qos: 0, dup: false, retain: false, properties };
	const bytes = generate(packet as IPublishPacket, { protocolVersion: 5 });
	assert.deepEqual(readMeta(bytes.subarray(6)), {
		...{ contentType: 'a', topicAlias: 2, subscriptionIds: [7] },
		userProperties: [['b', '1']],
	});
});

const meaning = (bytes: Buffer | undefined) => bytes && readMeta(bytes);

test('subscription numbers: each subscription has its own, which is not logged', () => {
	const numbers = createSubscriptionNumbers(20_000);
	const [a, b] = [numbers.assign('a', undefined), numbers.assign('b', undefined)];
	assert.deepEqual([a, b, numbers.assign('a', undefined)], [20_001, 20_002, 20_001]);
	assert.deepEqual(numbers.idsOf([20_001]), ['a']);
	assert.equal(numbers.idsOf([20_001]), numbers.idsOf([20_001]));
	assert.deepEqual(numbers.idsOf([20_002, 20_001]), ['b', 'a']);
	assert.equal(numbers.idsOf([5]), undefined);
	const cases: [subscriptionIds: number[], contentType: string | undefined, left: number[] | undefined][] = [
		[[20_001], undefined, undefined],
		[[20_001, 20_002], undefined, undefined],
		[[20_001], 'x', undefined],
		[[5, 20_001, 6], 'x', [5, 6]],
		[[5], undefined, [5]],
	];
	for (const [subscriptionIds, contentType, left] of cases) {
		const bytes = Buffer.from(writeMeta({ subscriptionIds, ...(contentType && { contentType }) }));
		const expected = { ...(contentType && { contentType }), ...(left && { subscriptionIds: left }) };
		assert.deepEqual(
			meaning(numbers.withoutOwn({ section: bytes, length: bytes.length, identifiers: subscriptionIds })),
			Object.keys(expected).length > 0 ? expected : undefined,
		);
	}
});

test('subscription numbers: one that the user has set counts, is logged, and is given to nothing else', () => {
	const numbers = createSubscriptionNumbers(20_000);
	assert.equal(numbers.assign('a', 20_001), 20_001);
	assert.equal(numbers.assign('b', undefined), 20_002);
	assert.ok(!numbers.isOwn(20_001) && numbers.isOwn(20_002));
	numbers.assign('a', 7);
	assert.deepEqual([numbers.idsOf([20_001]), numbers.idsOf([7])], [['a'], ['a']], 'until the broker has answered');
	numbers.granted('a', 7);
	assert.equal(numbers.assign('a', undefined), 7, 'a run of a file has replaced it');
	assert.deepEqual([numbers.idsOf([20_001]), numbers.idsOf([7])], [undefined, ['a']]);
	numbers.assign('c', 7);
	assert.deepEqual(numbers.idsOf([7]), ['a', 'c']);
	numbers.removed('a');
	assert.equal(numbers.assign('a', undefined), 20_003);
	numbers.removed('a');
	assert.deepEqual(numbers.idsOf([7]), ['c']);
	numbers.stop();
	assert.deepEqual([numbers.assign('d', undefined), numbers.assign('d', 9)], [undefined, 9]);
});
