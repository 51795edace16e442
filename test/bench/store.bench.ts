import { setImmediate } from 'node:timers/promises';
import v8 from 'node:v8';
import vm from 'node:vm';
import { createStore, type Store } from '../../src/engine/store/store';
import type { LogFilter } from '../../src/model/contracts/message';
import { defaultLimits } from '../../src/model/contracts/session';
import { mqtt } from '../../src/protocols/mqtt/describe/describe';
import { median, type Row } from './rows';

const messages = 1_000_000;
const topics = 100_000;
const size = 100;

v8.setFlagsFromString('--expose-gc');
const collect = vm.runInNewContext('gc') as () => void;

/** Bytes in use after collecting garbage, buffers outside of the heap included. */
function used(): number {
	collect();
	collect();
	const { heapUsed, external } = process.memoryUsage();
	return heapUsed + external;
}

const payload = (at: number): Buffer =>
	Buffer.from(
		`{"id":${at},"device":"dev-${at % 1000}","Temp":${(at % 500) / 10},"status":"ok","pad":"`.padEnd(size - 2, 'x') +
			'"}',
	);

const sites = (count: number): Buffer[] =>
	Array.from({ length: count }, (_, at) => Buffer.from(`site-${at % 10}/area-${at % 100}/dev-${at}/temp`));

/** Fills a store as a socket would: a new string for the topic of each message. */
function fill(store: Store, count: number, names: readonly Buffer[], payloads: readonly Buffer[]): number {
	const start = performance.now();
	for (let at = 0; at < count; at++)
		store.append((names[at % names.length] as Buffer).toString('latin1'), payloads[at % payloads.length] as Buffer, 0);
	return performance.now() - start;
}

const million = (perMs: number): string => `${(perMs / 1000).toFixed(2)} million/s`;
const ms = (value: number): string => `${value.toFixed(value < 10 ? 2 : 0)} ms`;

/** Copies of what a store does at least: a string, a look-up, a copy of the bytes. */
function bareRate(names: readonly Buffer[]): number {
	const ids = new Map(names.map((name, at) => [name.toString('latin1'), at]));
	const counts = new Float64Array(names.length);
	const chunk = Buffer.allocUnsafe(1024 * 1024);
	const one = payload(0);
	const start = performance.now();
	for (let at = 0; at < messages; at++) {
		const id = ids.get((names[at % names.length] as Buffer).toString('latin1')) as number;
		counts[id] = (counts[id] as number) + 1;
		chunk.set(one, (at % 10_000) * size);
	}
	return messages / (performance.now() - start);
}

function appendRate(): Row {
	const names = sites(1000);
	const payloads = [payload(0)];
	const rates = [0, 1, 2].map(() => messages / fill(createStore(mqtt, defaultLimits), messages, names, payloads));
	const bare = median([0, 1, 2].map(() => bareRate(names)));
	const rate = median(rates);
	return {
		name: 'append to log and tree, 1,000 topics, 100 bytes',
		value: million(rate),
		reference: `${million(bare)} look-up and copy alone`,
		ratio: rate / bare,
		goal: '2 million/s',
	};
}

function memory(): { results: Row[]; store: Store } {
	const payloads = Array.from({ length: messages / 10 }, (_, at) => payload(at));
	const few = sites(1000);
	const before = used();
	const store = createStore(mqtt, defaultLimits);
	fill(store, messages, few, payloads);
	const perMessage = (used() - before) / messages - size;
	const many = sites(topics);
	const empty = [Buffer.alloc(0)];
	const start = used();
	const wide = createStore(mqtt, defaultLimits);
	fill(wide, topics, many, empty);
	wide.reader.tree({ expanded: wide.reader.locate('site-1/area-1'), offset: 0, count: 50 });
	const perTopic = (used() - start) / topics;
	return {
		store,
		results: [
			{
				name: 'memory per kept message of 100 bytes beyond its payload',
				value: `${perMessage.toFixed(1)} bytes`,
				goal: '64 bytes',
			},
			{ name: `memory per topic, ${wide.topics} topics`, value: `${perTopic.toFixed(0)} bytes`, goal: '600 bytes' },
		],
	};
}

/** `goals`: milliseconds to the first page and to the end; `near`: where the search starts. */
async function search(
	store: Store,
	what: string,
	filter: LogFilter,
	{ reference, goals = [20, 150], near }: { reference?: number; goals?: [number, number]; near?: number } = {},
): Promise<Row[]> {
	const firsts: number[] = [];
	const alls: number[] = [];
	let hits = 0;
	for (let round = 0; round < 3; round++) {
		const start = performance.now();
		let page = store.reader.view('bench', filter, near);
		firsts.push(performance.now() - start);
		while (page.searched < 1) {
			await setImmediate();
			page = store.reader.page('bench', page.high, 0);
		}
		alls.push(performance.now() - start);
		hits = page.high - page.low;
	}
	const all = median(alls);
	const results: Row[] = [
		{ name: `search ${what} (${hits} hits): first page`, value: ms(median(firsts)), goal: ms(goals[0]) },
		{ name: `search ${what}: all of ${messages} messages`, value: ms(all), goal: ms(goals[1]) },
	];
	if (reference && results[1]) {
		results[1].reference = `${ms(reference)} Buffer.indexOf over the same bytes`;
		results[1].ratio = all / reference;
	}
	return results;
}

/** What Node's own search takes for the same bytes in one piece each, stopping at each hit. */
function indexOfAll(text: string): number {
	const chunk = Buffer.concat(Array.from({ length: 10_000 }, (_, at) => payload(at)));
	const start = performance.now();
	for (let round = 0; round < messages / 10_000; round++)
		for (let at = chunk.indexOf(text); at >= 0; at = chunk.indexOf(text, at + size));
	return performance.now() - start;
}

function pages(store: Store): Row {
	store.reader.view('pages', {});
	const times = Array.from({ length: 2000 }, (_, at) => {
		const start = performance.now();
		store.reader.page('pages', (at * 7919 * 61) % messages, 50);
		return performance.now() - start;
	});
	const sorted = times.sort((a, b) => a - b);
	return {
		name: `page of 50 rows anywhere in ${messages}`,
		value: `${ms(sorted[1000] as number)} (p99 ${ms(sorted[1980] as number)})`,
		goal: '1 ms',
	};
}

export async function bench(): Promise<Row[]> {
	const { results, store } = memory();
	return [
		...results,
		appendRate(),
		pages(store),
		...(await search(store, '"status", both cases', { text: 'status' }, { reference: indexOfAll('status') })),
		...(await search(store, '"status", exact case', { text: 'status', matchCase: true })),
		...(await search(store, '"dev-77\\"", both cases', { text: 'DEV-77"' }, { reference: indexOfAll('dev-77"') })),
		...(await search(store, '"dev-77\\"", exact case', { text: 'dev-77"', matchCase: true })),
		...(await search(store, '"es" (frequent letters), both cases', { text: 'es' })),
		...(await search(
			store,
			'"dev-77\\"" from the middle',
			{ find: { text: 'dev-77"' } },
			{ goals: [100, 300], near: messages / 2 },
		)),
		...(await search(
			store,
			'/"dev-7\\d".*ok/ from the middle',
			{ find: { text: '"dev-7\\d".*ok', regex: true } },
			{ goals: [100, 2000], near: messages / 2 },
		)),
		...(await search(store, 'a topic pattern', { target: { kind: 'pattern', value: '+/+/dev-77/#' } })),
	];
}
