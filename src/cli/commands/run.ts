import { writeFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { toFailure } from '../../base/failure';
import { asConnection } from '../../direct/connection';
import { openTarget, type Target } from '../../direct/open';
import { check } from '../../files/check/check';
import { createLoops } from '../../files/rules/loops';
import type { ConnectionSpec } from '../../files/run/connection';
import { exitCode } from '../../files/run/results/result';
import { runFile } from '../../files/run/run';
import { clientValues } from '../../files/simulation/clients';
import { progressText } from '../../files/simulation/report';
import { lineOf, type MessageFile, type Section } from '../../files/syntax/ast';
import { environmentNameOf, optionOf, optionsOf, optionText } from '../../files/syntax/metadata';
import { titleOf } from '../../files/syntax/names';
import { parse } from '../../files/syntax/parse';
import { type ReadEnvironment, readEnvironment } from '../../files/values/environments';
import { projectFolder } from '../../files/values/project-folder';
import { shownName } from '../../model/profile/shown-url';
import { configuredNames, redact } from '../../model/text/redact';
import { createDeadLetterFile } from '../../node/dead-letters';
import { match } from '../../node/match';
import { clock, surroundings } from '../../node/surroundings';
import type { Output } from '../io/output';
import { bodyReader } from '../io/read-body';
import type { Settings } from '../settings';
import { localFolders, readEnvironmentTexts, readSource } from '../source';
import { describeSpec, secretVariable, targetOf } from '../target';
import { type FileReport, inJson, inJunit, inText } from './report';
import { createRuleProgress } from './rule-progress';
import { UsageError } from './usage';

export interface RunCommand {
	files: readonly string[];
	/** The names of the requests to run; empty: all that are not disabled. */
	names: readonly string[];
	/** The environment; undefined: that of each file. */
	env?: string;
	/** For requests that name none. */
	connection?: ConnectionSpec;
	/** Milliseconds. */
	timeout: number;
	json: boolean;
	junit?: string;
	/** Bodies are read from this folder and below; undefined: from the project folder of each file. */
	root?: string;
	settings: Settings;
	signal: AbortSignal;
	output: Output;
	/** Writes a line to standard error. */
	say(text: string): void;
	/** Replaces the line with the progress of simulations and rules; the empty text removes it. Undefined: not on a terminal. */
	progress?(text: string): void;
	/** The environment variables. */
	environment: NodeJS.ProcessEnv;
}

/** Runs files one after the other. Nothing of a file with errors is sent. Returns the exit code. */
export async function runCommand(command: RunCommand): Promise<number> {
	const hidden = new Set<string>();
	const reports: FileReport[] = [];
	/** The names for which no request has been found yet. */
	const missing = new Set(command.names);
	for (const path of command.files) {
		if (command.signal.aborted) break;
		const report = await runOne(path, command, hidden, missing);
		if (report) reports.push(report);
	}
	if (missing.size > 0)
		throw new UsageError(`There is no request named ${[...missing].map((name) => `"${shownName(name)}"`).join(', ')}.`);
	const results = reports.flatMap((report) => report.results);
	const code = reports.some(({ problems }) => problems.length > 0) ? 2 : exitCode(results);
	const count = (ending: string) => results.filter((result) => result.ending === ending).length;
	const passed = count('passed');
	if (command.json)
		command.output.write(`${JSON.stringify({ type: 'summary', requests: results.length, passed, exitCode: code })}\n`);
	else command.output.write(`${passed} of ${results.length} passed\n`);
	if (command.junit !== undefined) writeFileSync(command.junit, inJunit(reports, hidden));
	return code === 0 && count('stopped') > 0 ? 130 : code;
}

/** Undefined if the file has none of the requests that are asked for by name. */
async function runOne(
	path: string,
	command: RunCommand,
	hidden: Set<string>,
	missing: Set<string>,
): Promise<FileReport | undefined> {
	const problems: string[] = [];
	const problem = (message: string, line?: number) => {
		problems.push(message);
		if (command.json) {
			const json = { type: 'problem', file: path, ...(line && { line }), message };
			command.output.write(`${JSON.stringify(json)}\n`);
		} else command.say(`${line === undefined ? path : `${path}:${line}`}: ${message}`);
	};
	const failed = (): FileReport => ({ file: path, results: [], problems });
	let file: MessageFile;
	try {
		file = parse(readSource(path));
	} catch (error) {
		problem(toFailure(error).message);
		return failed();
	}
	const sections = wantedOf(file, command.names, missing);
	if (command.names.length > 0 && sections.length === 0) return undefined;
	const folder = dirname(resolve(path));
	const root = command.root === undefined ? await projectFolder(folder, localFolders) : resolve(command.root);
	const read = readEnvironment(await readEnvironmentTexts(folder, root), command.env ?? environmentNameOf(file));
	for (const one of read.problems) problem(`${one.file}: ${one.message}`);
	for (const name of read.environment.secret) hidden.add(read.environment.values.get(name) ?? '');
	const context = contextOf(command, read);
	for (const { severity, start, message } of check(file, { ...context, sections }))
		if (severity === 'error') problem(message, lineOf(file.text, start));
		else if (severity === 'warning') command.say(`${path}:${lineOf(file.text, start)}: ${message} (warning)`);
	if (problems.length > 0) return failed();
	if (!command.json) command.output.write(`${path}\n`);
	const progress = createRuleProgress(command.progress, (text) => command.say(redact(text, hidden)));
	const results = await runFile({
		...context,
		...{ file, sections, match, clock, hidden },
		signal: command.signal,
		timeout: command.timeout,
		// Reports wrong settings of the connection before anything is opened.
		describe: (spec) => context.target(spec).description,
		readFile: bodyReader(path, root),
		async connect(spec) {
			const target = withClientName(context.target(spec), spec);
			// A secret that is also a name, such as "guest", is visible as the name anyway.
			const names = configuredNames(target.profile);
			for (const value of Object.values(target.secrets)) if (!names.includes(value)) hidden.add(value);
			return asConnection(await openTarget(target, { hold: spec.hold, signal: spec.client && command.signal }));
		},
		onProgress: (progress) => command.progress?.(progressText(progress)),
		loops: createLoops(context.around.random, clock.now),
		addressOf: (spec) => context.target(spec).profile.url,
		deadLetters(section, spec) {
			const { profile, description } = context.target(spec);
			return createDeadLetterFile({
				...{ messageFile: path, root, rule: titleOf(file, section), path: optionsOf(file, section).deadLetters },
				head: { protocol: description.id, connection: profile.name, url: profile.url },
			});
		},
		onRule(rule) {
			progress.add(rule);
			const holding = rule.holding();
			if (holding && !holding.holds && command.progress) command.say(`${rule.name}: ${holding.text}`);
		},
		onResult(result) {
			command.progress?.('');
			command.output.write(command.json ? inJson(path, result, hidden) : inText(result, hidden));
		},
	});
	progress.end();
	return { file: path, results, problems };
}

/** The target with a name of its own for a simulated client. */
function withClientName(target: Target, { client }: ConnectionSpec): Target {
	if (!client) return target;
	const { profile, description } = target;
	return { ...target, profile: { ...profile, values: clientValues(description, profile.values, client) } };
}

/** Context for checks and runs, from the command line's options and the environment. */
function contextOf({ environment: env, settings, connection }: RunCommand, { environment, dotenv }: ReadEnvironment) {
	const withDefault = (spec: ConnectionSpec): ConnectionSpec =>
		spec.profile === undefined && spec.url === undefined && connection
			? { ...spec, ...connection, values: spec.values, secrets: spec.secrets }
			: spec;
	return {
		environment,
		around: surroundings({
			env: (name) => env[name],
			dotenv: (name) => dotenv.get(name),
			secret: (name) => env[secretVariable(name)],
		}),
		describe: (spec: ConnectionSpec) => describeSpec(withDefault(spec), settings),
		/** Throws a FailureError. */
		target: (spec: ConnectionSpec) => targetOf(withDefault(spec), settings, env),
	};
}

/** The requests to run. Removes their names from `missing`. */
function wantedOf(file: MessageFile, names: readonly string[], missing: Set<string>): Section[] {
	const requests = file.sections.filter(({ request }) => request !== undefined);
	if (names.length === 0) return requests.filter((section) => !optionOf(file, section, 'disabled'));
	return requests.filter((section) => {
		const own = optionText(file, section, 'name') ?? section.separator?.title?.text;
		if (own === undefined || !names.includes(own)) return false;
		missing.delete(own);
		return true;
	});
}
