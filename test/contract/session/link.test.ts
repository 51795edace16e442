import assert from 'node:assert/strict';
import test from 'node:test';
import type { SessionState } from '../../../src/model/contracts/session';
import { startRelay } from '../../support/net/relay';
import { lateMs } from '../../support/net/stall-clock';
import { eventually } from '../../support/run/eventually';
import { type RealSession, realSession } from '../../support/run/session';
import { type Mosquitto, startMosquitto } from '../../support/servers/mosquitto';
import { startWebSocketServer } from '../../support/servers/websocket/websocket-server';
import { handles } from '../suite/attempt';

/** Resolves with the milliseconds until the session is in this state. */
async function until(session: RealSession, kind: SessionState['kind']): Promise<number> {
	const began = performance.now();
	while (session.status().state.kind !== kind) {
		if (performance.now() - began > 30_000) assert.fail(`never ${kind}: ${JSON.stringify(session.status().state)}`);
		await new Promise((resolve) => setTimeout(resolve, 10));
	}
	return performance.now() - began;
}

async function receives(session: RealSession, broker: Mosquitto): Promise<void> {
	const other = realSession('mqtt', { url: `mqtt://127.0.0.1:${broker.port}` });
	await other.connect();
	const before = session.store.received;
	await other.send({ verb: 'publish', target: 'a/b', values: { qos: 1 }, payload: Buffer.from('hello') });
	await eventually('received', () => assert.equal(session.store.received, before + 1));
	await other.close();
	other.dispose();
}

const keepalive = 2;

for (const [what, breaks] of Object.entries<(broker: Mosquitto, relay: { mute(): void; unmute(): void }) => () => void>(
	{
		'a frozen broker': (broker) => {
			broker.kill('SIGSTOP');
			return () => broker.kill('SIGCONT');
		},
		'a half-open connection': (_, relay) => {
			relay.mute();
			return () => relay.unmute();
		},
	},
))
	test(`${what} shows within 1.5 keep alives as a retry, and afterwards all is as before`, async (t) => {
		const broker = await startMosquitto();
		t.after(() => broker.stop());
		const relay = await startRelay(broker.port);
		t.after(() => relay.close());
		const session = realSession('mqtt', {
			url: `mqtt://127.0.0.1:${relay.port}`,
			values: { keepalive, connectTimeout: 1 },
			subscriptions: [{ target: 'a/#', qos: 1 }],
		});
		t.after(() => session.dispose());
		await session.connect();
		await eventually('subscribed', () => assert.equal(session.status().subscriptions[0]?.state, 'active'));
		await receives(session, broker);
		const late = lateMs();
		const mend = breaks(broker, relay);
		t.after(mend);
		const ms = await until(session, 'retrying');
		const { state, subscriptions } = session.status();
		assert.ok(state.kind === 'retrying' && state.failure.code === 'silent', JSON.stringify(state));
		assert.equal(subscriptions[0]?.state, 'pending', 'a lost link has no active subscription');
		// What the other process may be late by is not seen here.
		assert.ok(ms <= keepalive * 1500 + 300 + lateMs() - late, `${ms} ms`);
		mend();
		await until(session, 'open');
		await eventually('subscribed again', () => assert.equal(session.status().subscriptions[0]?.state, 'active'));
		await receives(session, broker);
		await session.close();
	});

test('a broker that is restarted: retried until it is back, and its subscriptions are asked again', async (t) => {
	const broker = await startMosquitto();
	t.after(() => broker.stop());
	const session = realSession('mqtt', { url: `mqtt://127.0.0.1:${broker.port}` });
	t.after(() => session.dispose());
	await session.connect();
	await session.subscribe({ target: 'a/+', qos: 1 });
	broker.kill('SIGKILL');
	await until(session, 'retrying');
	await broker.restart();
	await until(session, 'open');
	await eventually('subscribed again', () => assert.equal(session.status().subscriptions[0]?.state, 'active'));
	await receives(session, broker);
	await session.close();
});

const servers: Record<
	string,
	() => Promise<{ url: string; connections(): number | Promise<number>; stop(): Promise<void> }>
> = {
	async mqtt() {
		const broker = await startMosquitto();
		return { ...broker, url: `mqtt://127.0.0.1:${broker.port}` };
	},
	async websocket() {
		const server = await startWebSocketServer();
		return { ...server, url: `ws://127.0.0.1:${server.port}/` };
	},
};

for (const [protocol, start] of Object.entries(servers))
	test(`${protocol}: 300 times a session opened and closed leaves nothing behind`, async (t) => {
		const server = await start();
		t.after(() => server.stop());
		const subscriptions = protocol === 'mqtt' ? [{ target: '#' }] : [];
		const sessions = Array.from({ length: 10 }, () => realSession(protocol, { url: server.url, subscriptions }));
		const quiet = () => eventually('no client left', async () => assert.equal(await server.connections(), 0));
		await sessions[0]?.connect();
		await sessions[0]?.close();
		await quiet();
		const before = handles();
		for (let round = 0; round < 30; round++)
			await Promise.all(
				sessions.map(async (session, which) => {
					const opening = session.connect();
					// Some are closed while they are still on their way.
					if (which === round % 10) opening.catch(() => {});
					else await opening;
					await session.close();
					assert.equal(session.status().state.kind, 'closed');
				}),
			);
		await quiet();
		for (const session of sessions) session.dispose();
		await eventually('no handle left', () => assert.ok(handles() <= before, `${handles()} handles, ${before} before`));
	});
