import assert from 'node:assert/strict';
import test from 'node:test';
import { createOrderedAcks } from '../../../../src/protocols/mqtt/messages/ordered-acks';

/** "a" arrives and is held, "+a" arrives and is ready; "a." is settled, "a-" is left. What was sent after each, then all. */
const cases: [events: string, sent: string][] = [
	['+a +b', 'ab'],
	['a +b', ''],
	['a +b a.', 'ab'],
	['a b c c. b. a.', 'abc'],
	['a b c a. c.', 'a'],
	['a b c b- a. c.', 'ac'],
	['a b a- b. +c', 'bc'],
	['a a. a. a- +b', 'ab'],
	['a a- a. +b', 'b'],
	['a b a. c b. c. d', 'abc'],
];

for (const [events, sent] of cases)
	test(`acknowledgements leave in the order of arrival: ${events}`, () => {
		const out: string[] = [];
		const acks = createOrderedAcks((id) => out.push(String.fromCharCode(id)));
		const arrived = new Map<string, ReturnType<typeof acks.hold>>();
		for (const event of events.split(' ')) {
			const [first = '', second] = event;
			if (first === '+') acks.ready((second ?? '').charCodeAt(0));
			else if (second === undefined) arrived.set(first, acks.hold(first.charCodeAt(0)));
			else {
				const one = arrived.get(first);
				assert.ok(one);
				acks.settle(one, second === '.' ? 'ready' : 'left');
			}
		}
		assert.equal(out.join(''), sent);
	});

test('many messages are acknowledged in order, whatever the order of their outcomes is', () => {
	const out: number[] = [];
	const acks = createOrderedAcks((id) => out.push(id));
	const all = Array.from({ length: 10_000 }, (_, id) => acks.hold(id));
	assert.equal(acks.size, 10_000);
	for (let at = 1; at < all.length; at += 2) acks.settle(all[at] as (typeof all)[number], 'ready');
	assert.deepEqual(out, []);
	for (let at = 0; at < all.length; at += 2) acks.settle(all[at] as (typeof all)[number], 'ready');
	assert.deepEqual(
		out,
		all.map(({ id }) => id),
	);
	assert.equal(acks.size, 0);
});
