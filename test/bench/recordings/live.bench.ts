import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { openRecordings } from '../../../src/engine/recording/read-parts';
import { type Engine, startEngine } from '../../../src/host/connections/engine';
import { defaultLimits, type OpenRequest, type Status } from '../../../src/model/contracts/session';
import { delayRow } from '../host-delay';
import { withFlood } from '../protocols/count';
import { memoryRow, type Row, ratioRow } from '../rows';

const rate = 20_000;
const paced = rate * 60;
const idled = rate * 10;
const flat = 1_000_000;
const flood = { topics: 1000, payload: 100, properties: 0 };

interface Run {
	/** Messages a second, from the first to the last. */
	rate: number;
	/** Of this thread's event loop, in milliseconds: it stands for the extension host. */
	p99: number;
	/** Messages in the recording or history. */
	recorded: number;
	/** Of the process, at the end of the flood. */
	memory: Row;
}

/** Recording 100 bytes at 20,000 messages a second for a minute, counted, and as fast as they come, against the same without recording. */
export async function bench(): Promise<Row[]> {
	const folder = await mkdtemp(join(tmpdir(), 'recording-bench-'));
	const once = (name: string, messages: number, more: object, how: How) =>
		withFlood('flood-broker', { ...flood, messages, ...more }, (port) => run(join(folder, name), port, messages, how));
	try {
		const bare = await once('bare', flat, {}, 'nothing');
		const idle = await once('idle', idled, { rate }, 'nothing');
		const recording = await once('paced.recording.jsonl', paced, { rate }, 'recording');
		const history = await once('paced.history', paced, { rate }, 'history');
		const flatOut = await once('flat.recording.jsonl', flat, {}, 'recording');
		const count = (value: number) => `${Math.round(value).toLocaleString('en')}`;
		const perSecond = (value: number) => `${count(value / 1000)} thousand/s`;
		const without = ['without recording', bare.rate] as const;
		return [
			ratioRow('messages recorded at 20,000/s', recording.recorded, ['sent', paced], count, '1'),
			ratioRow('messages in a history of 1 GB at 20,000/s', history.recorded, ['sent', paced], count, '1'),
			delayRow('host loop delay p99 while recording', recording.p99, idle.p99, '≤ 20 ms'),
			delayRow('host loop delay p99 with a history', history.p99, idle.p99, '≤ 20 ms'),
			ratioRow('as fast as they come, recorded', flatOut.rate, without, perSecond),
			ratioRow('messages recorded as fast as they come', flatOut.recorded, ['received', flat], count, '≥ 1'),
			bare.memory,
		];
	} finally {
		await rm(folder, { recursive: true, force: true });
	}
}

type How = 'nothing' | 'recording' | 'history';

async function run(path: string, port: number, messages: number, how: How): Promise<Run> {
	let arrived: () => void = () => {};
	const all = new Promise<void>((resolve) => {
		arrived = resolve;
	});
	let [first, last] = [0, 0];
	let received = 0;
	const onChanged = (status: Status) => {
		({ received, keptBytes } = status);
		if (received > 0 && first === 0) first = performance.now();
		if (received >= messages && last === 0) {
			last = performance.now();
			arrived();
		}
	};
	let keptBytes = 0;
	const memory = process.memoryUsage.rss();
	const engine: Engine = startEngine({
		...{
			path: resolve('dist/engine/worker.mjs'),
			protocol: 'mqtt',
			limits: defaultLimits,
			onChanged,
			onOutput: console.error,
		},
		onGone({ message }) {
			throw new Error(message);
		},
	});
	const connection = { connection: 'Flood', url: `mqtt://127.0.0.1:${port}` };
	const request: OpenRequest = {
		profile: {
			...{ id: 'flood', name: 'Flood', protocol: 'mqtt', url: connection.url, values: { mqttVersion: '3.1.1' } },
			subscriptions: [{ target: '#' }],
		},
		...{ secrets: {}, limits: defaultLimits, reconnect: false },
		...(how === 'history' && { history: { folder: path, keep: 1_000_000_000, ...connection } }),
	};
	const delay = monitorEventLoopDelay({ resolution: 1 });
	let used: Row;
	try {
		if (how === 'recording') await engine.remote.startRecording({ path, ...connection });
		await engine.remote.open(request);
		delay.enable();
		await all;
		delay.disable();
		used = memoryRow(`memory of a live log of ${messages.toLocaleString('en')} messages`, memory, keptBytes);
		if (how === 'recording') await engine.remote.stopRecording();
		await engine.remote.close();
	} finally {
		await engine.end();
	}
	let recorded = 0;
	if (how !== 'nothing')
		for await (const batch of (await openRecordings(path)).batches())
			recorded += batch.messages.filter(({ target }) => target !== '').length;
	return { rate: (received / (last - first)) * 1000, p99: delay.percentile(99) / 1e6, recorded, memory: used };
}
