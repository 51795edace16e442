import assert from 'node:assert/strict';
import { once } from 'node:events';
import test, { type TestContext } from 'node:test';
import { io, type Socket } from 'socket.io-client';
import { startSocketIo } from '../../../src/playground/socketio';
import { eventually } from '../../support/run/eventually';

async function served(t: TestContext) {
	const { port, close } = await startSocketIo(0);
	const clients: Socket[] = [];
	t.after(async () => {
		for (const client of clients) client.disconnect();
		await close();
	});
	return (namespace = '', auth: object = {}) => {
		const url = `http://127.0.0.1:${port}${namespace}`;
		const client = io(url, { transports: ['websocket'], forceNew: true, reconnection: false, auth });
		clients.push(client);
		const events: unknown[][] = [];
		client.onAny((...event) => events.push(event));
		return { client, events };
	};
}

test('events come by themselves, with a picture as an attachment', async (t) => {
	const { events } = (await served(t))();
	await eventually('a picture', () => {
		const picture = events.find(([name]) => name === 'picture');
		assert.ok(Buffer.isBuffer(picture?.[2]));
		assert.equal(picture[2].subarray(0, 2).toString(), 'BM');
	});
	assert.ok(events.some(([name]) => name === 'climate'));
});

test('echo and time acknowledge, and a question can be acknowledged', async (t) => {
	const { client, events } = (await served(t))();
	client.on('question', (_, answer) => answer('yes', 1));
	assert.deepEqual(await client.emitWithAck('echo', 1, Buffer.from('a')), 1);
	assert.ok((await client.emitWithAck('time')).now);
	await eventually('the echo', () =>
		assert.deepEqual(events.find(([name]) => name === 'echo')?.slice(0, 2), ['echo', 1]),
	);
	await eventually('thanks', () =>
		assert.deepEqual(
			events.find(([name]) => name === 'thanks'),
			['thanks', 'yes', 1],
		),
	);
	// Without an acknowledgement, and of another kind than expected.
	client.emit('time');
	client.emit('time', 'now');
	assert.ok((await client.emitWithAck('time')).now);
});

test('a message arrives in its room only, and rooms are bounded', async (t) => {
	const open = await served(t);
	const [one, other] = [open('/chat'), open('/chat')];
	await Promise.all([one, other].map(({ client }) => once(client as never, 'connect')));
	assert.deepEqual(await one.client.emitWithAck('join', 'barn'), { rooms: ['lobby', 'barn'] });
	assert.deepEqual(await other.client.emitWithAck('say', 'barn', 'hello'), { delivered: 1 });
	await eventually('the message', () =>
		assert.ok(one.events.some(([, about]) => (about as { room: string }).room === 'barn')),
	);
	assert.ok(!other.events.some(([, about]) => (about as { room: string }).room === 'barn'));
	for (let at = 0; at < 50; at++) await other.client.emitWithAck('join', `room ${at}`);
	const { rooms } = await other.client.emitWithAck('leave', { not: 'a text' });
	assert.ok(rooms.length < 10, `${rooms.length}`);
});

test('a namespace refuses clients without the token', async (t) => {
	const open = await served(t);
	const { client } = open('/admin');
	const [error] = await once(client as never, 'connect_error');
	assert.equal(error.message, 'A token is required.');
	assert.equal(error.data.code, 401);
	const admin = open('/admin', { token: 'playground' });
	await eventually('welcome', () => assert.equal(admin.events[0]?.[0], 'welcome'));
});
