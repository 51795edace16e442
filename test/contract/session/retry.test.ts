import assert from 'node:assert/strict';
import { createServer } from 'node:net';
import test from 'node:test';
import { retryPause } from '../../../src/engine/session/retry';
import type { Values } from '../../../src/model/profile/field';
import { listen } from '../../support/net/listen';
import { eventually } from '../../support/run/eventually';
import { realSession } from '../../support/run/session';
import { startMosquitto } from '../../support/servers/mosquitto';
import { type Client, smallBroker } from '../../support/servers/small-broker';

const minute = 60_000;

const hangsUp: [name: string, values: Values, after: 'accepting' | 'CONNACK'][] = [
	['after accepting', {}, 'accepting'],
	['after accepting, asked with 3.1.1', { mqttVersion: '3.1.1' }, 'accepting'],
	['after CONNACK', {}, 'CONNACK'],
	['after CONNACK of 3.1.1', { mqttVersion: '3.1.1' }, 'CONNACK'],
];

for (const [name, values, after] of hangsUp)
	test(`a server that hangs up ${name} is asked at most 8 times in the first minute, and ever less`, async (t) => {
		/** As they are in the worst case, the shortest that chance can make them: told, and not waited for. */
		const pauses: number[] = [];
		let accepted = 0;
		let inMinute: number | undefined;
		const server = createServer((socket) => {
			accepted++;
			socket.on('error', () => {});
			if (after === 'accepting') return void socket.end();
			socket.once('data', (bytes) => {
				const five = bytes.includes(Buffer.from('MQTT\x05', 'latin1'));
				socket.end(Buffer.from(five ? '2003000000' : '20020000', 'hex'));
			});
		});
		const port = await listen(server);
		t.after(() => server.close());
		const session = realSession('mqtt', {
			...{ url: `mqtt://127.0.0.1:${port}`, values },
			pause(attempt) {
				pauses.push(retryPause(attempt, () => 1));
				// The attempt that follows this pause is the first one beyond the minute.
				if (pauses.reduce((sum, ms) => sum + ms) >= minute) inMinute ??= accepted;
				return 1;
			},
		});
		t.after(() => session.dispose());
		session.connect().catch(() => {});
		await eventually('a minute has been told', () => assert.ok(inMinute));
		await session.close();
		assert.ok((inMinute ?? 0) <= 8, `${inMinute} connections`);
		assert.ok((inMinute ?? 0) >= 5, 'it does not give up either');
		pauses.reduce((before, ms) => {
			assert.ok(ms > before || ms >= 24_000, pauses.join());
			return ms;
		});
	});

test('refused credentials, by mosquitto itself: one connection, closed for good', async (t) => {
	const broker = await startMosquitto({ users: { user: 'right' } });
	t.after(() => broker.stop());
	for (const mqttVersion of ['5', '3.1.1', 'auto'])
		for (const [password, what] of [
			['wrong', 'a wrong password'],
			[undefined, 'none'],
		] as const)
			await t.test(`MQTT ${mqttVersion}, ${what}`, async (part) => {
				let pauses = 0;
				const session = realSession('mqtt', {
					url: `mqtt://127.0.0.1:${broker.port}`,
					values: { mqttVersion, ...(password && { username: 'user' }) },
					secrets: password ? { password } : {},
					pause: () => pauses++,
				});
				// Else one that goes on trying would keep a failed test from ending.
				part.after(() => session.dispose());
				await assert.rejects(session.connect(), /refused the connection/);
				const { state } = session.status();
				assert.ok(state.kind === 'closed' && state.failure?.final, JSON.stringify(state));
				assert.equal(state.failure.code, 'credentials-refused');
				assert.equal(pauses, 0);
			});
});

for (const [version, code] of [
	[5, 0x86],
	[5, 0x87],
	[4, 4],
	[4, 5],
] as const)
	test(`refused credentials, MQTT ${version === 5 ? 5 : '3.1.1'} code ${code}: exactly one connection`, async (t) => {
		const clients = new Set<Client>();
		const broker = await smallBroker((client) => {
			clients.add(client);
			client.send({ cmd: 'connack', reasonCode: code, returnCode: code });
			client.end();
		});
		t.after(() => broker.close());
		const session = realSession('mqtt', {
			url: `mqtt://127.0.0.1:${broker.port}`,
			values: { mqttVersion: version === 5 ? 'auto' : '3.1.1' },
			pause: () => 1,
		});
		t.after(() => session.dispose());
		await assert.rejects(session.connect());
		// Hundred times as long as a retry would wait.
		await new Promise((resolve) => setTimeout(resolve, 100));
		assert.equal(clients.size, 1);
		assert.equal(session.status().state.kind, 'closed');
	});
