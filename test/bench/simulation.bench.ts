import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { simulationOf } from '../../src/files/simulation/settings';
import { parse } from '../../src/files/syntax/parse';
import { runInThread } from '../../src/host/message-files/run/simulation-thread';
import { defaultLimits } from '../../src/model/contracts/session';
import { resolveProfile } from '../../src/model/profile/resolve';
import { describe } from '../../src/protocols/descriptions';
import { buildCli, objects } from '../support/run/cli';
import { medians, type Row, ratioRow } from './rows';

const rounds = 3;
const clients = 50;
const ms = 3000;
/** More than either can send: the highest rate of a file, and a loop without one. */
const most = 100_000;
const endless = 10_000_000;

/** Devices simulated by the command line, and the rate that they keep. */
export async function bench(): Promise<Row[]> {
	const cli = await buildCli();
	const sink = spawn(process.execPath, ['test/bench/simulation-bare.mjs', 'sink'], {
		stdio: ['pipe', 'pipe', 'inherit'],
	});
	const [line] = (await once(sink.stdout, 'data')) as [Buffer];
	const port = Number(String(line));
	const folder = mkdtempSync(join('.cache', 'bench-'));
	async function output(args: string[]): Promise<Buffer> {
		const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
		const out: Buffer[] = [];
		child.stdout.on('data', (chunk: Buffer) => out.push(chunk));
		await once(child, 'close');
		return Buffer.concat(out);
	}
	const request = (rate: number) =>
		`# @clients ${clients}\n# @rate ${rate}/s\n# @for ${ms}ms\nPUBLISH farm/{{$client}}/soil\nHost: mqtt://127.0.0.1:${port}\n\n{ "n": {{$counter}}, "moisture": {{$wave 10 40 60s}}, "t": {{$randomFloat 15 30}}, "s": "{{$oneOf ok low}}" }\n`;
	async function ours(rate: number) {
		const file = join(folder, 'devices.messages');
		writeFileSync(file, request(rate));
		const [result] = objects(await output([cli.path, 'run', '--json', file]));
		return (result as { simulation: { rate: { achieved: number }; latency: { fromDue: { p99: number } } } }).simulation;
	}
	async function bare() {
		const args = [port, clients, endless, ms].map(String);
		const { sent, ms: took } = JSON.parse(String(await output(['test/bench/simulation-bare.mjs', ...args])));
		return (sent * 1000) / took;
	}
	try {
		const rates = await medians(rounds, { bare, ours: async () => (await ours(most)).rate.achieved });
		const paced = await ours(20_000);
		const inEditor = await threaded(request(20_000), port);
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
			{
				name: 'Simulation: 20,000 messages/s in a thread of the editor, delay of the host',
				value: `p99 ${inEditor.p99.toFixed(1)} ms, max ${inEditor.max.toFixed(1)} ms, ${perSecond(inEditor.rate)}`,
				goal: 'p99 ≤ 20 ms',
			},
		];
	} finally {
		sink.stdin.end();
		rmSync(folder, { recursive: true, force: true });
		cli.remove();
	}
}

/** The delays of this thread, in milliseconds, while a simulation runs in its own. */
async function threaded(text: string, port: number) {
	const file = parse(text);
	const [section] = file.sections;
	const simulation = section && simulationOf(file, section, ms);
	if (!section || !simulation) throw new Error('The file has no simulation.');
	const description = describe('mqtt');
	if (!description) throw new Error('There is no MQTT.');
	const profile = { id: 'bench', name: 'bench', protocol: 'mqtt', url: `mqtt://127.0.0.1:${port}` };
	const delay = monitorEventLoopDelay({ resolution: 1 });
	delay.enable();
	const { result } = await runInThread({
		path: resolve('dist/engine/simulation.mjs'),
		data: {
			...{ text, start: section.start, simulation, protocol: 'mqtt', timeout: ms },
			...{ values: [], secretValues: [], dotenv: [], secrets: [], received: [] },
		},
		request: async () => ({
			profile: resolveProfile(profile, description, undefined).profile,
			...{ secrets: {}, limits: defaultLimits, reconnect: false },
		}),
		readFile: async () => new Uint8Array(),
		onProgress() {},
		onOutput() {},
		signal: new AbortController().signal,
	});
	delay.disable();
	return { p99: delay.percentile(99) / 1e6, max: delay.max / 1e6, rate: result.simulation?.rate.achieved ?? 0 };
}
