import { FailureError, toFailure } from '../../base/failure';
import { toText } from '../../model/contracts/payload';
import { parseJson, textOf } from '../../model/json/value';
import type { Subscription } from '../../model/profile/profile';
import { redactSentence } from '../../model/text/redact';
import { lineOf, type MessageFile, type PlacedFailure, type Section } from '../syntax/ast';
import { followPath, parsePath } from '../syntax/json-path';
import { optionsOf } from '../syntax/metadata';
import { dependenciesOf, titleOf } from '../syntax/names';
import type { Surroundings } from '../values/builtins';
import type { Environment } from '../values/environments';
import type { Scope } from '../values/variables';
import type { Clock, Connection, ConnectionSpec, Received } from './connection';
import { type Plan, type PlanContext, planRequest } from './plan';
import type { Match } from './results/expectations';
import type { Ending, RequestResult } from './results/result';
import { judgeRefusal, type Once, runOnce } from './run-request';

export interface RunOptions {
	file: MessageFile;
	/** Which requests, in the order of the file. What they refer to runs, too. */
	sections: readonly Section[];
	environment: Environment;
	around: Surroundings;
	match: Match;
	clock: Clock;
	signal: AbortSignal;
	/** Longest wait for a reply, and for messages where a request has no end of its own. Milliseconds. */
	timeout: number;
	describe: PlanContext['describe'];
	readFile: PlanContext['readFile'];
	/** One attempt. Throws a FailureError. */
	connect(spec: ConnectionSpec): Promise<Connection>;
	/** Values that no output may show; added to while running. */
	hidden: Set<string>;
	onStarted?(section: Section): void;
	/** Messages of the request's present run so far. */
	onMessages?(count: number, section: Section): void;
	onResult?(result: RequestResult, section: Section): void;
}

/**
 * Runs requests one after the other. One that receives goes on in the background while the next ones run, so that a
 * file can subscribe first and publish then; it has ended when this resolves. Connections are opened once and closed
 * at the end. Results are in the order of the file.
 */
export async function runFile(options: RunOptions): Promise<RequestResult[]> {
	const { file } = options;
	const pool = createPool(options);
	const finished = new Map<string, readonly Received[]>();
	const running = new Map<Section, Promise<RequestResult>>();
	const wanted = new Set(options.sections.flatMap((section) => [...dependenciesOf(file, section), section]));
	try {
		for (const section of file.sections) {
			if (!wanted.has(section) || !section.request) continue;
			for (const needed of dependenciesOf(file, section)) await running.get(needed);
			options.onStarted?.(section);
			let listening: () => void = () => {};
			const listens = new Promise<void>((resolve) => {
				listening = resolve;
			});
			const run = runSection(section, options, pool, finished, listening).then((result) => {
				options.onResult?.(result, section);
				return result;
			});
			running.set(section, run);
			await Promise.race([run, listens]);
		}
		return await Promise.all(running.values());
	} finally {
		await pool.close();
	}
}

async function runSection(
	section: Section,
	options: RunOptions,
	pool: Pool,
	finished: Map<string, readonly Received[]>,
	onListening: () => void,
): Promise<RequestResult> {
	const { file, clock, signal } = options;
	const own = optionsOf(file, section);
	const start = section.request?.start ?? section.start;
	const result: RequestResult = {
		title: redactSentence(titleOf(file, section)),
		...(own.name && { name: own.name.text }),
		notes: own.notes,
		range: { start, end: section.request?.end ?? section.end },
		line: lineOf(file.text, start),
		ending: 'passed',
		receipts: [],
		messages: [],
		assertions: [],
		ms: 0,
		runs: 0,
	};
	const scope: Scope = {
		file,
		environment: options.environment,
		around: options.around,
		hidden: options.hidden,
		result: (name, part, path) => lookUp(finished.get(name), part, path),
	};
	const began = clock.now();
	const most = own.loop ?? (own.every === undefined ? 1 : Number.POSITIVE_INFINITY);
	const end = own.every !== undefined && own.loop === undefined ? began + (own.timeout ?? options.timeout) : undefined;
	while (result.runs < most && result.ending === 'passed') {
		if (result.runs > 0 && own.every !== undefined) {
			const due = Math.max(0, began + result.runs * own.every - clock.now());
			if (end !== undefined && !own.keepStreaming && clock.now() + due > end) break;
			await pause(due, options);
			if (signal.aborted) break;
		}
		await runAgain(section, scope, options, pool, result, onListening);
	}
	result.ms = clock.now() - began;
	if (own.name && result.messages.length > 0) finished.set(own.name.text, result.messages);
	return result;
}

/** One run, added to the result. */
async function runAgain(
	section: Section,
	scope: Scope,
	options: RunOptions,
	pool: Pool,
	result: RequestResult,
	onListening: () => void,
): Promise<void> {
	const end = (ending: Ending, error: unknown) => {
		result.ending = ending;
		result.failure = toFailure(error) as PlacedFailure;
	};
	const conclude = ({ assertions, failure, end: peerEnd }: Pick<Once, 'assertions' | 'end' | 'failure'>) => {
		result.assertions.push(...assertions);
		if (peerEnd) result.end = peerEnd;
		if (failure && failure.code !== 'stopped')
			end(failure.code === 'undefined-variable' ? 'invalid' : 'failed', new FailureError(failure));
		else if (assertions.some(({ ending }) => ending !== 'passed')) result.ending = 'failed';
	};
	result.runs++;
	let plan: Plan;
	try {
		plan = await planRequest(options.file, section, { scope, describe: options.describe, readFile: options.readFile });
	} catch (error) {
		return end('invalid', error);
	}
	let entry: Entry;
	const began = options.clock.now();
	try {
		entry = await pool.open(plan.connection);
	} catch (error) {
		const outcome = { file: options.file, section, scope, match: options.match };
		const refused = judgeRefusal(outcome, toFailure(error), options.clock.now() - began);
		return refused ? conclude(refused) : end('unconnected', error);
	}
	const once: Once = await runOnce({
		...options,
		section,
		plan,
		scope,
		connection: entry.connection,
		random: options.around.random,
		onMessage: (count) => options.onMessages?.(count, section),
		// A conversation has its own end: nothing else needs it in the background.
		...(plan.receives && !plan.connection.own && { onListening }),
		subscribe: entry.subscribe,
	});
	if (plan.connection.own) await entry.connection.close();
	result.receipts.push(...once.receipts);
	result.messages = once.messages;
	conclude(once);
	if (result.ending !== 'passed') return;
	if (once.stopped && !(plan.options.keepStreaming && once.assertions.length > 0)) result.ending = 'stopped';
}

function lookUp(messages: readonly Received[] | undefined, part: 'body' | 'header', path: string) {
	const message = messages?.[0];
	if (!message) return undefined;
	if (part === 'header') {
		const pair = message.headers.find(([name]) => name.toLowerCase() === path.toLowerCase());
		return pair ? ({ found: true, text: pair[1] } as const) : ({ found: false } as const);
	}
	const text = toText(message.payload);
	if (text === undefined) return { found: false } as const;
	if (path === '') return { found: true, text } as const;
	const steps = parsePath(path);
	const body = parseJson(text);
	const value = steps && 'value' in body ? followPath(body.value, steps) : undefined;
	return value ? ({ found: true, text: textOf(value) } as const) : ({ found: false } as const);
}

function pause(ms: number, { clock, signal }: RunOptions): Promise<void> {
	return new Promise((resolve) => {
		const done = () => {
			timer.dispose();
			signal.removeEventListener('abort', done);
			resolve();
		};
		const timer = clock.after(ms, done);
		signal.addEventListener('abort', done);
		if (signal.aborted) done();
	});
}

interface Entry {
	connection: Connection;
	subscribe(subscription: Subscription): Promise<() => Promise<void>>;
}

interface Pool {
	open(spec: ConnectionSpec): Promise<Entry>;
	close(): Promise<void>;
}

/** Connections of one run, and how many requests hold each of their subscriptions. */
function createPool(options: RunOptions): Pool {
	const entries = new Map<string, Promise<Entry>>();
	const opened: Connection[] = [];
	const connect = async (spec: ConnectionSpec): Promise<Entry> => {
		const connection = await options.connect(spec);
		opened.push(connection);
		const held = new Map<string, number>();
		return {
			connection,
			async subscribe(subscription) {
				const { target, mode } = subscription;
				const key = JSON.stringify([target, mode]);
				const count = held.get(key) ?? 0;
				held.set(key, count + 1);
				try {
					// Asked again, so that a second request gets the retained messages, too.
					await connection.subscribe(subscription);
				} catch (error) {
					held.set(key, count);
					throw error;
				}
				return async () => {
					const left = (held.get(key) ?? 1) - 1;
					held.set(key, left);
					if (left === 0) await connection.unsubscribe(target, mode);
				};
			},
		};
	};
	return {
		open(spec) {
			if (spec.own) return connect(spec);
			const key = JSON.stringify([spec.profile, spec.url, spec.protocol]);
			const known = entries.get(key);
			if (known) return known;
			const made = connect(spec);
			entries.set(key, made);
			// A failed attempt is made again by the next request.
			made.catch(() => entries.delete(key));
			return made;
		},
		async close() {
			await Promise.allSettled(opened.map((connection) => connection.close()));
		},
	};
}
