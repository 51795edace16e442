import type { Guarantee } from '../../protocols/comparison';
import { sum } from './stats';
import type { Cell, Report } from './types';

/** Numbers and times of a report in words. */
export const whole = (value: number) => Math.round(value).toLocaleString('en');

/** Milliseconds with three digits that count. */
export function milliseconds(value: number): string {
	if (value >= 100) return `${whole(value)} ms`;
	return `${value.toLocaleString('en', { maximumSignificantDigits: 3 })} ms`;
}

/** "0.9", "33.5", "1,117": a tenth matters only for small numbers. */
export const bytes = (value: number) =>
	value.toLocaleString('en', {
		maximumFractionDigits: value < 1000 && Math.abs(value - Math.round(value)) > 0.04 ? 1 : 0,
	});

/** "16 B", "1 KiB" */
export function size(value: number): string {
	if (value >= 1024 * 1024 && value % (1024 * 1024) === 0) return `${value / 1024 / 1024} MiB`;
	return value >= 1024 && value % 1024 === 0 ? `${value / 1024} KiB` : `${whole(value)} B`;
}

export const guaranteeWords: Readonly<Record<Guarantee, string>> = {
	'at-most-once': 'At most once',
	'at-least-once': 'At least once',
};

/** "3 lost, 1 duplicated, 2 reordered"; "none" if everything arrived once and in order. */
export function losses(cell: Cell): string {
	const counts: [number, string][] = [
		[sum(cell, ({ lost }) => lost), 'lost'],
		[sum(cell, ({ duplicated }) => duplicated), 'duplicated'],
		[sum(cell, ({ reordered }) => reordered), 'reordered'],
		[sum(cell, ({ refused }) => refused), 'refused'],
		[sum(cell, ({ unacknowledged = 0 }) => unacknowledged), 'not acknowledged'],
	];
	const words = counts.filter(([count]) => count > 0).map(([count, word]) => `${whole(count)} ${word}`);
	return words.length === 0 ? 'none' : `${words.join(', ')} of ${whole(sum(cell, ({ sent }) => sent))}`;
}

const counted = (count: number, one: string, many: string) => `${whole(count)} ${count === 1 ? one : many}`;

/** What a reader must know about a cell, as sentences. */
export function remarks(cell: Cell): string[] {
	const list: string[] = [];
	if (cell.problem !== undefined) list.push(cell.problem);
	const failures = new Set(cell.runs.map(({ failure }) => failure).filter((failure) => failure !== undefined));
	for (const failure of failures) if (failure !== cell.problem) list.push(failure);
	const overloaded = cell.runs.filter((run) => run.overloaded).length;
	if (overloaded > 0)
		list.push(
			`The rate is more than the connection carries: ${overloaded} of ${counted(cell.runs.length, 'run was', 'runs were')} stopped.`,
		);
	if (cell.refusedRuns > 0 && cell.problem === undefined)
		list.push(`${counted(cell.refusedRuns, 'run was', 'runs were')} repeated because this process was delayed.`);
	if (cell.foreign > 0)
		list.push(
			`${counted(cell.foreign, 'other message', 'other messages')} arrived: of others, of the server, or too late. The bytes of those within a run are in the figures.`,
		);
	return list;
}

/** Machine and settings as sentences. */
export function conditions({ machine, settings, product, made, subjects }: Report): string[] {
	const { rate, seconds, runs, warmUp, maxDelay } = settings;
	return [
		`Measured on ${new Date(made).toISOString().slice(0, 16).replace('T', ' ')} UTC by ${product} on ${machine.cpu} (${machine.cores} cores, ${whole(machine.memory / 2 ** 30)} GiB), ${machine.system}, Node ${machine.node}.`,
		`${counted(rate, 'message', 'messages')} per second, sent at fixed times whether or not earlier ones have arrived; latency counts from the intended time. ${runs} ${runs === 1 ? 'run' : 'runs'} of ${seconds} s each after a warm-up of ${warmUp} s that is not counted; the median of the runs, and their range in parentheses.`,
		`Sender and receiver are two connections in one process with one clock. A run in which this process was delayed for more than ${whole(maxDelay)} ms is refused and repeated. A message is lost when it has not arrived and nothing else has for 2 s.`,
		'Bytes are counted at our sockets, in both directions: payload, headers, framing and acknowledgements of the protocol, and TLS or DTLS where it is used; without the headers of TCP, UDP and IP.',
		...(subjects.every(({ idle }) => idle?.observed !== undefined)
			? []
			: [
					'Idle bytes are computed from the keep-alive that the connection asks for, as frames of the protocol alone, unless they were observed (option --idle of the command line).',
				]),
	];
}
