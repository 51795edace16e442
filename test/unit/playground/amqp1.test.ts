import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect as connectTcp } from 'node:net';
import test, { type TestContext } from 'node:test';
import rhea, { type Connection, type EventContext, type Message, type Receiver, type Sender } from 'rhea';
import { createFrameGuard } from '../../../src/playground/amqp1/frame-guard';
import { startAmqp1 } from '../../../src/playground/amqp1/start';
import { eventually } from '../../support/run/eventually';

async function served(t: TestContext) {
	const { port, close } = await startAmqp1(0);
	const connections: Connection[] = [];
	t.after(async () => {
		for (const one of connections) one.close();
		await close();
	});
	const container = rhea.create_container();
	container.on('disconnected', () => {});
	const connect = async (options: object = {}): Promise<Connection> => {
		const connection = container.connect({ port, host: '127.0.0.1', reconnect: false, ...options });
		connections.push(connection);
		await once(connection, 'connection_open');
		return connection;
	};
	const connection = await connect();
	const send = async (address: string, message: object) => {
		const sender: Sender = connection.open_sender(address);
		await once(sender, 'sendable');
		sender.send(message as Message);
		const outcome = await Promise.race(
			['accepted', 'rejected', 'released'].map(async (event) => {
				await once(sender, event);
				return event;
			}),
		);
		sender.close();
		return outcome;
	};
	/** A receiver with this credit whose messages are settled by hand. */
	const receive = (source: string | object, credit: number) => {
		const receiver: Receiver = connection.open_receiver({ source, credit_window: 0, autoaccept: false } as never);
		const received: EventContext[] = [];
		receiver.on('message', (context: EventContext) => received.push(context));
		receiver.add_credit(credit);
		return { receiver, received, bodies: () => received.map(({ message }) => message?.body) };
	};
	return { port, connect, connection, send, receive };
}

test('messages wait in a queue, are shown to a browser, and go to one consumer', async (t) => {
	const { send, receive } = await served(t);
	for (const body of ['a', 'b']) assert.equal(await send('work', { body }), 'accepted');
	const browser = receive({ address: 'work', distribution_mode: 'copy' }, 10);
	await eventually('both', () => assert.deepEqual(browser.bodies(), ['a', 'b']));
	assert.equal(String(browser.receiver.source.distribution_mode), 'copy');
	const consumer = receive('work', 1);
	await eventually('one', () => assert.deepEqual(consumer.bodies(), ['a']));
	consumer.received[0]?.delivery?.accept();
	const other = receive('work', 10);
	await eventually('the other', () => assert.deepEqual(other.bodies(), ['b']));
});

test('what is not accepted comes back, and what is rejected is a dead letter', async (t) => {
	const { send, receive } = await served(t);
	for (const body of ['a', 'b', 'c']) await send('work', { body });
	const one = receive('work', 3);
	await eventually('three', () => assert.deepEqual(one.bodies(), ['a', 'b', 'c']));
	const [a, b] = one.received.map(({ delivery }) => delivery);
	b?.reject({ condition: 'app:bad', description: 'no such user' });
	const dead = receive('dead-letters', 1);
	await eventually('the dead letter', () => assert.deepEqual(dead.bodies(), ['b']));
	assert.deepEqual(
		{ ...dead.received[0]?.message?.message_annotations },
		{ 'x-opt-first-death-queue': 'work', 'x-opt-reason': 'app:bad no such user' },
	);
	// Not with the other outcome: this client would write both as one disposition.
	a?.modified({ delivery_failed: true } as never);
	const again = receive('work', 1);
	await eventually('"a" again', () => assert.deepEqual(again.bodies(), ['a']));
	assert.equal(again.received[0]?.message?.delivery_count, 1);
	// "c" is not settled when its link is closed.
	one.receiver.close();
	const next = receive('work', 10);
	await eventually('the rest', () => assert.deepEqual(next.bodies(), ['c']));
});

test('the service answers at a dynamic address, and refuses a message without one', async (t) => {
	const { send, receive } = await served(t);
	const replies = receive({ dynamic: true }, 10);
	await once(replies.receiver, 'receiver_open');
	assert.equal(await send('time', { body: '?' }), 'rejected');
	const reply_to = replies.receiver.source.address;
	assert.equal(await send('time', { reply_to, message_id: 'q-1', body: '?' }), 'accepted');
	await eventually('the answer', () => assert.equal(replies.received[0]?.message?.correlation_id, 'q-1'));
	assert.match(String(replies.bodies()[0]), /^\{"now":"\d{4}-/);
});

test('orders and news come by themselves; a filter is not granted, and a forbidden address is refused', async (t) => {
	const { receive, connection } = await served(t);
	const orders = receive({ address: 'orders', distribution_mode: 'copy' }, 10);
	const news = receive('news', 10);
	await eventually('orders', () => assert.equal(orders.received.length, 10));
	await eventually('news', () => assert.ok(news.bodies()[0].temperature));
	const refused = connection.open_receiver('forbidden');
	const [{ receiver }] = (await once(refused, 'receiver_error')) as [EventContext];
	assert.equal((receiver?.error as { condition?: string })?.condition, 'amqp:unauthorized-access');
});

test('a password is checked, and none is needed', async (t) => {
	const { connect, port } = await served(t);
	await connect({ username: 'guest', password: 'guest' });
	const container = rhea.create_container();
	container.on('disconnected', () => {});
	const options = { port, host: '127.0.0.1', reconnect: false, username: 'guest', password: 'wrong' };
	const [{ error }] = await once(container.connect(options), 'connection_error');
	assert.equal(error.condition, 'amqp:unauthorized-access');
});

test('a browser gets what drain leaves, and nothing more', async (t) => {
	const { receive } = await served(t);
	const { receiver, received } = receive({ address: 'empty', distribution_mode: 'copy' }, 10);
	await once(receiver, 'receiver_open');
	const drained = once(receiver, 'receiver_drained');
	receiver.drain_credit();
	await drained;
	assert.equal(received.length, 0);
});

const large = Buffer.from([0x7f, 0xff, 0xff, 0xff, 2, 0, 0, 0]);
const header = Buffer.from('AMQP\0\x01\0\0', 'latin1');
const frame = Buffer.from([0, 0, 0, 10, 2, 0, 0, 0, 1, 2]);

test('frames are followed however they are cut', () => {
	const bytes = Buffer.concat([header, frame, frame, header, frame]);
	for (let size = 1; size <= bytes.length; size++) {
		const guard = createFrameGuard();
		for (let at = 0; at < bytes.length; at += size) assert.ok(guard(bytes.subarray(at, at + size)), `${size}`);
		assert.equal(guard(large), false);
	}
	assert.equal(createFrameGuard()(Buffer.from([0, 0, 0, 7])), false);
});

test('invalid bytes end their client, and others go on', async (t) => {
	const { port, send } = await served(t);
	const hostile = [
		large,
		Buffer.from('GET / HTTP/1.1\r\n\r\n'),
		Buffer.concat([header, frame]),
		Buffer.concat([header, large]),
	];
	for (const bytes of hostile) {
		const socket = connectTcp(port, '127.0.0.1');
		socket.on('error', () => {}).resume();
		socket.write(bytes);
		await once(socket, 'close', { signal: AbortSignal.timeout(10_000) });
	}
	assert.equal(await send('work', { body: 'a' }), 'accepted');
});
