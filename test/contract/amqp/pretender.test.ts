import assert from 'node:assert/strict';
import { createServer, type Socket } from 'node:net';
import test, { type TestContext } from 'node:test';
import { FailureError } from '../../../src/base/failure';
import { adapter } from '../../../src/protocols/amqp/adapter';
import { amqpDialogue, method } from '../../support/hostile/amqp';
import { listen } from '../../support/net/listen';
import { eventually } from '../../support/run/eventually';
import { connect, resolved } from '../suite/attempt';

const heartbeat = Buffer.from('08000000000000ce', 'hex');

/** A server that speaks the handshake, and then what the test says; and everything that it has heard since. */
async function pretend(t: TestContext) {
	let socket: Socket | undefined;
	let heard = Buffer.alloc(0);
	const server = createServer((client) => {
		socket = client;
		const steps = amqpDialogue().filter(({ name }) => ['start', 'tune', 'open-ok'].includes(name));
		client.on('error', () => {});
		client.on('data', (chunk) => {
			heard = Buffer.concat([heard, chunk]);
			for (let next = steps[0]; next; next = steps[0]) {
				const length = next.takes(heard);
				if (length === undefined) return;
				client.write(next.answer(heard.subarray(0, length)));
				heard = heard.subarray(length);
				steps.shift();
			}
		});
	});
	const port = await listen(server);
	const profile = resolved('amqp', `amqp://127.0.0.1:${port}`, { heartbeat: 1, 'management.url': 'none' });
	const opened = await connect({ adapter, profile });
	const beating = setInterval(() => socket?.write(heartbeat), 200);
	t.after(() => {
		clearInterval(beating);
		opened.link.destroy();
		socket?.destroy();
		server.close();
	});
	return { ...opened, say: (bytes: Buffer) => void socket?.write(bytes), heard: () => heard };
}

const draft = { verb: 'queue', target: 'queue/email', values: {}, payload: Buffer.from('x') };

test('AMQP: a quiet link sends heartbeats and lives by those of the server', async (t) => {
	const { link, heard } = await pretend(t);
	let over = false;
	void link.ended.then(() => {
		over = true;
	});
	await eventually('five heartbeats', () => assert.ok(heard().length >= 5 * heartbeat.length));
	assert.equal(heard().length % heartbeat.length, 0);
	assert.ok(heard().subarray(0, heartbeat.length).equals(heartbeat));
	assert.equal(over, false);
});

test('AMQP: a server that is low on memory takes no messages, and says when it does again', async (t) => {
	const { link, recorded, say } = await pretend(t);
	link.prepare(draft);
	say(method(0, 10, 60, (to) => to.short('low on memory')));
	await eventually('it was told', () => assert.equal(recorded.notes.length, 1));
	assert.throws(
		() => link.prepare(draft),
		(error: unknown) => error instanceof FailureError && error.failure.code === 'blocked',
	);
	say(method(0, 10, 61));
	await eventually('it was told', () => assert.equal(recorded.notes.length, 2));
	link.prepare(draft);
});

test('AMQP: an action that is stopped ends, though the server says nothing', async (t) => {
	const { link, heard } = await pretend(t);
	const stop = new AbortController();
	const sending = { seq: 1, progress() {}, signal: stop.signal };
	const asked = link.send({ ...draft, verb: 'request' }, sending);
	await eventually('it has opened a channel', () => assert.ok(heard().includes(Buffer.from([0, 20, 0, 10]))));
	stop.abort();
	assert.equal((await asked).proof, 'refused');
});

test('AMQP: what the guard keeps from the library does not make the library think that the server is dead', async (t) => {
	const { link, heard } = await pretend(t);
	let over = false;
	void link.ended.then(() => {
		over = true;
	});
	// Of half a second each: the library ends a link after three silent seconds.
	await eventually('nine heartbeats', () => assert.ok(heard().length >= 9 * heartbeat.length));
	assert.equal(over, false);
});
