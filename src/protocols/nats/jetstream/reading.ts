import { fail, toFailure } from '../../../base/failure';
import { sleep } from '../../../base/sleep';
import type { Subscription } from '../../../model/profile/profile';
import { sortedByName } from '../../../model/text/natural-order';
import type { Granted, Sink } from '../../adapter';
import { messages, n } from '../browse/words';
import { type Api, isNotFound } from './api';
import { type ScanOptions, scan, scanNew, startOfNewest, startOfTime, windowOf } from './scan';
import { createReadMessage, type Stored } from './stored';
import { readStream, subjectsOf } from './streams';
import { type Wanted, wantedOf } from './wanted';

/** Milliseconds between two looks for new messages. */
const followEvery = 500;
/** Looks for new messages between two looks at the stream itself. */
const checkEvery = 6;

export interface Reading {
	subscribe(subscription: Subscription, id: string): Promise<Granted>;
	unsubscribe(id: string): void;
	stop(): void;
}

/** The place up to which a stream was read, which outlives a link. */
interface Position {
	created: string;
	next: bigint;
}

/** Messages that were there at the beginning. `next`: the sequence behind them; undefined if the limit came before the end. */
interface Backlog {
	detail: string;
	read(): Promise<{ count: number; next?: bigint }>;
}

/**
 * Reads streams and watches buckets by the sequences of their messages, so that the server keeps nothing for it. After a
 * reconnect it goes on where it was. `memory`: of the session.
 */
export function createReading(api: Api, sink: Sink, memory: Map<string, unknown>): Reading {
	const open = new Map<string, AbortController>();
	const memoryKey = (id: string) => `nats.read:${id}`;

	/** Reads what is there, then what arrives, until it is stopped. Never rejects. */
	async function run(id: string, wanted: Wanted, options: ScanOptions, backlog: Backlog): Promise<void> {
		const { signal } = options;
		try {
			const { count, next: end } = await backlog.read();
			if (signal.aborted) return;
			if (end === undefined)
				sink.subscription(id, {
					detail: `${n(count)} messages read, which is the limit; raise "At most" to read more`,
				});
			if (end === undefined) return;
			if (!wanted.follows) {
				open.delete(id);
				memory.delete(memoryKey(id));
				sink.subscription(id, { finished: `Finished reading the ${wanted.words}: ${messages(count)}.` });
				return;
			}
			await follow(id, options, end);
		} catch (error) {
			if (signal.aborted) return;
			open.delete(id);
			const gone = { code: 'not-found', message: `The ${wanted.words} was deleted.` };
			sink.subscription(id, { failure: isNotFound(error) ? gone : toFailure(error) });
		}
	}

	/** Reads new messages until it is stopped. Throws when the stream is deleted. */
	async function follow(id: string, start: ScanOptions, end: bigint): Promise<void> {
		const { signal } = start;
		let options = start;
		let next = end;
		for (let turn = 1; ; turn++) {
			memory.set(memoryKey(id), { created: options.stream.created, next } satisfies Position);
			await sleep(followEvery, signal);
			if (signal.aborted) return;
			// Sequences do not tell that the stream was deleted and created again.
			const stream = turn % checkEvery === 0 ? await readStream(api, options.stream.name) : options.stream;
			if (stream.created !== options.stream.created) {
				options = { ...options, stream, read: createReadMessage(api, stream) };
				next = stream.first > 0n ? stream.first : 1n;
				sink.subscription(id, { detail: 'it was deleted and created again; going on from its first message' });
			}
			next = await scanNew(options, next);
		}
	}

	return {
		async subscribe(subscription, id) {
			const wanted = wantedOf(subscription);
			open.get(id)?.abort();
			const { signal } = open.set(id, new AbortController()).get(id) as AbortController;
			try {
				const stream = await readStream(api, wanted.stream);
				const subscriptions = [id];
				const options: ScanOptions = {
					...{ stream, signal, filter: wanted.filter, read: createReadMessage(api, stream) },
					message: ({ subject: target, payload, flags, meta }) =>
						void sink.message({ target, payload, flags, meta, subscriptions }),
				};
				const before = memory.get(memoryKey(id)) as Position | undefined;
				const resumed = before?.created === stream.created ? before.next : undefined;
				const backlog = await backlogOf(api, wanted, options, resumed);
				void run(id, wanted, options, backlog);
				return { detail: backlog.detail };
			} catch (error) {
				open.delete(id);
				throw isNotFound(error) ? fail('not-found', `There is no ${wanted.words}.`, { final: true }) : error;
			}
		},
		unsubscribe(id) {
			open.get(id)?.abort();
			open.delete(id);
			memory.delete(memoryKey(id));
		},
		stop() {
			for (const abort of open.values()) abort.abort();
			open.clear();
		},
	};
}

async function backlogOf(api: Api, wanted: Wanted, options: ScanOptions, resumed?: bigint): Promise<Backlog> {
	const { stream } = options;
	const then = wanted.follows ? ', then new ones' : '';
	const end = stream.last + 1n;
	const readFrom = async (from: bigint, most = wanted.most) => {
		const { count, next } = await scan(options, from < stream.first ? stream.first : from, stream.last, most);
		return { count, next: next >= end ? next : undefined };
	};
	if (resumed !== undefined)
		return { detail: `going on from sequence ${n(resumed)}`, read: () => readFrom(resumed, Number.MAX_SAFE_INTEGER) };
	switch (wanted.from) {
		case 'new':
			return { detail: `new messages, after sequence ${n(stream.last)}`, read: async () => ({ count: 0, next: end }) };
		case 'first':
			return { detail: `from the first message on${then}`, read: () => readFrom(stream.first) };
		case 'sequence':
			return { detail: `from sequence ${n(wanted.sequence)} on${then}`, read: () => readFrom(wanted.sequence) };
		case 'time': {
			const start = await startOfTime(options, wanted.time);
			return { detail: `from sequence ${n(start)} on, the first of that time${then}`, read: () => readFrom(start) };
		}
		case 'last':
			return { detail: `the last of each subject${then}`, read: () => lastOfEach(api, wanted, options) };
		case 'newest':
			return {
				detail: `the newest ${n(wanted.most)}${then}`,
				read: async () => readFrom(await startOfNewest(options, wanted.most)),
			};
	}
}

/** Reads the last message of each subject that matches, in the order of the subjects. */
async function lastOfEach(api: Api, { most, filter = '>' }: Wanted, options: ScanOptions) {
	const { stream, read, signal, message } = options;
	const subjects = await subjectsOf(api, stream.name, filter, most);
	const names = sortedByName(subjects, ([name]) => name).slice(0, most);
	const ahead = windowOf(stream);
	let count = 0;
	for (let at = 0; at < names.length && !signal.aborted; at += ahead) {
		const answers = await Promise.all(names.slice(at, at + ahead).map(([name]) => read({ lastOf: name })));
		// A message that has arrived since is read with the new ones.
		const found = answers.filter((one): one is Stored => one !== undefined && one.sequence <= stream.last);
		if (signal.aborted) break;
		for (const stored of found) message(stored);
		count += found.length;
	}
	return { count, next: subjects.length > most ? undefined : stream.last + 1n };
}
