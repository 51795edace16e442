import assert from 'node:assert/strict';
import test, { after, before } from 'node:test';
import { connectAsync, type MqttClient } from 'mqtt';
import { ruleWindow } from '../../support/host/rule-window';
import { eventually } from '../../support/run/eventually';
import { type Mosquitto, startMosquitto } from '../../support/servers/mosquitto';

let edge: Mosquitto;
let cloud: Mosquitto;
before(async () => {
	[edge, cloud] = await Promise.all([startMosquitto({ persistent: true }), startMosquitto({ persistent: true })]);
});
after(() => Promise.all([edge.stop(), cloud.stop()]));

/** A window in which a rule forwards from one broker to the other, a publisher at the source, and what has arrived. */
async function bridge(t: test.TestContext, name: string) {
	const rule = `ON ${name}/in
Connection: Edge
QoS: 1

=== PUBLISH ${name}/out
Connection: Cloud
QoS: 1

{{message.body}}
`;
	const mqtt = ({ port }: Mosquitto, values = {}) => ({
		...{ protocol: 'mqtt', url: `mqtt://127.0.0.1:${port}` },
		values: { mqttVersion: 5, ...values },
	});
	const open = () => {
		const window = ruleWindow({
			Edge: mqtt(edge, { clientId: name, cleanStart: false, sessionExpiry: 3600 }),
			Cloud: mqtt(cloud),
		});
		t.after(window.close);
		return { window, start: () => window.start(rule) };
	};
	const peer = async ({ port }: Mosquitto): Promise<MqttClient> => {
		const client = await connectAsync({
			...{ host: '127.0.0.1', port, protocolVersion: 5, reconnectPeriod: 50 },
			...{ clientId: `peer ${name}`, clean: false, properties: { sessionExpiryInterval: 3600 } },
		});
		t.after(() => client.endAsync(true));
		return client;
	};
	const [sender, watcher] = await Promise.all([peer(edge), peer(cloud)]);
	const arrived = new Set<string>();
	watcher.on('message', (_, payload) => arrived.add(payload.toString()));
	await watcher.subscribeAsync(`${name}/out`, { qos: 1 });
	// The target stores the subscription now, so that it knows it when it is started again after it was killed.
	cloud.kill('SIGUSR1');
	let count = 0;
	return {
		open,
		arrived,
		/** Resolves when the broker has acknowledged all of them, some of them after it was away. */
		publish: (more: number) =>
			Promise.all(Array.from({ length: more }, () => sender.publishAsync(`${name}/in`, String(count++), { qos: 1 }))),
	};
}

test('a target that dies is waited for: everything arrives, and the sidebar says so', async (t) => {
	const { open, publish, arrived } = await bridge(t, 'target');
	const { window, start } = open();
	const run = await start();
	await publish(100);
	await eventually('it bridges', () => assert.equal(arrived.size, 100));
	cloud.kill('SIGKILL');
	await publish(400);
	await eventually('it waits', () => assert.match(window.shown(run), /^waiting for/));
	await cloud.restart();
	await eventually('everything arrives', () => assert.equal(arrived.size, 500));
	await eventually('everything is counted', () => assert.match(window.shown(run), /^500 processed/));
});

test('a source that dies is subscribed again: what it has kept and what it gets then arrives', async (t) => {
	const { open, publish, arrived } = await bridge(t, 'source');
	const { window, start } = open();
	const run = await start();
	const published = publish(1000);
	await eventually('it bridges', () => assert.ok(arrived.size > 100));
	edge.kill('SIGTERM');
	await eventually('it waits', () => assert.match(window.shown(run), /^waiting for/));
	await edge.restart();
	await published;
	await publish(500);
	await eventually('everything arrives', () => assert.equal(arrived.size, 1500));
	await eventually('it says nothing more', () => assert.match(window.shown(run), /^[\d,]+ processed/));
});

test('both die while messages are at work', async (t) => {
	const { open, publish, arrived } = await bridge(t, 'both');
	const { window, start } = open();
	const run = await start();
	const published = publish(1000);
	await eventually('it bridges', () => assert.ok(arrived.size > 100));
	// A target that is killed forgets messages that it has acknowledged.
	cloud.kill('SIGTERM');
	edge.kill('SIGTERM');
	await eventually('it waits', () => assert.match(window.shown(run), /^waiting for “Edge” and “Cloud”/));
	await Promise.all([edge.restart(), cloud.restart()]);
	await published;
	await eventually('everything arrives', () => assert.equal(arrived.size, 1000));
});

test('a window that closes while its rule holds messages leaves them to the next one', async (t) => {
	const { open, publish, arrived } = await bridge(t, 'window');
	const { window, start } = open();
	const run = await start();
	cloud.kill('SIGKILL');
	await publish(300);
	await eventually('it holds', () => assert.ok((run.stats?.inFlight ?? 0) > 0));
	window.close();
	await cloud.restart();
	await open().start();
	await eventually('everything arrives', () => assert.equal(arrived.size, 300));
});

test('a rule that is stopped while its target is down leaves the messages to the source', async (t) => {
	const { open, publish, arrived } = await bridge(t, 'stop');
	const { window, start } = open();
	const run = await start();
	cloud.kill('SIGKILL');
	await publish(300);
	await eventually('it holds', () => assert.ok((run.stats?.inFlight ?? 0) > 0));
	await window.stop(run);
	assert.doesNotMatch(run.stats?.lastFailure?.message ?? '', /cancel/);
	assert.match(window.shown(run), /^stopped/);
	assert.equal(run.stats?.failed, 0);
	await cloud.restart();
	await start();
	await eventually('everything arrives', () => assert.equal(arrived.size, 300));
});

test('a rule ends when the user disconnects its target, and leaves the messages to the source', async (t) => {
	const { open, publish, arrived } = await bridge(t, 'disconnect');
	const { window, start } = open();
	const run = await start();
	await window.disconnect('Cloud');
	await publish(50);
	await eventually('it has ended', () => assert.match(window.shown(run), /^ended: “Cloud” was disconnected/));
	assert.equal(run.stats?.failed, 0);
	await start();
	await eventually('everything arrives', () => assert.equal(arrived.size, 50));
});
