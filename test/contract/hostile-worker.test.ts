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
import { amqpDialogue, amqpFloods } from '../support/hostile-amqp';
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
		limits,
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
	amqp: { connectTimeout: 1, heartbeat: 1, 'management.url': 'none' },
};

const address: Record<string, (port: number) => string> = {
	mqtt: (port) => `mqtt://127.0.0.1:${port}/`,
	websocket: (port) => `ws://127.0.0.1:${port}/`,
	amqp: (port) => `amqp://127.0.0.1:${port}`,
};
const targets: Record<string, string[]> = { mqtt: ['#'], amqp: ['exchange/orders/#'] };

/** What the log keeps is not what the peer takes up beyond it. */
const limits = { ...defaultLimits, logBytes: 1024 * 1024 };

function open({ remote }: Session, protocol: string, port: number, values = impatient[protocol]): Promise<void> {
	const profile = {
		...resolved(protocol, address[protocol]?.(port) ?? '', values),
		subscriptions: targets[protocol]?.map((target) => ({ target })) ?? [],
	};
	return remote.open({ profile, secrets: {}, limits, reconnect: false });
}

const protocols: [string, Dialogue][] = [
	['websocket', websocketDialogue],
	['mqtt', mqttDialogue],
	['amqp', amqpDialogue],
];
const memoryFaults: readonly string[] = [
	...['huge', 'endless', 'a deflate bomb', 'empty fragments without end', 'a body of 2^60 bytes'],
];
/** Bytes of a flood: more than all that may be kept. */
const enough = 3 * mostMemory;
/** V8 lets about 64 MB of dead buffers stand before it collects them: what is kept is what goes beyond that. */
const collectedLate: readonly string[] = ['headers of a whole frame without end'];
/** Where AMQP is measured; each step of its handshake is with the adapter alone (hostile-amqp.test.ts). */
const measuredSteps: Record<string, readonly string[]> = { amqp: ['start', 'open'] };
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
		// What it will send is made before the memory is measured.
		const flood = dialogue().find(({ name }) => name === step)?.floods?.[fault];
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
			await withDeadline(open(engine, protocol, hostile.port), 30_000, () => new Error('open did not settle')).catch(
				(error: { failure?: unknown }) => assert.ok(error.failure, String(error)),
			);
			await eventually(
				'the session has ended with a reason, or has borne the flood',
				async () => {
					const { state } = await engine.remote.status();
					if (flood && hostile.written > enough) return;
					assert.equal(state.kind, 'closed');
					assert.ok(state.kind === 'closed' && state.failure?.message);
				},
				30_000,
			);
			if (flood) await engine.remote.close().catch(() => {});
			assert.equal(engine.gone, undefined, 'the thread lives');
			await eventually('no socket left', () => assert.equal(hostile.open, 0));
			await eventually('the neighbor goes on receiving', async () => {
				assert.ok((await neighbor.remote.status()).received > received);
			});
			assert.equal(neighbor.gone, undefined);
			if (measured) {
				const used = Math.round((peak - idle) / 1024 / 1024);
				const most = collectedLate.includes(fault) ? 2 * mostMemory : mostMemory;
				assert.ok(peak - idle < most, `it took ${used} MB beyond idle`);
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
		const steps = measuredSteps[protocol];
		const floods = protocol === 'amqp' ? amqpFloods.map((fault) => ({ step: 'open', fault })) : [];
		const measured = all.filter(
			({ step, fault }) => memoryFaults.includes(fault) && (steps === undefined || steps.includes(step)),
		);
		for (const { step, fault } of [...measured, ...floods])
			await t.test(`${protocol}, ${step}: ${fault}, within its memory`, () =>
				survive(protocol, dialogue, step, fault, true),
			);
		if (steps) continue;
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
