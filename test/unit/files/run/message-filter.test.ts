import assert from 'node:assert/strict';
import test from 'node:test';
import { messageFilter } from '../../../../src/files/run/message-filter';
import type { Plan } from '../../../../src/files/run/plan/plan';
import { type Subscription, subscriptionId } from '../../../../src/model/profile/profile';
import { describe } from '../../../../src/protocols/descriptions';

const worker = { target: 'ORDERS/worker', mode: 'consume' };
const queue = { target: 'email', mode: 'consume' };
const other = { target: 'other', mode: 'consume' };

const cases: [protocol: string, wanted: Subscription, target: string, by: Subscription | undefined, fits: boolean][] = [
	['nats', worker, 'orders.new', worker, true],
	['nats', worker, 'orders.new', { ...worker, target: 'ORDERS/another' }, false],
	['nats', { target: 'orders.*' }, 'orders.new', undefined, true],
	['nats', { target: 'orders.*' }, 'invoices.new', undefined, false],
	['amqp', queue, 'queue/email', queue, true],
	['amqp', queue, 'queue/other', other, false],
	['mqtt', { target: 'a/+' }, 'a/b', { target: 'a/+' }, true],
	['mqtt', { target: 'a/+' }, 'c', { target: 'c' }, false],
];
for (const [protocol, wanted, target, by, fits] of cases)
	test(`${protocol}: "${target}" ${fits ? 'belongs' : 'does not belong'} to "${wanted.target}"`, () => {
		const description = describe(protocol);
		assert.ok(description);
		const idOf = subscriptionId(description.subscription);
		const filter = messageFilter({ subscriptions: [wanted], description, receives: true } as unknown as Plan);
		const message = {
			target,
			payload: new Uint8Array(),
			headers: [],
			time: 0,
			...(by && { subscriptions: [idOf(by)] }),
		};
		assert.equal(filter(message as never), fits);
	});
