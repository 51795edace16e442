import { once } from 'node:events';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { root } from '../../scripts/lib/editor.mjs';
import { startEngine } from '../../src/host/connections/engine';
import { defaultLimits } from '../../src/model/contracts/session';
import type { Values } from '../../src/model/profile/field';
import type { Subscription } from '../../src/model/profile/profile';
import { type StartedFlood, startFloods } from './flood-servers';
import { medians, type Row, ratioRow } from './rows';

const rounds = 5;
/** Its flood knows one observer, and there is no library to compare it with. */
const leftOut = ['CoAP'];

/**
 * From Connect to the first message of a flood on loopback: the engine in its worker, beside a worker with the bare library.
 * Both start the thread and load their code.
 */
export async function bench(): Promise<Row[]> {
	const { started, stop } = await startFloods();
	try {
		const rows: Row[] = [];
		for (const one of started.filter(({ flood }) => !leftOut.includes(flood.name))) {
			const { bare, ours } = await medians(rounds, {
				bare: () => withLibrary(one),
				ours: () => withEngine(one),
			});
			const name = `first message after Connect, ${one.flood.name}`;
			rows.push(ratioRow(name, ours, ['bare library', bare], (ms) => `${ms.toFixed(0)} ms`, '≤ 1,000 ms'));
		}
		return rows;
	} finally {
		await stop();
	}
}

async function withEngine({ flood, port }: StartedFlood): Promise<number> {
	const { protocol, url, subscriptions, secrets = [], ...values } = flood.profile(port);
	const began = performance.now();
	const engine = startEngine({
		path: join(root, 'dist', 'engine', 'worker.mjs'),
		protocol: String(protocol),
		limits: defaultLimits,
		onChanged() {},
		onGone(failure) {
			throw new Error(failure.message);
		},
		onOutput: (text) => void process.stderr.write(text),
	});
	const first = engine.remote.follow(0, 1, true);
	await engine.remote.open({
		profile: {
			...{ id: 'bench', name: 'Bench', protocol: String(protocol), url: String(url), values: flat(values) },
			subscriptions: (subscriptions as Subscription[] | undefined) ?? [],
		},
		secrets: Object.fromEntries((secrets as string[]).map((key) => [key, flood.secret ?? ''])),
		limits: defaultLimits,
		reconnect: false,
	});
	const { messages } = await first;
	const ms = performance.now() - began;
	await engine.end();
	if (messages.length === 0) throw new Error(`Nothing arrives from ${flood.name}.`);
	return ms;
}

async function withLibrary({ flood, port }: StartedFlood): Promise<number> {
	const began = performance.now();
	const worker = new Worker(join(root, 'test', 'bench', 'first-message-bare.mjs'), {
		workerData: { name: flood.name, port, password: flood.secret },
	});
	await once(worker, 'message');
	const ms = performance.now() - began;
	await worker.terminate();
	return ms;
}

/** Fields of the settings by their dotted keys. */
function flat(fields: object, before = ''): Values {
	return Object.assign(
		{},
		...Object.entries(fields).map(([key, value]) =>
			typeof value === 'object' ? flat(value, `${before}${key}.`) : { [before + key]: value },
		),
	);
}
