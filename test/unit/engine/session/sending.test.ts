import assert from 'node:assert/strict';
import test from 'node:test';
import { createSender } from '../../../../src/engine/session/sending';
import { createStore } from '../../../../src/engine/store/store';
import type { Draft, Receipt } from '../../../../src/model/contracts/message';
import { defaultLimits } from '../../../../src/model/contracts/session';
import type { Link, Sending } from '../../../../src/protocols/adapter';
import { mqtt } from '../../../../src/protocols/mqtt/describe/describe';

const draft: Draft = { verb: 'publish', target: 'a', values: {}, payload: new Uint8Array() };

/** A sender on a link that does with each message what the test wants. */
function made(send: (sending: Sending) => Promise<Receipt>) {
	const store = createStore(mqtt, defaultLimits);
	const link = { prepare: () => ({ flags: 0 }), send: (_: Draft, sending: Sending) => send(sending) };
	const sender = createSender({ store, link: () => link as unknown as Link, check() {}, changed() {} });
	return { sender, receipt: (seq: number) => store.reader.detail(seq).row.receipt };
}

const answered: Receipt = { proof: 'answered', text: 'answered', ms: 1 };

test('a message on its way says how far it is, until its receipt comes', async () => {
	let tell: Sending | undefined;
	let finish = (_: Receipt) => {};
	const { sender, receipt } = made((sending) => {
		tell = sending;
		return new Promise((resolve) => {
			finish = resolve;
		});
	});
	const sent = sender.send(draft);
	assert.equal(sender.underway.length, 0, 'what tells nothing is not listed');
	tell?.progress('block 1 of 4', 0.25);
	assert.deepEqual([...sender.underway], [{ seq: 0, target: 'a', text: 'block 1 of 4', done: 0.25 }]);
	assert.equal(receipt(0)?.text, 'block 1 of 4');
	assert.equal(tell?.signal.aborted, false);
	assert.ok(sender.underway.every(({ stoppable }) => stoppable));
	assert.equal(sender.underway.length, 1);
	finish(answered);
	assert.deepEqual(await sent, { ...answered, seq: 0 });
	assert.deepEqual(sender.underway, []);
	tell?.progress('block 2 of 4', 0.5);
	assert.equal(receipt(0)?.proof, 'answered', 'a late word does not undo what is known');
	assert.deepEqual(sender.underway, []);
});

test('giving up aborts the signal of that message alone, and only while it is on its way', async () => {
	const { sender } = made(
		({ signal }) =>
			new Promise((resolve) => {
				signal.addEventListener('abort', () => resolve({ proof: 'unknown', text: 'stopped', ms: 1 }));
			}),
	);
	const [first, second] = [sender.send(draft), sender.send(draft)];
	sender.cancel(0);
	assert.equal((await first).text, 'stopped');
	assert.throws(() => sender.cancel(0), /no longer pending/);
	assert.deepEqual(
		sender.underway.map(({ seq }) => seq),
		[1],
	);
	sender.cancel(1);
	await second;
});
