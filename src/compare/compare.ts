import { cpus, release, totalmem, type } from 'node:os';
import { FailureError, toFailure } from '../base/failure';
import { sleep } from '../base/sleep';
import type { Guarantee, Route } from '../protocols/comparison';
import { searchCapacity } from './capacity';
import { measureConnecting } from './connecting';
import { beside, type Connection, connect, type Subject } from './connection';
import { type Measured, measure } from './measure';
import { idleOf } from './report/idle';
import type { CompareSettings } from './report/thread';
import type { Cell, IdleBytes, Report, ReportSubject, Run } from './report/types';
import { whereOf } from './report/where';

export interface CompareOptions extends CompareSettings {
	subjects: readonly Subject[];
	signal: AbortSignal;
	/** `done`: 0 to 1. */
	progress(text: string, done: number): void;
}

/** Seconds of one step of the search for the sustained rate. */
const capacityStep = 0.5;
/** Seconds of messages that wait at most meanwhile. */
const maxQueueSeconds = 0.25;
const connectAttempts = 5;

/**
 * Measures all subjects, in turns, so that a change of the machine's load affects all of them alike. A subject that fails is in
 * the report with the reason. Ends early, with what there is, when `signal` is aborted.
 */
export async function compare(options: CompareOptions): Promise<Report> {
	const { subjects, guarantees, sizes, rate, seconds, runs, warmUp, maxDelay, signal } = options;
	const report: Report = {
		version: 1,
		made: Date.now(),
		product: options.product,
		machine: {
			cpu: cpus()[0]?.model.trim() ?? 'unknown',
			cores: cpus().length,
			memory: totalmem(),
			system: `${type()} ${release()}`,
			node: process.version,
		},
		settings: { sizes: [...sizes], rate, seconds, runs, warmUp, maxDelay },
		subjects: subjects.map(subjectOf),
		cells: [],
	};
	const steps =
		guarantees.length * sizes.length * subjects.length * (runs + (options.capacity ? 2 : 0)) + subjects.length;
	let step = 0;
	const next = (text: string) => options.progress(text, Math.min(1, step++ / steps));

	for (const [index, subject] of subjects.entries()) {
		if (signal.aborted) break;
		next(`${subject.name}: connecting`);
		await aboutSubject(subject, report.subjects[index] as ReportSubject, options).catch((error) => {
			(report.subjects[index] as ReportSubject).problem = toFailure(error).message;
		});
	}
	for (const guarantee of guarantees)
		for (const size of sizes) {
			const places = subjects.map((subject, index) => {
				const cell = cellOf(subject, index, guarantee, size, report.subjects[index]?.problem);
				report.cells.push(cell);
				return { subject, cell };
			});
			for (let run = 0; run < runs; run++)
				for (const { subject, cell } of places) {
					next(`${subject.name}: ${cell.label}, ${size} bytes, run ${run + 1} of ${runs}`);
					if (!signal.aborted && !cell.problem) await oneRun(subject, cell, guarantee, options);
				}
			for (const { subject, cell } of places) {
				if (!options.capacity) continue;
				next(`${subject.name}: ${cell.label}, ${size} bytes, sustained rate`);
				step++;
				if (!signal.aborted && !cell.problem) await capacityOf(subject, cell, guarantee, options);
			}
		}
	if (signal.aborted) report.stopped = true;
	options.progress('', 1);
	return report;
}

function subjectOf({ name, profile, description, target }: Subject): ReportSubject {
	return {
		...{ name, target, protocol: description.id, label: description.label, where: whereOf(profile.url) },
		...{ facts: '', encrypted: false },
	};
}

function cellOf(subject: Subject, index: number, guarantee: Guarantee, size: number, problem?: string): Cell {
	const route = routeOf(subject, guarantee);
	const missing = `${subject.description.label} has no way to deliver ${guarantee.replaceAll('-', ' ')} here.`;
	const why = problem ?? (route ? undefined : missing);
	return {
		...{ subject: index, guarantee, size, runs: [], refusedRuns: 0 },
		...{ label: route?.label ?? '–', measures: route?.measures ?? '' },
		...(why !== undefined && { problem: why }),
	};
}

const routeOf = ({ description, target }: Subject, guarantee: Guarantee): Route | undefined =>
	description.comparison?.routes(target)[guarantee];

/** The cost of connecting, and of an idle connection. */
async function aboutSubject(subject: Subject, about: ReportSubject, options: CompareOptions): Promise<void> {
	const { signal, idle } = options;
	about.connecting = await measureConnecting(subject, connectAttempts, signal);
	const connection = await connect(subject, signal);
	const { facts, security } = connection.link;
	about.facts = facts.map(({ label, value }) => `${label}: ${value}`).join(', ');
	about.encrypted = security.encrypted;
	const computed = idleOf(subject.description, subject.profile.values);
	about.idle = idle > 0 ? await observeIdle(connection, idle, signal) : computed;
	await connection.close();
}

async function observeIdle(connection: Connection, seconds: number, signal: AbortSignal): Promise<IdleBytes> {
	const before = connection.traffic();
	await sleep(seconds * 1000, signal);
	const after = connection.traffic();
	const perHour = (bytes: number) => Math.round((bytes * 3600) / seconds);
	return {
		perHour: { sent: perHour(after.sent - before.sent), received: perHour(after.received - before.received) },
		observed: seconds,
		what: 'everything at the socket',
	};
}

/** Opens sender and receiver, subscribes, and calls `use`. Throws the failure of either. */
async function withLinks<T>(
	subject: Subject,
	guarantee: Guarantee,
	signal: AbortSignal,
	use: (sender: Connection, receiver: Connection, route: Route) => Promise<T>,
): Promise<T> {
	const route = routeOf(subject, guarantee);
	if (!route) throw new Error('There is no route.');
	const sender = await connect(subject, signal);
	let receiver = sender;
	try {
		if (route.delivery === 'copy' && !route.echo) receiver = await connect(beside(subject), signal);
		if (route.receive) {
			const { subscribe } = receiver.link;
			if (!subscribe) throw new Error('The connection cannot subscribe.');
			await subscribe.call(receiver.link, route.receive, 'compared');
		}
		return await use(sender, receiver, route);
	} finally {
		await Promise.all([sender.close(), receiver !== sender && receiver.close()]);
	}
}

async function oneRun(subject: Subject, cell: Cell, guarantee: Guarantee, options: CompareOptions): Promise<void> {
	const { signal, rate, seconds, warmUp, runs, maxDelay } = options;
	try {
		await withLinks(subject, guarantee, signal, async (sender, receiver, route) => {
			const common = { sender, receiver, route, target: subject.target, size: cell.size, rate, signal };
			const warm = await measure({ ...common, count: Math.max(1, Math.ceil(rate * warmUp)) });
			const silent = nothingArrives(warm, route, subject, guarantee);
			if (silent !== undefined) {
				cell.problem = silent;
				return;
			}
			for (;;) {
				const measured = await measure({ ...common, count: Math.max(1, Math.ceil(rate * seconds)) });
				if (measured.delay <= maxDelay || measured.failure !== undefined || signal.aborted) {
					if (!signal.aborted) cell.runs.push(runOf(measured));
					return;
				}
				cell.refusedRuns++;
				if (cell.refusedRuns >= 2 * runs) {
					cell.problem = `${cell.refusedRuns} runs were refused, because this process was delayed for more than ${maxDelay} ms. Close what else runs on this machine, or allow a longer delay.`;
					return;
				}
			}
		});
	} catch (error) {
		if (!signal.aborted) cell.problem = reasonOf(error);
	}
}

/** Why a warm-up had no delivery at all, was refused as a whole, or was not acknowledged, in a sentence. */
function nothingArrives(
	warm: Measured,
	route: Route,
	{ description }: Subject,
	guarantee: Guarantee,
): string | undefined {
	const { delivered, sent, refused, failure, acknowledgements } = warm;
	const { words, label } = description;
	if (sent === 0 || refused === sent) return failure;
	if (delivered > 0) {
		const isProven = guarantee === 'at-most-once' || route.delivery === 'answer' || acknowledgements > 0;
		return isProven
			? undefined
			: `${label} did not acknowledge any message to this ${words.target}, so it is not delivered at least once.`;
	}
	if (failure !== undefined) return failure;
	if (route.delivery === 'answer') return `The ${words.target} answered no request.`;
	if (route.echo) return 'Nothing came back: the server does not return messages to the connection that has sent them.';
	return `Nothing arrived at the second connection: check that the ${words.target} is one that the connection may send to and receive from.`;
}

async function capacityOf(subject: Subject, cell: Cell, guarantee: Guarantee, options: CompareOptions): Promise<void> {
	const { signal } = options;
	const { target } = subject;
	try {
		const capacity = await searchCapacity(
			// Links of its own for each step: a queue of the step before would count as its own.
			(rate) =>
				withLinks(subject, guarantee, signal, (sender, receiver, route) =>
					measure({
						...{ sender, receiver, route, target, size: cell.size, rate, signal },
						count: Math.max(10, Math.ceil(rate * capacityStep)),
						probe: { maxWaiting: Math.max(100, rate * maxQueueSeconds) },
					}),
				),
			signal,
		);
		if (capacity) cell.capacity = capacity;
	} catch (error) {
		if (!signal.aborted && cell.runs.length === 0) cell.problem = reasonOf(error);
	}
}

const runOf = ({ arrivedRate: _, backlog: __, acknowledgements: ___, ...run }: Measured): Run => run;

function reasonOf(error: unknown): string {
	const { message, evidence } = error instanceof FailureError ? error.failure : toFailure(error);
	return evidence === undefined ? message : `${message} (${evidence})`;
}
