import { cpus, release, totalmem, type } from 'node:os';
import { FailureError, toFailure } from '../base/failure';
import type { Guarantee, Route } from '../protocols/comparison';
import { searchCapacity } from './capacity';
import { measureConnecting } from './connecting';
import { type Subject, withoutIdentity } from './connection';
import { type OneRun, withLinks } from './links';
import type { Measured } from './measure';
import type { CompareSettings } from './report/thread';
import type { Cell, Report, ReportSubject, Run } from './report/types';
import { whereOf } from './report/where';

export interface CompareOptions extends CompareSettings {
	subjects: readonly Subject[];
	signal: AbortSignal;
	/** `done`: 0 to 1. */
	progress(text: string, done: number): void;
}

/** Messages that show whether the target works; one alone may be lost. */
const firstMessages = 3;
/** Runs that are refused for each that counts, before there are no figures. */
const maxRefused = 4;
/** Seconds of one step of the search for the sustained rate. */
const capacityStep = 0.5;
/** Seconds of messages that wait at most meanwhile. */
const maxQueueSeconds = 0.25;

/**
 * Measures all subjects, in turns, so that a change of the machine's load affects all of them alike. A subject that fails is in
 * the report with the reason. Ends early, with what there is, when `signal` is aborted.
 */
export async function compare(options: CompareOptions): Promise<Report> {
	const { guarantees, sizes, rate, seconds, runs, warmUp, maxDelay, signal } = options;
	const subjects = options.subjects.map(withoutIdentity);
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
	const next = (text: string) => !signal.aborted && options.progress(text, Math.min(1, step++ / steps));
	const nextOf = (subject: Subject, { label, size, problem }: Cell, what: string) => {
		if (problem === undefined) next(`${subject.name}: ${label}, ${size} bytes, ${what}`);
		else step++;
	};

	for (const [index, subject] of subjects.entries()) {
		if (signal.aborted) break;
		next(`${subject.name}: connecting`);
		const about = report.subjects[index] as ReportSubject;
		try {
			Object.assign(about, await measureConnecting(subject, options.idle, signal));
		} catch (error) {
			if (!signal.aborted) about.problem = reasonOf(error);
		}
	}
	for (const guarantee of guarantees)
		for (const size of sizes) {
			if (signal.aborted) break;
			const places = subjects.map((subject, index) => {
				const cell = cellOf(subject, index, guarantee, size, report.subjects[index]?.problem);
				report.cells.push(cell);
				return { subject, cell };
			});
			for (let run = 0; run < runs; run++)
				for (const { subject, cell } of places) {
					nextOf(subject, cell, `run ${run + 1} of ${runs}`);
					await oneRun(subject, cell, options);
				}
			for (const { subject, cell } of places) {
				if (!options.capacity) continue;
				nextOf(subject, cell, 'sustained rate');
				step++;
				if (!signal.aborted && cell.problem === undefined) await capacityOf(subject, cell, options);
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
		...{ subject: index, guarantee, size, runs: [], refusedRuns: 0, foreign: 0 },
		...{ label: route?.label ?? '–', measures: route?.measures ?? '', hops: route?.delivery === 'answer' ? 1 : 2 },
		...(why !== undefined && { problem: why }),
	};
}

const routeOf = ({ description, target }: Subject, guarantee: Guarantee): Route | undefined =>
	description.comparison?.routes(target)[guarantee];

/** Opens the links of the cell's route for `use`; a failure, and messages that are not of the comparison, go to the cell. */
async function withCell(
	subject: Subject,
	cell: Cell,
	signal: AbortSignal,
	use: (run: OneRun, route: Route) => Promise<void>,
): Promise<void> {
	const route = routeOf(subject, cell.guarantee);
	if (!route || cell.problem !== undefined || signal.aborted) return;
	try {
		cell.foreign += await withLinks(subject, route, signal, (run) => use(run, route));
	} catch (error) {
		if (!signal.aborted) cell.problem = reasonOf(error);
	}
}

const oneRun = (subject: Subject, cell: Cell, options: CompareOptions): Promise<void> =>
	withCell(subject, cell, options.signal, async (run, route) => {
		const { signal, rate, seconds, warmUp, runs, maxDelay } = options;
		const { size } = cell;
		// A few first, so that a target of others does not get the messages of a whole run.
		for (const count of [firstMessages, Math.ceil(rate * warmUp)]) {
			const warm = await run({ size, rate, count: Math.max(1, count) });
			if (signal.aborted) return;
			const silent = nothingArrives(warm, route, subject, cell.guarantee);
			if (silent !== undefined) {
				cell.problem = silent;
				return;
			}
		}
		for (;;) {
			const measured = await run({ size, rate, count: Math.max(1, Math.ceil(rate * seconds)) });
			if (signal.aborted) return;
			if (measured.delay <= maxDelay || measured.failure !== undefined) {
				cell.runs.push(runOf(measured));
				return;
			}
			cell.refusedRuns++;
			if (cell.refusedRuns >= maxRefused * runs) {
				cell.problem = `${cell.refusedRuns} runs were refused, because this process was delayed for more than ${maxDelay} ms. Close what else runs on this machine, or allow a longer delay (option --max-delay of the command line).`;
				return;
			}
		}
	});

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

async function capacityOf(subject: Subject, cell: Cell, { signal }: CompareOptions): Promise<void> {
	const capacity = await searchCapacity(async (rate) => {
		let measured: Measured | undefined;
		// Links of its own for each step: a queue of the step before would count as its own.
		await withCell(subject, cell, signal, async (run) => {
			measured = await run({
				...{ size: cell.size, rate, count: Math.max(10, Math.ceil(rate * capacityStep)) },
				probe: { maxWaiting: Math.max(100, rate * maxQueueSeconds) },
			});
		});
		return measured;
	}, signal);
	if (capacity) cell.capacity = capacity;
	else if (!signal.aborted && cell.problem === undefined) cell.problem = 'It sustains less than 2 messages per second.';
}

const runOf = ({ arrivedRate: _, backlog: __, acknowledgements: ___, ...run }: Measured): Run => run;

function reasonOf(error: unknown): string {
	const { message, evidence } = error instanceof FailureError ? error.failure : toFailure(error);
	return evidence === undefined ? message : `${message} (${evidence})`;
}
