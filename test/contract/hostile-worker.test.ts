import assert from 'node:assert/strict';
import { rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import test from 'node:test';
import { build } from 'esbuild';
import { withDeadline } from '../../src/base/deadline';
import { type Engine, startEngine } from '../../src/host/engine';
import type { Values } from '../../src/model/field';
import { defaultLimits } from '../../src/model/session';
import { eventually } from '../support/eventually';
import { type Dialogue, startHostile, table } from '../support/hostile';
import { mqttDialogue } from '../support/hostile-mqtt';
import { websocketDialogue } from '../support/hostile-websocket';
import { startWebSocketServer } from '../support/websocket-server';
import { resolved } from './attempt';

/** What a session may take up beyond its idle state, whatever its peer does. Bytes. */
const mostMemory = 64 * 1024 * 1024;
const folder = resolve('.cache', `worker-${process.pid}`);
const path = join(folder, 'worker.mjs');
process.on('exit', () => rmSync(folder, { recursive: true, force: true }));

interface Session {
	remote: Engine['remote'];
	/** Why the thread has ended, which it must not. */
	readonly gone: string | undefined;
	end(): Promise<void>;
}

/** A session's thread as the host starts it. */
async function start(protocol: string): Promise<Session> {
	let gone: string | undefined;
	const engine = startEngine({
		path,
		protocol,
		limits: defaultLimits,
		onChanged() {},
		onOutput() {},
		onGone(failure) {
			gone = `${failure.message} ${failure.evidence}`;
		},
	});
	await engine.remote.status();
	return {
		remote: engine.remote,
		get gone() {
			return gone;
		},
		end: () => engine.end(),
	};
}

/** With little patience, so that a silent server is noticed soon. */
const impatient: Record<string, Values> = {
	mqtt: { connectTimeout: 1, keepalive: 1 },
	websocket: { connectTimeout: 1, pingInterval: 1 },
};

function open({ remote }: Session, protocol: string, port: number, values = impatient[protocol]): Promise<void> {
	const profile = {
		...resolved(protocol, `${protocol === 'mqtt' ? 'mqtt' : 'ws'}://127.0.0.1:${port}/`, values),
		subscriptions: protocol === 'mqtt' ? [{ target: '#' }] : [],
	};
	return remote.open({ profile, secrets: {}, limits: defaultLimits, reconnect: false });
}

const protocols: [string, Dialogue][] = [
	['websocket', websocketDialogue],
	['mqtt', mqttDialogue],
];
const memoryFaults: readonly string[] = ['huge', 'endless', 'a deflate bomb', 'empty fragments without end'];
/** At the steps before the connection is open, the rest differs for the adapter only. */
const early: readonly string[] = ['silence', 'fin', 'garbage'];

test('a hostile server and the thread of a session', async (t) => {
	await build({
		entryPoints: { worker: 'src/engine/worker.ts' },
		outdir: folder,
		outExtension: { '.js': '.mjs' },
		bundle: true,
		splitting: true,
		platform: 'node',
		target: 'node20',
		format: 'esm',
		logLevel: 'warning',
		banner: { js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);" },
	});
	const server = await startWebSocketServer();
	const ticking = setInterval(() => void server.send([{ data: Buffer.from('tick'), binary: false }]), 20);
	t.after(async () => {
		clearInterval(ticking);
		await server.stop();
	});
	const neighbor = await start('websocket');
	t.after(() => neighbor.end());
	await open(neighbor, 'websocket', server.port, {});

	async function survive(protocol: string, dialogue: Dialogue, step: string, fault: string, measured: boolean) {
		const hostile = await startHostile({ dialogue, step, fault });
		const engine = await start(protocol);
		const idle = process.memoryUsage.rss();
		let peak = idle;
		const sampler = setInterval(() => {
			peak = Math.max(peak, process.memoryUsage.rss());
		}, 5);
		try {
			const { received } = await neighbor.remote.status();
			// The deadline itself is measured without threads; here several of them start at once.
			await withDeadline(open(engine, protocol, hostile.port), 5000, () => new Error('open did not settle')).catch(
				(error: { failure?: unknown }) => assert.ok(error.failure, String(error)),
			);
			await eventually('the session has ended with a reason', async () => {
				const { state } = await engine.remote.status();
				assert.equal(state.kind, 'closed');
				assert.ok(state.kind === 'closed' && state.failure?.message);
			});
			assert.equal(engine.gone, undefined, 'the thread lives');
			await eventually('no socket left', () => assert.equal(hostile.open, 0));
			await eventually('the neighbor goes on receiving', async () => {
				assert.ok((await neighbor.remote.status()).received > received);
			});
			assert.equal(neighbor.gone, undefined);
			if (measured) {
				const used = Math.round((peak - idle) / 1024 / 1024);
				assert.ok(peak - idle < mostMemory, `it took ${used} MB beyond idle`);
				t.diagnostic(`${protocol}, ${step}: ${fault}: ${used} MB beyond idle`);
			}
		} finally {
			clearInterval(sampler);
			await engine.end();
			await hostile.close();
		}
	}

	for (const [protocol, dialogue] of protocols) {
		const all = table(dialogue);
		// One after the other: memory is the whole process's.
		for (const { step, fault } of all.filter((one) => memoryFaults.includes(one.fault)))
			await t.test(`${protocol}, ${step}: ${fault}, within 64 MB`, () =>
				survive(protocol, dialogue, step, fault, true),
			);
		await t.test(protocol, { concurrency: 8 }, async (group) => {
			await Promise.all(
				all
					.filter(({ step, fault }) => !memoryFaults.includes(fault) && (step === 'open' || early.includes(fault)))
					.map(({ step, fault }) =>
						group.test(`${step}: ${fault}`, () => survive(protocol, dialogue, step, fault, false)),
					),
			);
		});
	}
});
