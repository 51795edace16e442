import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { listen } from '../support/net/listen';
import { buildCli, objects } from '../support/run/cli';
import { medians, type Row, ratioRow } from './rows';

const rounds = 3;
const clients = 50;
const ms = 3000;
/** More than either can send. */
const most = 100_000;

/** Devices simulated by the command line, and the rate that they keep. */
export async function bench(): Promise<Row[]> {
	const cli = await buildCli();
	const connack = Buffer.of(0x20, 3, 0, 0, 0);
	// Accepts everyone and reads everything: a real broker is slower than either side.
	const server = createServer((socket) => {
		socket.on('error', () => {});
		socket.once('data', () => {
			socket.write(connack);
			socket.resume();
		});
	});
	const port = await listen(server);
	const folder = mkdtempSync(join('.cache', 'bench-'));
	async function output(args: string[]): Promise<Buffer> {
		const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
		const out: Buffer[] = [];
		child.stdout.on('data', (chunk: Buffer) => out.push(chunk));
		await once(child, 'close');
		return Buffer.concat(out);
	}
	async function ours(rate: number) {
		const file = join(folder, 'devices.messages');
		writeFileSync(
			file,
			`# @clients ${clients}\n# @rate ${rate}/s\n# @for ${ms}ms\nPUBLISH farm/{{$client}}/soil\nHost: mqtt://127.0.0.1:${port}\n\n{ "n": {{$counter}}, "moisture": {{$wave 10 40 60s}}, "t": {{$randomFloat 15 30}}, "s": "{{$oneOf ok low}}" }\n`,
		);
		const [result] = objects(await output([cli.path, 'run', '--json', file]));
		return (result as { simulation: { rate: { achieved: number }; latency: { fromDue: { p99: number } } } }).simulation;
	}
	async function bare() {
		const args = [port, clients, most, ms].map(String);
		const { sent, ms: took } = JSON.parse(String(await output(['test/bench/simulation-bare.mjs', ...args])));
		return (sent * 1000) / took;
	}
	try {
		const rates = await medians(rounds, { bare, ours: async () => (await ours(most)).rate.achieved });
		const paced = await ours(20_000);
		const perSecond = (value: number) => `${(value / 1000).toFixed(1)} thousand/s`;
		return [
			ratioRow(
				`Simulation: ${clients} clients as fast as possible`,
				rates.ours,
				['a loop with the bare library', rates.bare],
				perSecond,
				'≥ 0.4',
			),
			{
				name: 'Simulation: 20,000 messages/s',
				value: `${perSecond(paced.rate.achieved)}, p99 ${paced.latency.fromDue.p99.toFixed(1)} ms after they were due`,
				goal: '20,000',
			},
		];
	} finally {
		server.close();
		rmSync(folder, { recursive: true, force: true });
		cli.remove();
	}
}
