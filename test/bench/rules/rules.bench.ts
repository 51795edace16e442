import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import { join } from 'node:path';
import { buildCli } from '../../support/run/cli';
import { eventually } from '../../support/run/eventually';
import { type Mosquitto, startMosquitto } from '../../support/servers/mosquitto';
import { median, medians, type Row, ratioRow } from '../rows';

const rounds = 5;
/** Messages of 100 bytes on their way at a time, so that neither bridge has to drop any. */
const window = 2000;
const counts = { 0: 60_000, 1: 20_000 };
const payload = Buffer.alloc(100, 'x');

/** A rule from MQTT to MQTT over a real broker, beside a bridge with the bare library. */
export async function bench(): Promise<Row[]> {
	const cli = await buildCli();
	const broker = await startMosquitto({ general: ['max_inflight_messages 1000'] });
	const folder = mkdtempSync(join('.cache', 'bench-rules-'));
	const url = `mqtt://127.0.0.1:${broker.port}`;
	const bridge = (qos: 0 | 1) => {
		const file = join(folder, `qos${qos}.messages`);
		const head = `# @keepStreaming\n# @inFlight 1000\nON in/#\nHost: ${url}\nQoS: ${qos}`;
		writeFileSync(file, `${head}\n=== PUBLISH out/{{message.level.1}}\nQoS: ${qos}\n\n{{message.body}}`);
		return {
			bare: [process.execPath, 'test/bench/rules/bridge-bare.mjs', String(broker.port), String(qos)],
			ours: [process.execPath, cli.path, 'run', file],
		};
	};
	try {
		const rows: Row[] = [];
		for (const qos of [0, 1] as const) {
			const commands = bridge(qos);
			const { bare, ours } = await medians(rounds, {
				bare: () => withBridge(broker, commands.bare, () => rate(broker, qos)),
				ours: () => withBridge(broker, commands.ours, () => rate(broker, qos)),
			});
			const perSecond = (value: number) => `${Math.round(value).toLocaleString('en')} messages/s`;
			const reference = ['a bridge with mqtt.js', bare] as const;
			rows.push(ratioRow(`Rule MQTT to MQTT, QoS ${qos}`, ours, reference, perSecond, `≥ ${[10_000, 2000][qos]}/s`));
		}
		const commands = bridge(0);
		const { direct, bare, ours } = await medians(rounds, {
			direct: () => latency(broker, 'out/1'),
			bare: () => withBridge(broker, commands.bare, () => latency(broker, 'in/1')),
			ours: () => withBridge(broker, commands.ours, () => latency(broker, 'in/1')),
		});
		const ms = (value: number) => `${value.toFixed(2)} ms`;
		const reference = ['a bridge with mqtt.js', bare - direct] as const;
		rows.push(ratioRow('Rule MQTT to MQTT, added latency p50', ours - direct, reference, ms, '≤ 2 ms'));
		return rows;
	} finally {
		await broker.stop();
		cli.remove();
		rmSync(folder, { recursive: true, force: true });
	}
}

async function withBridge(broker: Mosquitto, command: string[], measure: () => Promise<number>): Promise<number> {
	const [program = '', ...args] = command;
	const child: ChildProcess = spawn(program, args, { stdio: ['ignore', 'ignore', 'inherit'] });
	try {
		await eventually('the bridge works', async () => {
			await latency(broker, 'in/1', 1, 500);
		});
		return await measure();
	} finally {
		child.kill('SIGKILL');
		await once(child, 'exit');
	}
}

/** A frame of MQTT with its length. */
function frame(type: number, ...parts: Uint8Array[]): Buffer {
	const body = Buffer.concat(parts);
	const length: number[] = [];
	for (let rest = body.length; ; rest >>= 7) {
		length.push(rest > 127 ? (rest & 127) | 128 : rest);
		if (rest <= 127) break;
	}
	return Buffer.concat([Buffer.of(type, ...length), body]);
}

const text = (value: string) => Buffer.concat([Buffer.of(value.length >> 8, value.length & 255), Buffer.from(value)]);

/** A client of a few lines, which costs less than either bridge. Calls `onPublish` with each body of a PUBLISH. */
async function client(port: number, id: string, onPublish: (body: Buffer) => void = () => {}): Promise<Socket> {
	const socket = connect(port, '127.0.0.1');
	socket.setNoDelay(true);
	let rest: Buffer = Buffer.alloc(0);
	let answered: () => void = () => {};
	const answer = () =>
		new Promise<void>((resolve) => {
			answered = resolve;
		});
	socket.on('data', (chunk: Buffer) => {
		let data = rest.length > 0 ? Buffer.concat([rest, chunk]) : chunk;
		for (;;) {
			let at = 1;
			let size = 0;
			for (let shift = 0; at < data.length; shift += 7) {
				const byte = data[at++] as number;
				size += (byte & 127) << shift;
				if (byte < 128) break;
				if (at === data.length) at = Number.POSITIVE_INFINITY;
			}
			if (data.length < 2 || data.length < at + size) break;
			const type = (data[0] as number) >> 4;
			if (type === 3) onPublish(data.subarray(at, at + size));
			else if (type === 2 || type === 9) answered();
			data = data.subarray(at + size);
		}
		rest = data;
	});
	await once(socket, 'connect');
	socket.write(frame(0x10, text('MQTT'), Buffer.of(5, 2, 0, 0, 0), text(id)));
	await answer();
	if (id.startsWith('sub')) {
		socket.write(frame(0x82, Buffer.of(0, 1, 0), text('out/#'), Buffer.of(0)));
		await answer();
	}
	return socket;
}

let clients = 0;

/** Messages per second through the bridge with a constant number on their way. */
async function rate(broker: Mosquitto, qos: 0 | 1): Promise<number> {
	const count = counts[qos];
	let arrived = 0;
	let sent = 0;
	let done: () => void = () => {};
	const finished = new Promise<void>((resolve) => {
		done = resolve;
	});
	const subscriber = await client(broker.port, `sub${clients++}`, () => {
		arrived++;
		if (arrived === count) done();
		else if (arrived % 100 === 0) fill();
	});
	const publisher = await client(broker.port, `pub${clients++}`);
	const packet = frame(0x30, text('in/1'), Buffer.of(0), payload);
	function fill(): void {
		const batch: Buffer[] = [];
		while (sent < count && sent - arrived < window) {
			sent++;
			const id = (sent % 60_000) + 1;
			batch.push(qos === 0 ? packet : frame(0x32, text('in/1'), Buffer.of(id >> 8, id & 255, 0), payload));
		}
		if (batch.length > 0) publisher.write(Buffer.concat(batch));
	}
	const began = performance.now();
	fill();
	await finished;
	const seconds = (performance.now() - began) / 1000;
	subscriber.destroy();
	publisher.destroy();
	return count / seconds;
}

/** Milliseconds from a message on `topic` to its arrival below out/, the median of many, one every few milliseconds. */
async function latency(broker: Mosquitto, topic: string, count = 400, within = 60_000): Promise<number> {
	const times: number[] = [];
	let arrived: () => void = () => {};
	const subscriber = await client(broker.port, `sub${clients++}`, () => arrived());
	const publisher = await client(broker.port, `pub${clients++}`);
	const packet = frame(0x30, text(topic), Buffer.of(0), payload);
	try {
		for (let one = 0; one < count; one++) {
			const began = performance.now();
			await new Promise<void>((resolve, reject) => {
				const timer = setTimeout(() => reject(new Error('It did not arrive.')), within);
				arrived = () => {
					clearTimeout(timer);
					resolve();
				};
				publisher.write(packet);
			});
			times.push(performance.now() - began);
			await new Promise((resolve) => setTimeout(resolve, 2));
		}
	} finally {
		subscriber.destroy();
		publisher.destroy();
	}
	return median(times);
}
