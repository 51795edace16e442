import assert from 'node:assert/strict';
import { rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import test from 'node:test';
import { pathToFileURL } from 'node:url';
import { type BuildOptions, build } from 'esbuild';
import { withDeadline } from '../../../src/base/deadline';
import { type Engine, startEngine } from '../../../src/host/connections/engine';
import { defaultLimits } from '../../../src/model/contracts/session';
import type { Values } from '../../../src/model/profile/field';
import type { Secrets, Subscription } from '../../../src/model/profile/profile';
import { amqpDialogue, amqpFloods } from '../../support/hostile/amqp';
import { amqp1Dialogue, amqp1Floods } from '../../support/hostile/amqp1';
import { type CoapFlood, coapFloods, startHostileCoap } from '../../support/hostile/coap';
import { type Dialogue, startHostile, table } from '../../support/hostile/hostile';
import { advertised, kafkaDialogue } from '../../support/hostile/kafka';
import { mqttDialogue } from '../../support/hostile/mqtt';
import { natsDialogue } from '../../support/hostile/nats';
import { socketioDialogue, socketioFloods } from '../../support/hostile/socketio';
import { websocketDialogue } from '../../support/hostile/websocket';
import { hostileUser, xmppDialogue } from '../../support/hostile/xmpp';
import { eventually } from '../../support/run/eventually';
import { isLongRun } from '../../support/run/long';
import { startWebSocketServer } from '../../support/servers/websocket/websocket-server';
import { resolved } from '../suite/attempt';

/** What a session may take up beyond its idle state, whatever its peer does. Bytes. */
const mostMemory = 64 * 1024 * 1024;
const folder = resolve('.cache', `worker-${process.pid}`);
const path = join(folder, 'worker.mjs');
process.on('exit', () => rmSync(folder, { recursive: true, force: true }));

/** What the log keeps is not what the peer takes up beyond it. */
const limits = { ...defaultLimits, logBytes: 1024 * 1024 };

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

interface Peer {
	protocol: string;
	scheme: string;
	/** With little patience, so that a silent server is noticed soon. */
	values: Values | ((port: number) => Values);
	secrets?: Secrets;
	subscriptions?: Subscription[];
	dialogue: Dialogue;
	/** Steps and faults that stand for the others, which are all tried without threads; undefined: all. */
	only?: { steps: readonly string[]; faults: readonly string[] };
	/** The dialogue's own floods, which an open connection may bear. */
	floods?: readonly string[];
	/** What may come without end in an open connection besides the dialogue's own. */
	endless?: Record<string, { start: string; more: string }>;
}

function open(
	{ remote }: Session,
	{ protocol, scheme, values, secrets = {}, ...peer }: Peer,
	port: number,
): Promise<void> {
	const { subscriptions = [] } = peer;
	const profile = {
		...resolved(
			protocol,
			`${scheme}://127.0.0.1:${port}${protocol === 'amqp' ? '' : '/'}`,
			typeof values === 'function' ? values(port) : values,
		),
		subscriptions,
	};
	return remote.open({ profile, secrets, limits, reconnect: false });
}

/** At the steps before the connection is open, the rest differs for the adapter only. */
const early: readonly string[] = ['silence', 'fin', 'garbage'];

const webSocket: Peer = {
	...{ protocol: 'websocket', scheme: 'ws', dialogue: websocketDialogue },
	values: { connectTimeout: 1, pingInterval: 1 },
};
const peers: Peer[] = [
	webSocket,
	{
		...{ protocol: 'mqtt', scheme: 'mqtt', dialogue: mqttDialogue },
		values: { connectTimeout: 1, keepalive: 1 },
		subscriptions: [{ target: '#' }],
	},
	{
		...{ protocol: 'amqp', scheme: 'amqp', dialogue: amqpDialogue },
		values: { connectTimeout: 1, heartbeat: 1, 'management.url': 'none' },
		subscriptions: [{ target: 'exchange/orders/#' }],
		// Each step of its handshake is with the adapter alone (hostile-amqp.test.ts).
		only: { steps: ['start', 'open'], faults: early },
		floods: amqpFloods,
	},
	{
		...{ protocol: 'xmpp', scheme: 'xmpp', dialogue: xmppDialogue },
		values: {
			...{ connectTimeout: 1, pingInterval: 1 },
			...{ username: `${hostileUser.name}@localhost`, allowUnencrypted: true },
		},
		secrets: { password: hostileUser.password },
		// One reader reads every step.
		only: {
			steps: ['features', 'open'],
			faults: [...early, 'rst', 'a million elements', 'hostile names', 'a thousand requests', 'conflict'],
		},
		endless: {
			'the value of an attribute': { start: "<message to='", more: 'x'.repeat(65_536) },
			'the name of an element': { start: '<', more: 'x'.repeat(65_536) },
			attributes: { start: '<message', more: Array.from({ length: 5000 }, (_, at) => ` a${at}='x'`).join('') },
			levels: { start: '<message>', more: '<a>'.repeat(20_000) },
			elements: { start: '<message>', more: "<a b='c'>d</a>".repeat(5000) },
			'spaces between stanzas, and then text': { start: '', more: `${' '.repeat(1_000_000)}x` },
		},
	},
	{
		...{ protocol: 'kafka', scheme: 'kafka', dialogue: kafkaDialogue },
		values: (port) => ({ connectTimeout: 1, pingInterval: 1, hosts: [[advertised, `127.0.0.1:${port}`]] }),
		subscriptions: [{ target: 'orders', mode: 'read', from: 'earliest' }],
		only: { steps: ['versions', 'open'], faults: early },
	},
	{
		...{ protocol: 'nats', scheme: 'nats', dialogue: natsDialogue },
		values: { connectTimeout: 1, pingInterval: 1 },
		subscriptions: [{ target: 'a' }],
		only: { steps: ['info', 'open'], faults: early },
		floods: ['pings without end'],
		endless: { 'headers of a message': { start: 'HMSG a 1 1048000 1048000\r\n', more: 'x'.repeat(65_536) } },
	},
	{
		...{ protocol: 'amqp1', scheme: 'amqp', dialogue: amqp1Dialogue },
		values: { connectTimeout: 1, idleTimeout: 1 },
		subscriptions: [{ target: 'a', mode: 'browse' }],
		// Each step of its handshake is with the adapter alone (hostile-amqp1.test.ts).
		only: { steps: ['mechanisms', 'open'], faults: early },
		floods: amqp1Floods,
	},
	{
		...{ protocol: 'socketio', scheme: 'http', dialogue: socketioDialogue },
		values: { connectTimeout: 1, pingInterval: 1 },
		// The WebSocket below is that of the peer "websocket"; the rest is with the adapter alone (hostile-socketio.test.ts).
		only: { steps: ['connect', 'open'], faults: ['silence', 'endless'] },
		floods: socketioFloods,
	},
];
const memoryFaults: readonly string[] = [
	...['huge', 'endless', 'a deflate bomb', 'a gzip bomb', 'empty fragments without end', 'two million iterations'],
	'a body of 2^60 bytes',
];
/** Faults that may throw in a thread. All others are tried without threads in hostile-<protocol>.test.ts. */
const crashFaults: readonly string[] = ['rst', 'garbage'];
/** Bytes of a flood: more than all that may be kept. */
const enough = 3 * mostMemory;

test('a hostile server and the thread of a session', async (t) => {
	const { testBundle } = (await import(pathToFileURL('scripts/lib/bundle.mjs').href)) as { testBundle: BuildOptions };
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
		// Libraries read and write through the guards of their adapters, as in the product.
		plugins: testBundle.plugins,
	});
	const server = await startWebSocketServer();
	const ticking = setInterval(() => void server.send([{ data: Buffer.from('tick'), binary: false }]), 20);
	t.after(async () => {
		clearInterval(ticking);
		await server.stop();
	});
	const neighbor = await start('websocket');
	t.after(() => neighbor.end());
	await open(neighbor, { ...webSocket, values: {} }, server.port);

	/** What a session goes through: how it begins, when it is over, and what must be left. */
	interface Ordeal {
		protocol: string;
		what: string;
		measured: boolean;
		begin(session: Session): Promise<unknown>;
		over(session: Session): unknown;
		after(session: Session): unknown;
	}

	async function live({ protocol, what, measured, ...ordeal }: Ordeal) {
		const session = await start(protocol);
		const idle = process.memoryUsage.rss();
		let peak = idle;
		const sampler = setInterval(() => {
			peak = Math.max(peak, process.memoryUsage.rss());
		}, 15);
		try {
			const { received } = await neighbor.remote.status();
			await ordeal.begin(session);
			await eventually('the session has ended with a reason, or has borne the flood', () => ordeal.over(session));
			assert.equal(session.gone, undefined, 'the thread lives');
			await ordeal.after(session);
			await eventually('the neighbor goes on receiving', async () => {
				assert.ok((await neighbor.remote.status()).received > received);
			});
			assert.equal(neighbor.gone, undefined);
			if (!measured) return;
			const used = Math.round((peak - idle) / 1024 / 1024);
			t.diagnostic(`${protocol}, ${what}: ${used} MB beyond idle`);
			assert.ok(peak - idle < mostMemory, `it took ${used} MB beyond idle`);
		} finally {
			clearInterval(sampler);
			await session.end();
		}
	}

	async function survive(peer: Peer, step: string, fault: string, measured: boolean, what = fault) {
		const { protocol, dialogue } = peer;
		// What it will send is made before the memory is measured.
		const flood = dialogue().find(({ name }) => name === step)?.floods?.[fault];
		const hostile = await startHostile({ dialogue, step, fault });
		try {
			await live({
				...{ protocol, measured, what: `${step}: ${what}` },
				// The deadline itself is measured without threads; here several of them start at once.
				begin: (session) =>
					withDeadline(open(session, peer, hostile.port), 30_000, () => new Error('open did not settle')).catch(
						(error: { failure?: unknown }) => assert.ok(error.failure, String(error)),
					),
				async over({ remote }) {
					const { state } = await remote.status();
					if (flood && hostile.written > enough) return;
					assert.equal(state.kind, 'closed');
					assert.ok(state.kind === 'closed' && state.failure?.message);
				},
				async after({ remote }) {
					if (flood) await remote.close().catch(() => {});
					await eventually('no socket left', () => assert.equal(hostile.open, 0));
				},
			});
		} finally {
			await hostile.close();
		}
	}

	/** What came is all there is to see of a peer without connections: the session is asked for, and still there. */
	async function bear(what: string, flood: CoapFlood) {
		const hostile = await startHostileCoap(flood);
		const url = `coap://127.0.0.1:${hostile.port}`;
		const subscriptions = flood.kind === 'pours' ? [{ target: 'x' }] : [];
		let settled = false;
		let receipt: Promise<unknown> | undefined;
		try {
			await live({
				...{ protocol: 'coap', what: `${what} without end`, measured: true },
				async begin({ remote }) {
					const profile = { ...resolved('coap', url, {}), subscriptions };
					await remote.open({ profile, secrets: {}, limits, reconnect: false });
					const draft = { verb: 'get', target: 'x', values: {}, payload: new Uint8Array() };
					if (flood.kind === 'answers')
						receipt = remote.send(draft).finally(() => {
							settled = true;
						});
				},
				over: () => assert.ok(settled || hostile.enough),
				async after({ remote }) {
					const { state } = await remote.status();
					assert.equal(state.kind, 'open');
					await remote.close();
					await receipt;
				},
			});
		} finally {
			await hostile.close();
		}
	}

	/** As many topics as a tree lists and more, each with a message of a few bytes. */
	async function list(what: string, nameOf: (at: number) => string) {
		const count = 300_000;
		// Written in place: what is left to collect here would be measured, too.
		const bytes = Buffer.alloc(count * 32);
		let end = 0;
		for (let at = 0; at < count; at++) {
			const length = bytes.write(nameOf(at), end + 4);
			bytes.set([0x30, length + 5, 0, length], end);
			bytes.set([0, 0x34, 0x32], end + 4 + length);
			end += length + 7;
		}
		const all = bytes.subarray(0, end);
		const dialogue: Dialogue = () =>
			mqttDialogue().map((step) => (step.name === 'open' ? { ...step, answer: () => all } : step));
		const hostile = await startHostile({ dialogue });
		const peer = peers.find(({ protocol }) => protocol === 'mqtt') as Peer;
		try {
			await live({
				...{ protocol: 'mqtt', what, measured: true },
				begin: (session) => open(session, { ...peer, values: {} }, hostile.port),
				async over({ remote }) {
					const { received } = await remote.status();
					assert.equal(received, count);
				},
				async after({ remote }) {
					const { topics, unlisted } = await remote.status();
					assert.deepEqual([topics, unlisted], [limits.topics, count - limits.topics]);
					await remote.close();
				},
			});
		} finally {
			await hostile.close();
		}
	}

	await t.test('mqtt: 300,000 topics, within 64 MB', () => list('300,000 topics', (at) => `t${at}`));
	for (const [what, flood] of Object.entries(coapFloods))
		await t.test(`coap: ${what} without end, within 64 MB`, () => bear(what, flood));
	for (const peer of peers) {
		const { protocol, dialogue, only, floods = [], endless = {} } = peer;
		const all = table(dialogue);
		// One after the other: memory is the whole process's.
		for (const { step, fault } of all.filter((one) => memoryFaults.includes(one.fault)))
			if (!only || only.steps.includes(step) || fault === 'two million iterations')
				await t.test(`${protocol}, ${step}: ${fault}, within 64 MB`, () => survive(peer, step, fault, true));
		for (const fault of floods) await t.test(`${protocol}, open: ${fault}`, () => survive(peer, 'open', fault, true));
		for (const [what, { start, more }] of Object.entries(endless))
			await t.test(`${protocol}, open: ${what} without end, within 64 MB`, () => {
				const bytes = { start: Buffer.from(start), more: Buffer.from(more) };
				const changed = () => dialogue().map((one) => (one.name === 'open' ? { ...one, endless: bytes } : one));
				return survive({ ...peer, dialogue: changed }, 'open', 'endless', true, `${what} without end`);
			});
		await t.test(protocol, { concurrency: 8 }, async (group) => {
			await Promise.all(
				all
					.filter(({ fault }) => !memoryFaults.includes(fault) && (isLongRun || crashFaults.includes(fault)))
					.filter(({ step, fault }) => step === 'open' || early.includes(fault))
					.filter(({ step, fault }) => !only || (only.steps.includes(step) && only.faults.includes(fault)))
					.map(({ step, fault }) => group.test(`${step}: ${fault}`, () => survive(peer, step, fault, false))),
			);
		});
	}
});
