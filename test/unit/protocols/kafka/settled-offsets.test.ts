import assert from 'node:assert/strict';
import test from 'node:test';
import { storedOffset } from '../../../../src/protocols/kafka/describe/stored-record';
import { createGroupHolding } from '../../../../src/protocols/kafka/reading/group-holding';
import { createSettledOffsets } from '../../../../src/protocols/kafka/reading/settled-offsets';

/** "5" is read and "(5)" is read without being delivered; "5." is settled, "5!" has the outcome "again". Then the position. */
const cases: [title: string, events: string, next: number, position: number][] = [
	['nothing was read', '', 7, 7],
	['everything is settled', '5 6 5. 6.', 7, 7],
	['nothing is settled', '5 6', 7, 5],
	['the first is settled', '5 6 5.', 7, 6],
	['a gap', '5 6 7 7. 5.', 8, 6],
	['the gap is closed', '5 6 7 7. 5. 6.', 8, 8],
	['offsets with holes, as transactions and compaction leave them', '5 9 20 5. 20.', 21, 9],
	['one comes again, and those behind it do not', '5 6 7 6. 5! 5 (6) (7)', 8, 5],
	['and is settled then', '5 6 7 6. 5! 5 (6) (7) 5.', 8, 7],
	['settled before the rest is read again', '5 6 7 6. 7. 5! 5 5. (6) (7)', 8, 8],
	['two come again', '5 6 7 5! 7! 5 (6) 7 5.', 8, 6],
	['one that should come again was deleted', '5 6 5! (6) 6.', 7, 7],
	['a second outcome', '5 6 5. 5. 5!', 7, 6],
	['an outcome for what was not read', '5 9. 9!', 6, 5],
];

for (const [title, events, next, position] of cases)
	test(`a group commits up to the first message without an outcome: ${title}`, () => {
		const offsets = createSettledOffsets();
		for (const event of events.split(' ').filter((one) => one !== '')) {
			const offset = Number(/\d+/.exec(event)?.[0]);
			if (event.endsWith('.')) offsets.done(offset);
			else if (event.endsWith('!')) offsets.again(offset);
			else assert.equal(offsets.hold(offset), !event.startsWith('('), event);
		}
		assert.equal(offsets.position(BigInt(next)), BigInt(position));
	});

test('100,000 messages that are settled in a random order leave nothing behind', () => {
	const offsets = createSettledOffsets();
	const all = Array.from({ length: 100_000 }, (_, at) => at);
	for (const offset of all) offsets.hold(offset);
	let seed = 1;
	for (let at = all.length - 1; at > 0; at--) {
		seed = (seed * 48_271) % 2_147_483_647;
		const other = seed % (at + 1);
		[all[at], all[other]] = [all[other] as number, all[at] as number];
	}
	for (const offset of all) offsets.done(offset);
	assert.equal(offsets.size, 0);
	assert.equal(offsets.position(100_000n), 100_000n);
});

test('a group holds no more than its limit, in all partitions together', () => {
	const holding = createGroupHolding({ limit: 2 });
	assert.equal(holding.isNew(0, 4), true);
	holding.add(10, 0, 4);
	assert.equal(holding.isFull, false);
	holding.isNew(1, 8);
	holding.add(11, 1, 8);
	assert.equal(holding.isFull, true);
	assert.deepEqual(
		[...holding.settle([10, 11, 99], 'again')],
		[
			[0, 4],
			[1, 8],
		],
	);
	assert.deepEqual([holding.isFull, holding.size], [false, 0]);
	assert.equal(holding.position(1, 9n), 8n);
	holding.drop(1);
	assert.equal(holding.position(1, 9n), 9n);
});

test('reads the offset of a stored record', () => {
	const meta = new Uint8Array(20);
	for (const offset of [0n, 1n, 0xffff_ffffn, 0x1_0000_0000n, 9_007_199_254_740_991n]) {
		new DataView(meta.buffer).setBigInt64(4, offset);
		assert.equal(BigInt(storedOffset(meta)), offset);
	}
});
