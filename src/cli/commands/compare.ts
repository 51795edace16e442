import { randomBytes } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { toFailure } from '../../base/failure';
import { compare } from '../../compare/compare';
import { fault, type Subject } from '../../compare/connection';
import { markBytes } from '../../compare/mark';
import { concerns } from '../../compare/report/concerns';
import { toHtml } from '../../compare/report/html';
import { toMarkdown } from '../../compare/report/markdown';
import type { Report } from '../../compare/report/types';
import type { Target } from '../../direct/open';
import type { Guarantee } from '../../protocols/comparison';
import { UsageError } from './usage';

export interface CompareCommandOptions {
	/** Connection, target, and whether it is marked as production. */
	subjects: readonly { name: string; target: Target; address: string; production: boolean }[];
	sizes: readonly number[];
	rate: number;
	runs: number;
	/** Seconds. */
	seconds: number;
	idle: number;
	/** Milliseconds. */
	maxDelay: number;
	guarantees: readonly Guarantee[];
	capacity: boolean;
	format: 'markdown' | 'html' | 'json';
	/** Written instead of standard output. */
	output?: string;
	/** Other hosts and production are agreed to. */
	yes: boolean;
	product: string;
	signal: AbortSignal;
	say(text: string): void;
}

/** Seconds of the warm-up of each run. */
const warmUp = 0.5;

/** Measures connections side by side and writes the report. Returns the exit code. */
export async function compareCommand(options: CompareCommandOptions): Promise<number> {
	const { say, rate, seconds, runs, sizes, guarantees } = options;
	const subjects = options.subjects.map(({ name, target, address }): Subject => ({ ...target, name, target: address }));
	const asked = options.subjects.flatMap(({ name, target: { profile, description }, address, production }) =>
		concerns({ name, url: profile.url, production, description, target: address }),
	);
	if (asked.length > 0 && !options.yes) {
		const count = Math.round(rate * (seconds + warmUp)) * runs * sizes.length * guarantees.length;
		throw new UsageError(
			`This would send ${count.toLocaleString('en')} messages or more to each connection, at ${rate.toLocaleString('en')} per second. ${asked.join(' ')} Add --yes if you may do that.`,
		);
	}
	const onFault = (error: unknown) => {
		if (!fault(error)) throw error;
	};
	process.on('uncaughtException', onFault);
	process.on('unhandledRejection', onFault);
	let last = '';
	try {
		const report = await compare({
			...{ subjects, sizes, rate, seconds, runs, warmUp, guarantees },
			...{ maxDelay: options.maxDelay, capacity: options.capacity, idle: options.idle },
			...{ product: options.product, signal: options.signal },
			progress(text) {
				if (text !== '' && text !== last) say(text);
				last = text;
			},
		});
		const text = inFormat(report, options.format);
		if (options.output === undefined) process.stdout.write(text);
		else {
			try {
				writeFileSync(options.output, text);
			} catch (error) {
				say(`The report could not be written: ${toFailure(error).evidence ?? toFailure(error).message}`);
				return 1;
			}
			say(`The report is in ${options.output}.`);
		}
		return exitCode(report);
	} finally {
		process.off('uncaughtException', onFault);
		process.off('unhandledRejection', onFault);
	}
}

function inFormat(report: Report, format: CompareCommandOptions['format']): string {
	if (format === 'json') return `${JSON.stringify(report, undefined, '\t')}\n`;
	if (format === 'markdown') return toMarkdown(report);
	return toHtml(report, randomBytes(16).toString('base64url'));
}

/** 3 if a connection could not be opened, 1 if something could not be measured or it was stopped. */
function exitCode({ subjects, cells, stopped }: Report): number {
	if (subjects.some(({ problem }) => problem !== undefined)) return 3;
	const isIncomplete = cells.some(
		({ runs, problem, label }) =>
			(problem !== undefined && label !== '–') || runs.some(({ failure }) => failure !== undefined),
	);
	return isIncomplete || stopped ? 1 : 0;
}

/** The argument "connection:target". A connection that is a URL ends with its host, its port or its path. */
export function splitSubject(
	argument: string,
	isSaved: (name: string) => boolean,
): { connection: string; target: string } {
	const url = /^([a-z][a-z0-9+.-]*:\/\/(?:[^/@]*@)?(?:\[[^\]]*\]|[^/:]*)(?::\d+)?(?:\/[^:]*)?)(?::([\s\S]*))?$/i.exec(
		argument,
	);
	if (url) return { connection: url[1] as string, target: url[2] ?? '' };
	if (isSaved(argument)) return { connection: argument, target: '' };
	for (let colon = argument.lastIndexOf(':'); colon > 0; colon = argument.lastIndexOf(':', colon - 1))
		if (isSaved(argument.slice(0, colon)))
			return { connection: argument.slice(0, colon), target: argument.slice(colon + 1) };
	const colon = argument.indexOf(':');
	return colon < 0
		? { connection: argument, target: '' }
		: { connection: argument.slice(0, colon), target: argument.slice(colon + 1) };
}

/** "16", "1k", "64KiB": bytes. */
export function sizeOf(text: string): number {
	const [, digits = '', unit = ''] = /^(\d+)\s*(k|kib|kb|m|mib|mb|b)?$/i.exec(text.trim()) ?? [];
	const factor = /^k/i.test(unit) ? 1024 : /^m/i.test(unit) ? 1024 * 1024 : 1;
	const size = Number(digits) * factor;
	if (digits === '' || size < markBytes || size > maxSize)
		throw new UsageError(
			`--size is a number of bytes from ${markBytes} to ${maxSize.toLocaleString('en')}, such as 16, 1k or 64k.`,
		);
	return size;
}

const maxSize = 16 * 1024 * 1024;
