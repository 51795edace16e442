import { setMaxListeners } from 'node:events';
import { parseArgs } from 'node:util';
import { FailureError, toFailure } from '../base/failure';
import type { ConnectionSpec } from '../files/run/connection';
import { shownName, shownUrl } from '../model/profile/shown-url';
import { parseSize } from '../model/profile/size';
import { parseDuration } from '../model/text/duration';
import { redactSentence } from '../model/text/redact';
import { descriptions } from '../protocols/descriptions';
import { UsageError, usage } from './commands/usage';
import { failureText } from './io/output';
import { withProtocolHint } from './protocol-hint';

const options = {
	name: { type: 'string', multiple: true },
	env: { type: 'string' },
	connection: { type: 'string' },
	timeout: { type: 'string' },
	json: { type: 'boolean' },
	junit: { type: 'string' },
	root: { type: 'string' },
	format: { type: 'string' },
	count: { type: 'string' },
	message: { type: 'string' },
	header: { type: 'string', short: 'H', multiple: true },
	protocol: { type: 'string' },
	settings: { type: 'string' },
	help: { type: 'boolean', short: 'h' },
	output: { type: 'string', short: 'o' },
	keep: { type: 'string' },
	to: { type: 'string' },
	speed: { type: 'string' },
	map: { type: 'string', multiple: true },
	only: { type: 'string' },
	from: { type: 'string' },
	until: { type: 'string' },
	times: { type: 'string' },
	direction: { type: 'string' },
	size: { type: 'string', multiple: true },
	rate: { type: 'string' },
	runs: { type: 'string' },
	seconds: { type: 'string' },
	guarantee: { type: 'string' },
	idle: { type: 'string' },
	'max-delay': { type: 'string' },
	'no-capacity': { type: 'boolean' },
	yes: { type: 'boolean' },
	recorded: { type: 'string' },
	version: { type: 'boolean' },
} as const;

/** The options of each command. */
const optionsOf: Record<string, readonly string[]> = {
	run: ['name', 'env', 'connection', 'timeout', 'json', 'junit', 'root', 'settings', 'protocol'],
	listen: ['format', 'count', 'timeout', 'header', 'protocol', 'settings'],
	record: ['output', 'keep', 'to', 'count', 'timeout', 'header', 'protocol', 'settings'],
	replay: ['to', 'speed', 'map', 'only', 'from', 'until', 'times', 'direction', 'recorded', 'protocol', 'settings'],
	compare: [
		...['size', 'rate', 'runs', 'seconds', 'guarantee', 'idle', 'max-delay', 'no-capacity', 'yes'],
		...['format', 'output', 'protocol', 'settings'],
	],
	publish: ['format', 'message', 'header', 'protocol', 'settings'],
};

type Values = ReturnType<typeof parse>['values'];

function parse(args: string[]) {
	return parseArgs({ args, options, allowPositionals: true, strict: true });
}

/** The command line. Returns the exit code and never throws. */
export async function main(args: string[], version: () => string): Promise<number> {
	// EPIPE ends the command normally.
	for (const stream of [process.stdout, process.stderr]) stream.on('error', () => {});
	const say = (text: string) => void process.stderr.write(`${redactSentence(text)}\n`);
	try {
		const { values, positionals } = parse(args);
		const [command, ...rest] = positionals;
		if (values.version) {
			process.stdout.write(`${version()}\n`);
			return 0;
		}
		if (values.help) {
			process.stdout.write(usage);
			return 0;
		}
		const allowed = command === undefined ? undefined : optionsOf[command];
		if (!allowed)
			throw new UsageError(command === undefined ? 'No command is given.' : `"${shownUrl(command)}" is not a command.`);
		const other = Object.keys(values).find((name) => !allowed.includes(name));
		if (other) throw new UsageError(`"${command}" does not take --${other}.`);
		return await start(command as string, rest, values, say, version);
	} catch (error) {
		return exitCodeOf(error, say);
	}
}

/** Reports an error and returns the exit code. */
function exitCodeOf(error: unknown, say: (text: string) => void): number {
	const isUsage =
		error instanceof UsageError || String((error as { code?: unknown })?.code).startsWith('ERR_PARSE_ARGS');
	if (isUsage) {
		// Node quotes an unknown option, which may be a misplaced URL with a password.
		const text = (error as Error).message.replace(
			/^(Unknown option) '(.*?)'(?:\. To specify.*)?$/s,
			(_, what: string, option: string) => `${what} "${shownUrl(option)}".`,
		);
		say(`${text}\nRun messaging-workbench --help for the commands and options.`);
		return 2;
	}
	const failure = toFailure(error);
	say(failureText(failure));
	return error instanceof FailureError && wrongUse.has(failure.code) ? 2 : 3;
}

/** Codes of failures that come from the arguments or the settings, not from a server. */
const wrongUse = new Set([
	'bad-settings',
	'unknown-connection',
	'unknown-protocol',
	'no-connection',
	'bad-url',
	'bad-field',
	'unset-variable',
	'wrong-type',
	'missing',
	'url-password',
	'secret-in-settings',
]);

async function start(
	command: string,
	rest: string[],
	values: Values,
	say: (text: string) => void,
	version: () => string,
): Promise<number> {
	const { createSettings } = await import('./settings');
	// The settings are read only for the name of a connection. Most commands name a URL.
	const { parse: parseJson } = await import('jsonc-parser');
	const settings = createSettings(process.cwd(), values.settings, (text) => {
		const errors: import('jsonc-parser').ParseError[] = [];
		const value: unknown = parseJson(text, errors, { allowTrailingComma: true });
		if (errors.length > 0) throw new Error('it is not valid JSON');
		return value;
	});
	const signal = onStop();
	const timeout = values.timeout === undefined ? undefined : milliseconds(values.timeout);
	if (command === 'run') {
		const { runCommand } = await import('./commands/run');
		const { createOutput } = await import('./io/output');
		const { findFiles } = await import('./io/find-files');
		if (rest.length === 0)
			throw new UsageError('Which files? For example: messaging-workbench run tests/**/*.messages');
		const output = createOutput();
		const code = await runCommand({
			files: findFiles(rest, process.cwd()),
			names: values.name ?? [],
			env: values.env,
			connection: values.connection === undefined ? undefined : specOf(values.connection, values.protocol, false),
			timeout: timeout ?? 10_000,
			json: values.json ?? false,
			junit: values.junit,
			root: values.root,
			settings,
			signal,
			output,
			say,
			progress: process.stderr.isTTY ? progressLine : undefined,
			environment: process.env,
		});
		output.flush();
		return code;
	}
	const { targetOf } = await import('./target');
	if (command === 'replay') {
		const { replayCommand } = await import('./commands/replay');
		const [path] = rest;
		if (path === undefined || rest.length > 1 || values.to === undefined)
			throw new UsageError(
				'Which recording, and to which connection? For example: messaging-workbench replay farm.recording.jsonl --to mqtt://localhost',
			);
		const command = {
			...{ signal, say, maps: values.map ?? [], only: values.only },
			target: targetOf(specOf(values.to, values.protocol, true), settings, process.env),
			speed: speedOf(values.speed),
			part: {
				...(values.from !== undefined && { from: milliseconds(values.from, 'from') }),
				...(values.until !== undefined && { until: milliseconds(values.until, 'until') }),
			},
			directions: directionsOf(values.direction),
			times: wholeNumber(values.times, 'times') ?? 1,
		};
		const { isStoredPlace, placeOf } = await import('./stored');
		const place = isStoredPlace(path) ? placeOf(path) : undefined;
		if (!place) return replayCommand({ ...command, path });
		const { replayStored } = await import('./commands/replay-stored');
		const from = targetOf(specOf(place.connection, undefined, true), settings, process.env);
		return replayStored({ ...command, from, place: place.target, started: values.recorded });
	}
	if (command === 'compare') {
		const { compareArguments } = await import('./compare-arguments');
		const { compareCommand } = await import('./commands/compare');
		const subjectOf = (connection: string, hasTarget: boolean) =>
			targetOf(specOf(connection, values.protocol, hasTarget), settings, process.env);
		return compareCommand({
			...compareArguments(rest, values, settings, subjectOf),
			...{ signal, say, product: `Messaging Workbench ${version()}` },
		});
	}
	const [connection, ...subjects] = rest;
	if (connection === undefined) throw new UsageError('Which connection? The name of a saved one, or a URL.');
	const spec = specOf(connection, values.protocol, subjects.length > 0);
	const target = targetOf(spec, settings, process.env);
	const format = formatOf(values.format);
	const shared = { target, headers: values.header ?? [], signal, say };
	const hinted = (code: Promise<number>) =>
		code.catch((error) => {
			throw values.protocol === undefined ? withProtocolHint(error, spec.url, spec.protocol) : error;
		});
	const count = wholeNumber(values.count, 'count');
	if (command === 'listen') {
		const { formatWriter, listen } = await import('./commands/listen');
		return hinted(listen({ ...shared, subjects, count, timeout, writer: formatWriter(format, target.description) }));
	}
	if (command === 'record') {
		const path = values.output;
		if ((path === undefined) === (values.to === undefined))
			throw new UsageError(
				'Into which file, or where to? For example: -o farm.recording.jsonl, or --to cluster:recordings',
			);
		if (values.to !== undefined) {
			const place = (await import('./stored')).placeOf(values.to);
			if (!place)
				throw new UsageError(
					'--to names a connection and a target, such as cluster:recordings or kafka://host:9092:recordings.',
				);
			const { recordTo } = await import('./commands/record-to');
			const to = targetOf(specOf(place.connection, undefined, true), settings, process.env);
			return hinted(recordTo({ ...shared, subjects, count, timeout, to, place: place.target }));
		}
		const keep = values.keep === undefined ? undefined : parseSize(values.keep);
		if (values.keep !== undefined && keep === undefined)
			throw new UsageError(`--keep is a size from 10 MB to 999 GB, not "${shownUrl(values.keep)}".`);
		const { record } = await import('./commands/record');
		return hinted(
			record({ ...shared, subjects, count, timeout, path: path as string, ...(keep !== undefined && { keep }) }),
		);
	}
	if (subjects.length > 1) throw new UsageError('A message goes to one target. Quote a target with spaces.');
	const { publish } = await import('./commands/publish');
	return hinted(publish({ ...shared, format, subject: subjects[0], message: values.message, input: process.stdin }));
}

/** Writes over the line of the terminal. */
function progressLine(text: string): void {
	process.stderr.write(`\r\u001b[K${redactSentence(text)}`);
}

function formatOf(format: string | undefined): 'json' | 'lines' | 'raw' {
	if (format === undefined || format === 'json' || format === 'lines' || format === 'raw') return format ?? 'json';
	throw new UsageError(`--format is json, lines or raw, not "${shownUrl(format)}".`);
}

/** Undefined: as fast as possible. */
function speedOf(text = '1'): number | undefined {
	if (text === 'max') return undefined;
	const speed = Number(text);
	if (!(speed >= 0.1 && speed <= 100)) throw new UsageError('--speed is a number from 0.1 to 100, or max.');
	return speed;
}

function directionsOf(text = 'in'): ('in' | 'out')[] {
	if (text === 'in' || text === 'out') return [text];
	if (text === 'both') return ['in', 'out'];
	throw new UsageError(`--direction is in, out or both, not "${shownUrl(text)}".`);
}

function wholeNumber(text: string | undefined, option: string): number | undefined {
	if (text === undefined) return undefined;
	const count = Number(text);
	if (!(Number.isSafeInteger(count) && count > 0)) throw new UsageError(`--${option} is a whole number above 0.`);
	return count;
}

function milliseconds(text: string, option = 'timeout'): number {
	const duration = parseDuration(text);
	if ('problem' in duration) throw new UsageError(`--${option}: ${duration.problem.replace(text.trim(), shownName)}`);
	return duration.ms;
}

/**
 * The connection of an argument: a URL, or the name of a saved connection. Where protocols share a scheme, `hasTarget`
 * chooses one whose messages have targets.
 */
function specOf(text: string, protocol: string | undefined, hasTarget: boolean): ConnectionSpec {
	const scheme = /^([a-z][a-z0-9+.-]*):\/\//i.exec(text)?.[1]?.toLowerCase();
	const shared = { values: {}, secrets: {}, own: false };
	if (protocol !== undefined && !descriptions.some(({ id }) => id === protocol))
		throw new UsageError(
			`--protocol is one of ${descriptions.map(({ id }) => id).join(', ')}, not "${shownUrl(protocol)}".`,
		);
	if (scheme === undefined) return { ...shared, profile: text };
	const fitting = descriptions.filter(({ schemes }) => schemes.some((one) => one.scheme === scheme));
	const best = fitting.find(({ verbs }) => (verbs[0]?.target !== 'none') === hasTarget) ?? fitting[0];
	return { ...shared, url: text, protocol: protocol ?? best?.id };
}

/** Aborted by the first SIGINT or SIGTERM; the second one ends the process at once. */
function onStop(): AbortSignal {
	const abort = new AbortController();
	// Each client of a simulation listens to it.
	setMaxListeners(0, abort.signal);
	for (const signal of ['SIGINT', 'SIGTERM'] as const)
		process.on(signal, () => {
			if (abort.signal.aborted) process.exit(130);
			abort.abort();
		});
	return abort.signal;
}
