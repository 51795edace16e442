import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import test from 'node:test';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { adapter } from '../../../src/protocols/mqtt/adapter';
import { eventually } from '../../support/run/eventually';
import { realSession } from '../../support/run/session';
import { startMosquitto } from '../../support/servers/mosquitto';
import { connect, refused, resolved } from '../suite/attempt';

/** Set in the child that this file runs as inside the namespace. */
const inside = process.env.INSIDE_NETWORK_NAMESPACE !== undefined;

/**
 * Mosquitto's own WebSocket listener ignores the address it is given and listens on all of them. So this file runs its
 * tests in a network namespace of its own, which has no way out; being root, or unprivileged user namespaces, is needed.
 */
if (!inside)
	test('mosquitto’s WebSocket listener, in a network namespace', async (t) => {
		const { NODE_TEST_CONTEXT: _, ...env } = process.env;
		const self = fileURLToPath(import.meta.url);
		const command = 'ip link set lo up && exec "$0" --enable-source-maps --test-reporter=tap "$1"';
		const flags = process.getuid?.() === 0 ? ['--net'] : ['--net', '--map-root-user'];
		const run = promisify(execFile)('unshare', [...flags, 'sh', '-c', command, process.execPath, self], {
			env: { ...env, INSIDE_NETWORK_NAMESPACE: 'yes' },
			timeout: 120_000,
		});
		const { stdout } = await run.catch((error: { stdout?: string; stderr?: string }) =>
			assert.fail(`Inside the namespace, or on the way into it:\n${error.stdout}\n${error.stderr}`),
		);
		const passed = /^# pass (\d+)$/m.exec(stdout)?.[1];
		assert.ok(Number(passed) >= 3, stdout);
		assert.match(stdout, /^# fail 0$/m);
		t.diagnostic(`${passed} tests passed inside`);
	});

const noise = (length: number) => Buffer.from(Array.from({ length }, (_, at) => (at * 167 + (at >> 3) * 59) & 0xff));

if (inside) {
	for (const mqttVersion of ['5', '3.1.1', 'auto'])
		test(`MQTT ${mqttVersion} over its WebSocket: subscribe, publish, receive, close`, async (t) => {
			const broker = await startMosquitto({ webSocket: true, users: { user: 'secret' } });
			t.after(() => broker.stop());
			const profile = resolved('mqtt', `ws://127.0.0.1:${broker.port}`, { mqttVersion, username: 'user' });
			const { link, recorded } = await connect({ adapter, profile, secrets: { password: 'secret' } });
			assert.deepEqual(recorded.steps, ['tcp', 'handshake', 'login']);
			for (const qos of [0, 1, 2]) {
				await link.subscribe?.({ target: `a/${qos}`, qos });
				// Mosquitto reads and writes only some kilobytes at a time, so larger payloads take seconds.
				for (const size of [0, 1, 126, 5000]) {
					recorded.messages.length = 0;
					const draft = { verb: 'publish', target: `a/${qos}`, values: { qos }, payload: noise(size) };
					assert.equal((await link.send(draft)).proof, qos === 0 ? 'handed-over' : 'acknowledged');
					await eventually('received', () => assert.ok(recorded.messages[0]?.payload.equals(noise(size)), `${size}`));
				}
			}
			await link.close();
			assert.equal(await link.ended, undefined);
			const { failure } = await refused({ adapter, profile, secrets: { password: 'wrong' } });
			assert.equal(failure.code, 'credentials-refused');
		});

	test('a plain MQTT URL at the WebSocket listener ends with a reason', async (t) => {
		const broker = await startMosquitto({ webSocket: true });
		t.after(() => broker.stop());
		const profile = resolved('mqtt', `mqtt://127.0.0.1:${broker.port}`);
		const { failure } = await refused({ adapter, profile, deadline: 2000 });
		assert.match(failure.message, /^[A-Z].*\.$/);
	});

	test('a session over it survives the broker’s end, and a network that goes away and comes back', async (t) => {
		const broker = await startMosquitto({ webSocket: true });
		t.after(() => broker.stop());
		const session = realSession('mqtt', {
			url: `ws://127.0.0.1:${broker.port}`,
			values: { keepalive: 1, connectTimeout: 1 },
			subscriptions: [{ target: 'a', qos: 1 }],
		});
		t.after(() => session.dispose());
		const echo = async () => {
			await eventually('subscribed', () => assert.equal(session.status().subscriptions[0]?.state, 'active'));
			const before = session.store.received;
			const payload = Buffer.from('hello');
			assert.equal(
				(await session.send({ verb: 'publish', target: 'a', values: { qos: 1 }, payload })).proof,
				'acknowledged',
			);
			await eventually('received', () => assert.equal(session.store.received, before + 1));
		};
		await session.connect();
		await echo();
		await broker.restart();
		await echo();
		// A half-open connection: the packets of both sides are dropped.
		const lo = (state: string) => promisify(execFile)('ip', ['link', 'set', 'lo', state]);
		await lo('down');
		await eventually('noticed', () => assert.equal(session.status().state.kind, 'retrying'));
		await lo('up');
		await eventually('open again', () => assert.equal(session.status().state.kind, 'open'));
		await echo();
		await session.close();
	});
}
