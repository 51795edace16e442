import { setMaxListeners } from 'node:events';
import { shownUrl } from '../model/profile/shown-url';
import { parseSize } from '../model/profile/size';
import { directionsOf, formatOf, milliseconds, specOf, speedOf, wholeNumber } from './argument-values';
import type { Values } from './arguments';
import type { RecordOptions } from './commands/record';
import { UsageError } from './commands/usage';
import { progress } from './io/terminal';
import { withProtocolHint } from './protocol-hint';
import { createSettings, type Settings } from './settings';
import { targetOf } from './target';

export interface Invocation {
	/** The arguments behind the command. */
	rest: string[];
	values: Values;
	/** Writes a line to standard error. */
	say(text: string): void;
	version(): string;
}

interface Context extends Invocation {
	settings: Settings;
	/** Aborted when the user stops the command. */
	signal: AbortSignal;
	timeout: number | undefined;
}

/** Runs a command, whose code is loaded first. Returns the exit code. Throws a UsageError or a FailureError. */
export async function start(command: string, invocation: Invocation): Promise<number> {
	// The settings are read only for the name of a connection. Most commands name a URL.
	const { parse } = await import('jsonc-parser');
	const { timeout } = invocation.values;
	const context: Context = {
		...invocation,
		settings: createSettings(process.cwd(), invocation.values.settings, (text) => {
			const errors: import('jsonc-parser').ParseError[] = [];
			const value: unknown = parse(text, errors, { allowTrailingComma: true });
			if (errors.length > 0) throw new Error('it is not valid JSON');
			return value;
		}),
		signal: onStop(),
		timeout: timeout === undefined ? undefined : milliseconds(timeout),
	};
	switch (command) {
		case 'run':
			return run(context);
		case 'replay':
			return replay(context);
		case 'compare':
			return compare(context);
		default:
			return onConnection(command, context);
	}
}

async function run({ rest, values, settings, signal, say, timeout = 10_000 }: Context): Promise<number> {
	const { runCommand } = await import('./commands/run');
	const { createOutput } = await import('./io/output');
	const { findFiles } = await import('./io/find-files');
	if (rest.length === 0) throw new UsageError('Which files? For example: messaging-workbench run tests/**/*.messages');
	const { env, junit, root, connection, protocol } = values;
	const output = createOutput();
	const code = await runCommand({
		...{ env, junit, root, timeout, settings, signal, output, say, progress },
		files: findFiles(rest, process.cwd()),
		names: values.name ?? [],
		connection: connection === undefined ? undefined : specOf(connection, protocol, false),
		json: values.json ?? false,
		environment: process.env,
	});
	output.flush();
	return code;
}

async function replay({ rest, values, settings, signal, say }: Context): Promise<number> {
	const { replayCommand } = await import('./commands/replay');
	const [path] = rest;
	if (path === undefined || rest.length > 1 || values.to === undefined)
		throw new UsageError(
			'Which recording, and to which connection? For example: messaging-workbench replay farm.recording.jsonl --to mqtt://localhost',
		);
	const { from, until, protocol } = values;
	const command = {
		...{ signal, say, progress, maps: values.map ?? [], only: values.only },
		target: targetOf(specOf(values.to, protocol, true), settings, process.env),
		speed: speedOf(values.speed),
		part: {
			...(from !== undefined && { from: milliseconds(from, 'from') }),
			...(until !== undefined && { until: milliseconds(until, 'until') }),
		},
		directions: directionsOf(values.direction),
		times: wholeNumber(values.times, 'times') ?? 1,
	};
	const { isStoredPlace, placeOf } = await import('./stored');
	const place = isStoredPlace(path) ? placeOf(path) : undefined;
	if (!place) return replayCommand({ ...command, path });
	const { replayStored } = await import('./commands/replay-stored');
	const source = targetOf(specOf(place.connection, undefined, true), settings, process.env);
	return replayStored({ ...command, from: source, place: place.target, started: values.recorded });
}

async function compare({ rest, values, settings, signal, say, version }: Context): Promise<number> {
	const { compareArguments } = await import('./compare-arguments');
	const { compareCommand } = await import('./commands/compare');
	const subjectOf = (connection: string, hasTarget: boolean) =>
		targetOf(specOf(connection, values.protocol, hasTarget), settings, process.env);
	return compareCommand({
		...compareArguments(rest, values, settings, subjectOf),
		...{ signal, say, product: `Messaging Workbench ${version()}` },
	});
}

/** `listen`, `record` and `publish`: a connection and its targets. */
async function onConnection(command: string, context: Context): Promise<number> {
	const { rest, values, settings, signal, say, timeout } = context;
	const [connection, ...subjects] = rest;
	if (connection === undefined) throw new UsageError('Which connection? The name of a saved one, or a URL.');
	const spec = specOf(connection, values.protocol, subjects.length > 0);
	const target = targetOf(spec, settings, process.env);
	const format = formatOf(values.format);
	const count = wholeNumber(values.count, 'count');
	const shared = { target, headers: values.header ?? [], signal, say };
	const receiving = { ...shared, subjects, count, timeout };
	let run: () => Promise<number>;
	if (command === 'listen') {
		const { formatWriter, listen } = await import('./commands/listen');
		run = () => listen({ ...receiving, writer: formatWriter(format, target.description) });
	} else if (command === 'record') run = await recording(receiving, context);
	else {
		if (subjects.length > 1) throw new UsageError('A message goes to one target. Quote a target with spaces.');
		const { publish } = await import('./commands/publish');
		run = () => publish({ ...shared, format, subject: subjects[0], message: values.message, input: process.stdin });
	}
	return run().catch((error) => {
		throw values.protocol === undefined ? withProtocolHint(error, spec.url, spec.protocol) : error;
	});
}

/** Where to record. Throws a UsageError. */
async function recording(
	receiving: Omit<RecordOptions, 'path' | 'keep'>,
	{ values, settings }: Context,
): Promise<() => Promise<number>> {
	const { output: path, to } = values;
	if (to !== undefined && path === undefined) {
		const place = (await import('./stored')).placeOf(to);
		if (!place)
			throw new UsageError(
				'--to names a connection and a target, such as cluster:recordings or kafka://host:9092:recordings.',
			);
		const { recordTo } = await import('./commands/record-to');
		const store = targetOf(specOf(place.connection, undefined, true), settings, process.env);
		return () => recordTo({ ...receiving, to: store, place: place.target });
	}
	if (path === undefined || to !== undefined)
		throw new UsageError(
			'Into which file, or where to? For example: -o farm.recording.jsonl, or --to cluster:recordings',
		);
	const keep = values.keep === undefined ? undefined : parseSize(values.keep);
	if (values.keep !== undefined && keep === undefined)
		throw new UsageError(`--keep is a size from 10 MB to 999 GB, not "${shownUrl(values.keep)}".`);
	const { record } = await import('./commands/record');
	return () => record({ ...receiving, progress, path, ...(keep !== undefined && { keep }) });
}

/** Aborted by the first SIGINT or SIGTERM; the second one ends the process at once. */
function onStop(): AbortSignal {
	// Each client of a simulation and each message of a rule listens to the end of it. Node warns of more than ten.
	setMaxListeners(0);
	const abort = new AbortController();
	for (const signal of ['SIGINT', 'SIGTERM'] as const)
		process.on(signal, () => {
			if (abort.signal.aborted) process.exit(130);
			abort.abort();
		});
	return abort.signal;
}
