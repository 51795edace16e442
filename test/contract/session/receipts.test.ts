import assert from 'node:assert/strict';
import test from 'node:test';
import type { Draft } from '../../../src/model/contracts/message';
import { eventually } from '../../support/run/eventually';
import { type RealSession, realSession } from '../../support/run/session';
import { startMosquitto } from '../../support/servers/mosquitto';

const draft = (text: string, qos: number): Draft => ({
	verb: 'publish',
	target: 'orders',
	values: { qos },
	payload: Buffer.from(text),
});

function received({ store }: RealSession): string[] {
	const { low, high } = store.reader.view('in', { directions: ['in'] });
	return store.reader.page('in', low, high - low).rows.map(({ preview }) => preview);
}

/** A frozen broker takes the bytes and never reads them: what is killed then has certainly not passed them on. */
for (const [mqttVersion, cleanStart] of [
	['5', true],
	['5', false],
	['3.1.1', false],
] as const)
	test(`a broker killed before it acknowledges, MQTT ${mqttVersion}, clean start ${cleanStart}: unknown, and never sent again`, async (t) => {
		const broker = await startMosquitto();
		t.after(() => broker.stop());
		const url = `mqtt://127.0.0.1:${broker.port}`;
		const subscriptions = [{ target: 'orders', qos: 2 }];
		const witness = realSession('mqtt', { url, subscriptions });
		t.after(() => witness.dispose());
		const session = realSession('mqtt', {
			url,
			values: { mqttVersion, cleanStart, ...(cleanStart ? {} : { clientId: 'mine', sessionExpiry: 600 }) },
		});
		t.after(() => session.dispose());
		const ready = () =>
			eventually('both are here', () => {
				assert.equal(session.status().state.kind, 'open');
				assert.equal(witness.status().subscriptions[0]?.state, 'active');
			});
		await Promise.all([witness.connect(), session.connect()]);
		await ready();
		assert.equal((await session.send(draft('before', 1))).proof, 'acknowledged');

		broker.kill('SIGSTOP');
		const sent = [1, 2].map((qos) => session.send(draft(`between ${qos}`, qos)));
		const atMostHanded = session.send(draft('between 0', 0));
		// On its way: the log has all of them, and none is called sent.
		assert.equal(session.status().sent, 4);
		await new Promise((resolve) => setTimeout(resolve, 200));
		broker.kill('SIGKILL');
		for (const receipt of await Promise.all(sent)) {
			assert.equal(receipt.proof, 'unknown');
			const shown = session.store.reader.detail(receipt.seq ?? -1).row.receipt;
			assert.equal(shown?.proof, 'unknown', 'the log says so, too');
		}
		assert.equal((await atMostHanded).proof, 'handed-over');

		await broker.restart();
		await ready();
		for (const qos of [1, 2]) assert.equal((await session.send(draft(`after ${qos}`, qos))).proof, 'acknowledged');
		await eventually('the witness has the last', () => assert.ok(received(witness).includes('after 2')));
		assert.deepEqual(received(witness), ['before', 'after 1', 'after 2']);
		await Promise.all([session.close(), witness.close()]);
	});
