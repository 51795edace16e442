import assert from 'node:assert/strict';
import test from 'node:test';
import { retryPause, stableAfter } from '../../../src/engine/session/retry';
import type { Values } from '../../../src/model/profile/field';
import { eventually } from '../../support/run/eventually';
import { notes, realSession } from '../../support/run/session';
import { startMosquitto } from '../../support/servers/mosquitto';
import { type Client, smallBroker } from '../../support/servers/small-broker';

/** Two windows on one profile of one broker. */
function two(port: number, values: Values) {
	return [0, 1].map(() => realSession('mqtt', { url: `mqtt://127.0.0.1:${port}`, values }));
}

for (const mqttVersion of ['5', '3.1.1'])
	test(`two sessions on one profile without a client ID, MQTT ${mqttVersion}: both stay`, async (t) => {
		const broker = await startMosquitto();
		t.after(() => broker.stop());
		const sessions = two(broker.port, { mqttVersion });
		t.after(() => {
			for (const session of sessions) session.dispose();
		});
		for (const session of sessions) {
			await session.connect();
			await session.subscribe({ target: 'a', qos: 1 });
		}
		for (const session of sessions)
			await session.send({ verb: 'publish', target: 'a', values: { qos: 1 }, payload: Buffer.from('x') });
		for (const session of sessions) {
			await eventually('received', () => assert.equal(session.status().received, 2));
			assert.equal(session.status().state.kind, 'open');
			assert.equal(notes(session).length, 1, notes(session).join());
			await session.close();
		}
	});

test('two sessions with one client ID at a broker that says so (DISCONNECT 0x8E): the one thrown out stays away', async (t) => {
	const clients: Client[] = [];
	const broker = await smallBroker((client, packet) => {
		if (packet.cmd !== 'connect') return;
		clients.at(-1)?.send({ cmd: 'disconnect', reasonCode: 0x8e });
		clients.push(client);
		client.send({ cmd: 'connack', reasonCode: 0 });
	});
	t.after(() => broker.close());
	const [first, second] = two(broker.port, { clientId: 'mine' });
	assert.ok(first && second);
	t.after(() => [first, second].map((session) => session.dispose()));
	await first.connect();
	await second.connect();
	await eventually('the first is closed', () => assert.equal(first.status().state.kind, 'closed'));
	// Hundred pauses long enough for a fight.
	await new Promise((resolve) => setTimeout(resolve, 100));
	assert.equal(clients.length, 2);
	const { state } = first.status();
	assert.ok(state.kind === 'closed' && state.failure?.code === 'conflict', JSON.stringify(state));
	assert.match(state.failure.remedy?.text ?? '', /client ID/);
	assert.equal(second.status().state.kind, 'open');
});

/** Mosquitto 2.0 says nothing in either version: the one that is thrown out finds the connection closed. */
for (const mqttVersion of ['5', '3.1.1'])
	test(`two sessions with one client ID at mosquitto, MQTT ${mqttVersion}: after a few rounds one says so and stays away`, async (t) => {
		const broker = await startMosquitto();
		t.after(() => broker.stop());
		const sessions = two(broker.port, { mqttVersion, clientId: 'mine' });
		t.after(() => {
			for (const session of sessions) session.dispose();
		});
		for (const session of sessions) await session.connect();
		const kinds = () => sessions.map((session) => session.status().state.kind).sort();
		await eventually('one has given up', () => assert.deepEqual(kinds(), ['closed', 'open']));
		const connected = sessions.flatMap(notes).filter((text) => text.startsWith('Connected')).length;
		assert.ok(connected <= 6, `${connected} connections`);
		const state = sessions.map((session) => session.status().state).find(({ kind }) => kind === 'closed');
		assert.ok(state?.kind === 'closed' && state.failure?.final, JSON.stringify(state));
		assert.equal(state.failure.code, 'conflict');
		assert.match(state.failure.message, /another client probably uses the client ID "mine"/);
		// Many pauses long.
		await new Promise((resolve) => setTimeout(resolve, 500));
		assert.deepEqual(kinds(), ['closed', 'open']);
		for (const session of sessions) await session.close();
	});

test('a rival is not suspected where the client ID is nobody else’s, or where the broker is away in between', async (t) => {
	const broker = await startMosquitto();
	t.after(() => broker.stop());
	const [own, named] = [{}, { clientId: 'mine' }].map((values) => two(broker.port, values)[0]);
	assert.ok(own && named);
	t.after(() => [own, named].map((session) => session.dispose()));
	await Promise.all([own.connect(), named.connect()]);
	for (let round = 1; round <= 4; round++) {
		broker.kill('SIGKILL');
		await eventually('refused', () => {
			for (const { store } of [own, named]) assert.ok(store.kept > 0);
			for (const session of [own, named])
				assert.match(notes(session).at(-1) ?? '', /refused|listens/i, notes(session).join());
		});
		await broker.restart();
		await eventually('open', () => {
			for (const session of [own, named]) assert.equal(session.status().state.kind, 'open');
		});
	}
	await Promise.all([own.close(), named.close()]);
});

test('the longest that two rivals hold, the pause of the other, is not taken for a good connection', () => {
	assert.ok(stableAfter > retryPause(100, () => 0) + 10_000);
});
