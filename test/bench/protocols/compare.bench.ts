import { connect as connectClient } from 'mqtt';
import { createHistogram } from '../../../src/base/histogram';
import { connect, type Subject } from '../../../src/compare/connection';
import { createMarks } from '../../../src/compare/mark';
import { measure } from '../../../src/compare/measure';
import { pace } from '../../../src/compare/pace';
import { mqtt } from '../../../src/protocols/mqtt/describe/describe';
import { startMosquitto } from '../../support/servers/mosquitto';
import { median, type Row, ratioRow } from '../rows';

const rate = 500;
const count = 1500;
const rounds = 7;
/** Topics of their own: each message is delivered once. */
const topic = 'a/b';
const bareTopic = 'c/d';
const { signal } = new AbortController();

/** The median round trip of messages at a fixed rate, measured by compare, and by two bare clients in the same way. */
export async function bench(): Promise<Row[]> {
	const broker = await startMosquitto();
	const url = `mqtt://127.0.0.1:${broker.port}`;
	try {
		const rows: Row[] = [];
		for (const qos of [0, 1] as const)
			for (const size of [16, 1024]) {
				const pairs: { ours: number; bare: number }[] = [];
				// At the same time, so that both meet the same state of the machine at every moment.
				for (let round = 0; round < rounds; round++) {
					const [ours, bare] = await Promise.all([compared(url, qos, size), bareClients(url, qos, size)]);
					pairs.push({ ours, bare });
				}
				const [ours, bare] = [median(pairs.map((pair) => pair.ours)), median(pairs.map((pair) => pair.bare))];
				const reference = ['two bare mqtt clients', bare] as const;
				const name = `MQTT, QoS ${qos}, ${size} bytes: median round trip`;
				rows.push(ratioRow(name, ours, reference, (ms) => `${(ms * 1000).toFixed(0)} µs`, '≤ 1.05'));
			}
		return rows;
	} finally {
		await broker.stop();
	}
}

async function compared(url: string, qos: 0 | 1, size: number): Promise<number> {
	const profile = { id: 'bench', name: 'bench', protocol: 'mqtt', url, values: {}, subscriptions: [] };
	const subject: Subject = {
		name: 'bench',
		profile,
		secrets: {},
		description: mqtt as Subject['description'],
		target: topic,
	};
	const route = mqtt.comparison?.routes(topic)[qos === 0 ? 'at-most-once' : 'at-least-once'];
	if (!route?.receive) throw new Error('There is no route.');
	const [sender, receiver] = [await connect(subject, signal), await connect(subject, signal)];
	await receiver.link.subscribe?.(route.receive, 'bench');
	const run = await measure({ sender, receiver, route, target: topic, size, rate, count, signal });
	await Promise.all([sender.close(), receiver.close()]);
	if (!run.latency || run.lost > 0) throw new Error(`${run.lost} messages were lost.`);
	return run.latency.p50;
}

async function bareClients(url: string, qos: 0 | 1, size: number): Promise<number> {
	const clients = await Promise.all(
		[0, 1].map(
			() =>
				new Promise<ReturnType<typeof connectClient>>((resolve) => {
					const client = connectClient(url, { protocolVersion: 5 });
					client.once('connect', () => resolve(client));
				}),
		),
	);
	const [sender, receiver] = clients;
	if (!sender || !receiver) throw new Error('There is no client.');
	await receiver.subscribeAsync(bareTopic, { qos });
	const marks = createMarks(size);
	const intended = new Float64Array(count);
	const latency = createHistogram();
	let arrived = () => {};
	const all = new Promise<void>((resolve) => {
		arrived = resolve;
	});
	receiver.on('message', (_, payload) => {
		latency.add(performance.now() - (intended[marks.sequence(payload) ?? 0] as number));
		if (latency.count === count) arrived();
	});
	const send = (sequence: number, due: number) => {
		intended[sequence] = due;
		sender.publish(bareTopic, Buffer.from(marks.payload(sequence)), { qos });
		return true;
	};
	await pace(count, rate, send, signal);
	await all;
	await Promise.all(clients.map((client) => client.endAsync(true)));
	return latency.at(0.5);
}
