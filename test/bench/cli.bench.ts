import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { parse } from '../../src/files/syntax/parse';
import { listen } from '../support/net/listen';
import { buildCli } from '../support/run/cli';
import { median, medians, type Row, ratioRow } from './rows';

const rounds = 5;
const lines = 100_000;

/** Start-up, throughput and parsing of message files and their command line. */
export async function bench(): Promise<Row[]> {
	const cli = await buildCli();
	try {
		return [await starting(cli.path), await piping(cli.path), ...parsing()];
	} finally {
		cli.remove();
	}
}

/** CONNACK of MQTT 5 without properties, and what follows every packet that wants an answer. */
const connack = Buffer.of(0x20, 3, 0, 0, 0);

/** A broker that accepts everyone and counts: real ones are slower than either side. */
async function broker(onData: (bytes: number, first: boolean) => void) {
	const server = createServer((socket) => {
		let first = true;
		socket.on('error', () => {});
		socket.on('data', (chunk) => {
			onData(chunk.length, first);
			if (first) socket.write(connack);
			first = false;
		});
	});
	return { server, port: await listen(server) };
}

async function starting(path: string): Promise<Row> {
	let arrived = 0;
	const { server, port } = await broker((_, first) => {
		if (first) arrived = performance.now();
	});
	const one = async (args: string[]) => {
		const began = performance.now();
		const child = spawn(process.execPath, args, { stdio: 'ignore' });
		await once(child, 'exit');
		return arrived - began;
	};
	const { bare, ours } = await medians(rounds, {
		bare: () => one(['test/bench/cli-bare.mjs', 'one', String(port)]),
		ours: () => one([path, 'publish', `mqtt://127.0.0.1:${port}`, 'a', '--message', 'x']),
	});
	server.close();
	const name = 'Command line: from the start to the first byte on the wire';
	return ratioRow(name, ours, ['a script with the bare library', bare], (ms) => `${Math.round(ms)} ms`, '≤ 1.5');
}

async function piping(path: string): Promise<Row> {
	const text = Buffer.from(Array.from({ length: lines }, (_, at) => `line ${at} ${'x'.repeat(80)}\n`).join(''));
	let total = 0;
	const { server, port } = await broker((bytes) => {
		total += bytes;
	});
	const folder = mkdtempSync(join('.cache', 'bench-'));
	const file = join(folder, 'lines');
	writeFileSync(file, text);
	/** Milliseconds of a whole run, less those of a run with one line: what the lines cost. */
	const run = async (args: string[]) => {
		const time = async (input: string) => {
			const began = performance.now();
			const child = spawn('sh', ['-c', `exec "$0" "$@" < ${input}`, process.execPath, ...args], {
				stdio: ['ignore', 'ignore', 'inherit'],
			});
			const [code] = await once(child, 'exit');
			if (code !== 0) throw new Error(`${args.join(' ')} ended with ${code}`);
			return performance.now() - began;
		};
		writeFileSync(join(folder, 'one'), 'x\n');
		const start = await time(join(folder, 'one'));
		total = 0;
		const all = await time(file);
		if (total < text.length) throw new Error('Messages are missing.');
		return (lines / (all - start)) * 1000;
	};
	const { bare, ours } = await medians(rounds, {
		bare: () => run(['test/bench/cli-bare.mjs', 'lines', String(port)]),
		ours: () => run([path, 'publish', `mqtt://127.0.0.1:${port}`, 'a', '--format', 'lines']),
	});
	server.close();
	rmSync(folder, { recursive: true, force: true });
	const perSecond = (value: number) => `${Math.round(value / 1000)} thousand/s`;
	const name = `Command line: ${lines.toLocaleString('en')} lines through publish, start-up left out`;
	return ratioRow(name, ours, ['a script with the bare library', bare], perSecond, '≥ 0.5');
}

function parsing(): Row[] {
	const request = (n: number) =>
		`### Request ${n}\n# @name r${n}\nPUBLISH sensors/{{device}}/temp${n}\nQoS: 1\nContent-Type: application/json\n\n{ "t": {{$randomInt 15 30}}, "at": "{{$datetime iso8601}}" }\n\n?? duration < 200\n\n`;
	const text = `@device = dev-7\n${Array.from({ length: 5000 }, (_, n) => request(n)).join('')}`;
	const times: number[] = [];
	for (let round = 0; round < 15; round++) {
		const began = performance.now();
		parse(text);
		times.push(performance.now() - began);
	}
	return [
		{
			name: 'A message file of 5,000 requests parsed',
			value: `${median(times).toFixed(1)} ms (the first time ${times[0]?.toFixed(0)} ms)`,
			goal: '≤ 50 ms',
		},
	];
}
