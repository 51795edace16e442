import assert from 'node:assert/strict';
import test from 'node:test';
import { createDeferredAcks, type Deferred } from '../../../../src/protocols/amqp/messages/deferred-acks';

/** "1" is delivered, "1." is settled, "1!" goes back, "/" is the end of a turn. */
const cases: [events: string, sent: string][] = [
	['1 2 3 1. 2. /', 'ack 1-2'],
	['1 2 3 1. /', 'ack 1'],
	['1 2 3 3. /', 'ack 3'],
	['1 2 3 3. / 1. 2. /', 'ack 3, ack 1-2'],
	['1 2 3 3. 1. /', 'ack 1, ack 3'],
	['1 2 3 2! 1. 3. /', 'requeue 2, ack 1-3'],
	['1 2 1! 2. /', 'requeue 1, ack 2'],
	['1 1. 1. 1! / 1. /', 'ack 1'],
	['1 2 2! / 1. / 3 3. /', 'requeue 2, ack 1, ack 3'],
];

for (const [events, sent] of cases)
	test(`acknowledges deliveries that were settled later: ${events}`, () => {
		const out: string[] = [];
		const acks = createDeferredAcks({
			ack: (tag, multiple) => out.push(multiple ? `ack 1-${tag}` : `ack ${tag}`),
			requeue: (tag) => out.push(`requeue ${tag}`),
		});
		const held = new Map<string, Deferred>();
		for (const event of events.split(' ')) {
			const deferred = held.get(event[0] ?? '');
			if (event === '/') acks.flush();
			else if (!deferred) held.set(event, acks.hold(Number(event)));
			else if (event.endsWith('.')) acks.done(deferred);
			else acks.again(deferred);
		}
		assert.equal(out.join(', '), sent);
	});
