import assert from 'node:assert/strict';
import test from 'node:test';
import { createPublishing, type Outcome } from '../../../../src/protocols/amqp/messages/publishing';
import type { Channel, Outgoing } from '../../../../src/protocols/amqp/wire/channel';
import type { Connection } from '../../../../src/protocols/amqp/wire/connection';
import type { ChannelEvents } from '../../../../src/protocols/amqp/wire/contents';

const head = Buffer.alloc(2);
const gone = { code: 'not-found', message: 'There is no such exchange.' };

/** A connection whose one channel does what the test says. */
function pretend() {
	let events: ChannelEvents = {};
	const published: string[] = [];
	/** By number, from 1, as the library calls them. */
	const unsettled = new Map<number, (accepted: boolean) => void>();
	let live = true;
	const channel: Partial<Channel> = {
		open: true,
		publish({ body }: Outgoing, settled = () => {}) {
			published.push(Buffer.from(body).toString());
			unsettled.set(published.length, settled);
		},
		close: async () => {},
	};
	const connection = {
		frameMax: 4096,
		get live() {
			return live;
		},
		open: async (given: ChannelEvents) => {
			events = given;
			return channel;
		},
	} as unknown as Connection;
	const publishing = createPublishing(connection);
	const outcomes = new Map<string, Outcome>();
	return {
		publishing,
		published,
		outcomes,
		lose(failure = { code: 'reset', message: 'It was cut off.' }) {
			live = false;
			events.closed?.(failure);
		},
		close: () => events.closed?.(gone),
		confirm(tag: number, multiple = false, accepted = true) {
			for (const [number, settled] of [...unsettled])
				if (number === tag || (multiple && number < tag)) {
					unsettled.delete(number);
					settled(accepted);
				}
		},
		returned: (key: string, body: string) =>
			events.returned?.({
				...{ route: { exchange: 'x', key }, body: Buffer.from(body), code: 312, text: 'NO_ROUTE' },
				...{ meta: head, tag: 0, flags: 0 },
			}),
		async send(name: string, key: string, body: string) {
			void publishing
				.publish({ exchange: 'x', key, head, body: Buffer.from(body) })
				.then((outcome) => outcomes.set(name, outcome));
			await settled();
		},
		kinds: async () => {
			await settled();
			return Object.fromEntries([...outcomes].map(([name, { kind }]) => [name, kind]));
		},
	};
}

const settled = () => new Promise((resolve) => setImmediate(resolve));

test('a return belongs to the oldest message that is the same, and waits for its confirm', async () => {
	const server = pretend();
	await server.send('1', 'a', 'one');
	await server.send('2', 'b', 'two');
	await server.send('3', 'b', 'two');
	await server.send('4', 'b', 'other');
	server.returned('b', 'two');
	server.returned('b', 'other');
	assert.deepEqual(await server.kinds(), {});
	server.confirm(4, true);
	assert.deepEqual(await server.kinds(), { 1: 'confirmed', 2: 'returned', 3: 'confirmed', 4: 'returned' });
});

test('confirms come in any order, for one or for many, and some are refusals', async () => {
	const server = pretend();
	for (const name of ['1', '2', '3', '4', '5']) await server.send(name, 'a', name);
	server.confirm(3);
	assert.deepEqual(await server.kinds(), { 3: 'confirmed' });
	server.confirm(2, true, false);
	assert.deepEqual(await server.kinds(), { 3: 'confirmed', 1: 'refused', 2: 'refused' });
	server.confirm(5, true);
	assert.equal(Object.keys(await server.kinds()).length, 5);
	assert.equal(server.publishing.waiting, 0);
	assert.equal(server.publishing.waitingBytes, 0);
});

test('what was not sent is not returned', async () => {
	const server = pretend();
	await server.send('1', 'a', 'one');
	assert.throws(() => server.returned('a', 'two'), /not sent/);
});

test('a closed channel refuses what it surely refused, and leaves the rest unknown', async () => {
	const one = pretend();
	await one.send('1', 'a', 'one');
	one.close();
	assert.deepEqual(await one.kinds(), { 1: 'refused' });
	await one.send('2', 'a', 'late');
	assert.deepEqual(await one.kinds(), { 1: 'refused', 2: 'refused' });

	const first = pretend();
	for (const name of ['1', '2']) await first.send(name, 'a', name);
	first.close();
	assert.deepEqual(await first.kinds(), { 1: 'refused', 2: 'refused' });

	const later = pretend();
	for (const name of ['1', '2', '3']) await later.send(name, 'a', name);
	later.confirm(1);
	later.close();
	assert.deepEqual(await later.kinds(), { 1: 'confirmed', 2: 'unknown', 3: 'unknown' });

	const lost = pretend();
	await lost.send('1', 'a', 'one');
	lost.lose();
	assert.deepEqual(await lost.kinds(), { 1: 'unknown' });
});

test('more than fits on the way waits, in order', async () => {
	const server = pretend();
	for (let at = 1; at <= 2100; at++)
		void server.publishing.publish({ exchange: 'x', key: 'a', head, body: Buffer.from(String(at)) });
	await settled();
	assert.equal(server.published.length, 2000);
	server.confirm(50, true);
	assert.equal(server.published.length, 2050);
	assert.deepEqual(
		server.published,
		Array.from({ length: 2050 }, (_, at) => String(at + 1)),
	);
});
