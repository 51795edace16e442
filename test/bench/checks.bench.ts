import { spawnSync } from 'node:child_process';
import v8 from 'node:v8';
import vm from 'node:vm';
import { createStore } from '../../src/engine/store/store';
import { createChecks } from '../../src/model/checks/checks';
import { type CheckRule, readRule } from '../../src/model/checks/rule';
import { defaultLimits } from '../../src/model/contracts/session';
import type { ProtocolDescription } from '../../src/protocols/description';
import { kafka } from '../../src/protocols/kafka/describe/describe';
import { storeRecord } from '../../src/protocols/kafka/describe/stored-record';
import { mqtt } from '../../src/protocols/mqtt/describe/describe';
import { median, medians, type Row, ratioRow } from './rows';

v8.setFlagsFromString('--expose-gc');
const collect = vm.runInNewContext('gc') as () => void;

const messages = 300_000;
const rounds = 3;

const topics = Array.from({ length: 1000 }, (_, at) => `site-${at % 10}/dev-${at}/temp`);
const payloads = Array.from({ length: messages }, (_, at) =>
	Buffer.from(
		`${`{"device":"dev-${at % 1000}","temp":${(at % 500) / 10},"nonce":"n-${at}","seq":${Math.floor(at / 1000)},"pad":"`.padEnd(98, 'x')}"}`,
	),
);
const records = Array.from({ length: messages }, (_, at) =>
	storeRecord({ partition: 3, offset: BigInt(at), timestamp: 0n, key: Buffer.from('key'), headers: [] }),
);

/** Messages per second into log and tree. */
function flood(description: ProtocolDescription, checks: CheckRule[], metas?: readonly Uint8Array[]) {
	const store = createStore(description, defaultLimits);
	store.setChecks(checks);
	const ids = ['all'];
	// The log of the measurement before is garbage that this one must not pay for.
	collect();
	const start = performance.now();
	for (let at = 0; at < messages; at++)
		// A server sends the records of a partition together.
		store.append(topics[(metas ? at >> 7 : at) % 1000] as string, payloads[at] as Buffer, 0, metas?.[at], ids);
	return messages / (performance.now() - start) / 1000;
}

/** Messages per second that are only checked, by the scanner or by JSON.parse. */
function checkedOnly(rule: CheckRule): number {
	const read = readRule(rule);
	const checks = createChecks({ rules: 'rule' in read ? [read.rule] : [] });
	const start = performance.now();
	for (let at = 0; at < messages; at++)
		checks?.check({ target: topics[at % 1000] as string, payload: payloads[at] as Buffer, flags: 0, time: at });
	return messages / (performance.now() - start) / 1000;
}

function parsedOnly(): number {
	let found = 0;
	const start = performance.now();
	for (let at = 0; at < messages; at++) if (JSON.parse((payloads[at] as Buffer).toString()).seq !== undefined) found++;
	return found / (performance.now() - start) / 1000;
}

const bare = (description: ProtocolDescription<never>): ProtocolDescription =>
	({ ...description, delivery: undefined }) as unknown as ProtocolDescription;
const own = (description: ProtocolDescription<never>) => description as unknown as ProtocolDescription;

const measures = {
	none: () => flood(bare(mqtt), []),
	ids: () => flood(own(mqtt), []),
	other: () => flood(own(mqtt), [{ target: 'commands/#', nonce: 'nonce' }]),
	sequence: () => flood(own(mqtt), [{ target: '#', sequence: 'seq' }]),
	nonce: () => flood(own(mqtt), [{ target: '#', nonce: 'nonce' }]),
	kafkaNone: () => flood(bare(kafka), [], records),
	kafkaIds: () => flood(own(kafka), [], records),
	parse: parsedOnly,
	check: () => checkedOnly({ sequence: 'seq' }),
};
type Measure = keyof typeof measures;

/** Measures in a process of its own, as each session has a thread of its own: code that has seen one case is fastest at it. */
function inProcess(name: Measure): number {
	const { stdout } = spawnSync(process.execPath, [process.argv[1] as string], {
		env: { ...process.env, MEASURE: name },
		encoding: 'utf8',
	});
	return Number(/^MEASURED (.*)$/m.exec(stdout)?.[1]);
}

export async function bench(): Promise<Row[]> {
	const only = process.env.MEASURE as Measure | undefined;
	if (only) {
		console.log(`MEASURED ${median([measures[only](), measures[only](), measures[only]()])}`);
		return [];
	}
	const names = Object.keys(measures) as Measure[];
	const figures = await medians(
		rounds,
		Object.fromEntries(names.map((name) => [name, async () => inProcess(name)])) as Record<
			Measure,
			() => Promise<number>
		>,
	);
	const rate = (value: number) => `${value.toFixed(2)} million/s`;
	const without = ['log and tree without checks', figures.none] as const;
	return [
		ratioRow('MQTT, no checks: the flag of the protocol', figures.ids, without, rate, '0.95'),
		ratioRow('checks on other targets, 1,000 topics', figures.other, without, rate, '0.9'),
		ratioRow('a sequence in each message of 100 bytes', figures.sequence, without, rate),
		ratioRow('a nonce in each message of 100 bytes, 100,000 remembered', figures.nonce, without, rate),
		ratioRow('Kafka, no checks: the offsets', figures.kafkaIds, ['Kafka without ids', figures.kafkaNone], rate, '0.9'),
		ratioRow('check of a sequence alone', figures.check, ['JSON.parse alone', figures.parse], rate),
	];
}
