import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createReadStream, createWriteStream, mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { type Engine, startEngine } from '../../../src/host/connections/engine';
import type { ReplayRequest } from '../../../src/model/contracts/replay';
import { defaultLimits, type OpenRequest, type Status } from '../../../src/model/contracts/session';
import { listen } from '../../support/net/listen';
import { buildCli } from '../../support/run/cli';
import { eventually } from '../../support/run/eventually';
import { median, memoryRow, type Row, ratioRow } from '../rows';

const messages = 1_000_000;
const replayed = 300_000;
const perSecond = 20_000;
const seconds = 10;
const rounds = 3;
const minute = 60_000;

/** Opens a recording, and replays one at its pace and flat out. */
export async function bench(): Promise<Row[]> {
	const folder = mkdtempSync(join('.cache', 'bench-'));
	try {
		return [...(await opening(folder)), await pace(folder), await flatOut(folder)];
	} finally {
		rmSync(folder, { recursive: true, force: true });
	}
}

/** Writes a recording of messages of 100 bytes, which are `every` milliseconds apart. */
async function record(path: string, count: number, every: number): Promise<string> {
	const file = createWriteStream(path);
	const started = '2026-11-29T13:00:00.000Z';
	file.write(`${JSON.stringify({ recording: 1, protocol: 'mqtt', connection: 'Bench', url: 'mqtt://x', started })}\n`);
	for (let at = 0; at < count; at++) {
		const payload = `{"id":${at},"pad":"`.padEnd(98, 'x');
		const message = { at: at * every, target: `site-${at % 10}/dev-${at % 1000}/temp`, payload: `${payload}"}` };
		if (!file.write(`${JSON.stringify({ ...message, qos: 0, retain: false, direction: 'in' })}\n`))
			await once(file, 'drain');
	}
	file.end();
	await once(file, 'close');
	return path;
}

function engine(recording?: string): Engine & { status(): Status | undefined } {
	let status: Status | undefined;
	const started = startEngine({
		...{ path: resolve('dist/engine/worker.mjs'), protocol: 'mqtt', limits: defaultLimits, recording },
		onChanged(next) {
			status = next;
		},
		onGone(failure) {
			throw new Error(failure.message);
		},
		onOutput: console.log,
	});
	return { ...started, end: started.end, status: () => status };
}

const request = (url: string): OpenRequest => ({
	profile: { id: 'x', name: 'x', protocol: 'mqtt', url, values: {}, subscriptions: [] } as OpenRequest['profile'],
	...{ secrets: {}, limits: defaultLimits, reconnect: false },
});

async function opening(folder: string): Promise<Row[]> {
	const path = await record(join(folder, 'million.jsonl'), messages, 1);
	const name = 'Recording of 1,000,000 messages';
	const firsts: number[] = [];
	const alls: number[] = [];
	const bares: number[] = [];
	let memory: Row | undefined;
	for (let round = 0; round < rounds; round++) {
		const before = process.memoryUsage.rss();
		const began = performance.now();
		const { remote, end, status } = engine(path);
		await remote.open(request(''));
		await remote.view('log', {});
		await eventually('the first page', async () => {
			const page = await remote.page('log', 0, 50);
			if (page.rows.length < 50) throw new Error('not yet');
		});
		firsts.push(performance.now() - began);
		await eventually(
			'read',
			() => {
				if (status()?.running.length !== 0) throw new Error('not yet');
			},
			minute,
		);
		// The last message is found by its text: every message was searched.
		await remote.view('found', { text: `"id":${messages - 1},` });
		await eventually(
			'searched',
			async () => {
				const page = await remote.page('found', 0, 50);
				if (page.rows.length !== 1) throw new Error('not yet');
			},
			minute,
		);
		alls.push(performance.now() - began);
		memory ??= memoryRow(`${name}: memory`, before, status()?.keptBytes ?? 0);
		await end();
		bares.push(await bare(path));
	}
	const s = (ms: number) => `${(ms / 1000).toFixed(2)} s`;
	return [
		{ name: `${name}: from the start of the thread to the first page`, value: s(median(firsts)), goal: '≤ 1 s' },
		ratioRow(`${name}: to all searched`, median(alls), ['readline and JSON.parse', median(bares)], s, '≤ 5 s'),
		...(memory ? [memory] : []),
	];
}

/** What reading it costs at least: lines of Node, and JSON.parse. */
async function bare(path: string): Promise<number> {
	const began = performance.now();
	let bytes = 0;
	for await (const line of createInterface({ input: createReadStream(path) }))
		bytes += JSON.stringify(JSON.parse(line).payload ?? '').length;
	if (bytes === 0) throw new Error('nothing was read');
	return performance.now() - began;
}

/** CONNACK of MQTT 5 without properties. */
const connack = Buffer.of(0x20, 3, 0, 0, 0);

/** A broker that accepts everyone and reads everything. */
async function broker() {
	const server = createServer((socket) => {
		socket.on('error', () => {});
		socket.once('data', () => {
			socket.write(connack);
			socket.resume();
		});
	});
	return { server, url: `mqtt://127.0.0.1:${await listen(server)}` };
}

/** In the thread of a connection, whose log keeps what is sent. */
async function pace(folder: string): Promise<Row> {
	const path = await record(join(folder, 'pace.jsonl'), perSecond * seconds, 1000 / perSecond);
	const { server, url } = await broker();
	const { remote, end } = engine();
	await remote.open(request(url));
	const replay: ReplayRequest = {
		...{ id: 'r', path, protocol: 'mqtt', map: [], part: {}, directions: ['in'], speed: 1, times: 1 },
	};
	const { text } = await remote.replay(replay);
	await end();
	server.close();
	const [, p50, p99] = /late by ([\d.]+) ms \(p50\), ([\d.]+) ms/.exec(text) ?? [];
	return {
		name: `Replay in the editor at the recorded ${perSecond.toLocaleString('en')}/s: late by (p99)`,
		...{ value: `${p99} ms`, reference: `p50: ${p50} ms; ${text.slice(0, 40)}`, goal: '≤ 20 ms' },
	};
}

/** The command line, which has no log, like `publish`. */
async function flatOut(folder: string): Promise<Row> {
	const path = await record(join(folder, 'flat.jsonl'), replayed, 0);
	const { server, url } = await broker();
	const cli = await buildCli();
	const run = async (args: string[]): Promise<number> => {
		const began = performance.now();
		const child = spawn('sh', ['-c', `exec "$0" "$@" < ${path}`, process.execPath, cli.path, ...args], {
			stdio: 'ignore',
		});
		const [code] = await once(child, 'exit');
		if (code !== 0) throw new Error(`${args[0]} ended with ${code}`);
		return replayed / ((performance.now() - began) / 1000);
	};
	const ours: number[] = [];
	const published: number[] = [];
	for (let round = 0; round < rounds; round++) {
		published.push(await run(['publish', url]));
		ours.push(await run(['replay', path, '--to', url, '--speed', 'max']));
	}
	server.close();
	cli.remove();
	const rate = (value: number) => `${Math.round(value).toLocaleString('en')}/s`;
	return ratioRow(
		'Replay as fast as acknowledged',
		median(ours),
		['publish, the same lines', median(published)],
		rate,
		'≥ 0.8',
	);
}
