import { randomFillSync } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { toFailure } from '../../base/failure';
import { check } from '../../files/check/check';
import type { ConnectionSpec } from '../../files/run/connection';
import { exitCode, type RequestResult } from '../../files/run/results/result';
import { runFile } from '../../files/run/run';
import { lineOf, type MessageFile, type Section } from '../../files/syntax/ast';
import { environmentNameOf, optionOf, optionText } from '../../files/syntax/metadata';
import { parse } from '../../files/syntax/parse';
import { parseDotenv } from '../../files/values/dotenv';
import { readEnvironment } from '../../files/values/environments';
import { projectFolder } from '../../files/values/project-folder';
import { shownName } from '../../model/profile/shown-url';
import { configuredNames } from '../../model/text/redact';
import { match } from '../../node/match';
import { clock } from '../io/clock';
import { localFolders } from '../io/local-folders';
import type { Output } from '../io/output';
import { bodyReader } from '../io/read-body';
import { connectionOf, openTarget } from '../open';
import type { Settings } from '../settings';
import { readEnvironmentTexts, readSource } from '../source';
import { describeSpec, secretVariable, targetOf } from '../target';
import { inJson, inJunit, inText } from './report';
import { UsageError } from './usage';

export interface RunCommand {
	files: readonly string[];
	names: readonly string[];
	env?: string;
	/** For requests that name none. */
	connection?: ConnectionSpec;
	/** Milliseconds. */
	timeout: number;
	json: boolean;
	junit?: string;
	/** Bodies are read from here and below; undefined: from the project folder of each file. */
	root?: string;
	settings: Settings;
	signal: AbortSignal;
	output: Output;
	say(text: string): void;
	environment: NodeJS.ProcessEnv;
}

/** What became of one file. */
export interface FileReport {
	file: string;
	results: RequestResult[];
	/** Why nothing of it was sent. */
	problems: string[];
}

/** Runs files one after the other. Nothing of a file with errors is sent. Returns the exit code. */
export async function runCommand(command: RunCommand): Promise<number> {
	const hidden = new Set<string>();
	const reports: FileReport[] = [];
	const left = new Set(command.names);
	for (const path of command.files) {
		if (command.signal.aborted) break;
		const report = await runOne(path, command, hidden, left);
		if (report) reports.push(report);
	}
	if (left.size > 0)
		throw new UsageError(`There is no request named ${[...left].map((name) => `"${shownName(name)}"`).join(', ')}.`);
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

async function runOne(
	path: string,
	command: RunCommand,
	hidden: Set<string>,
	left: Set<string>,
): Promise<FileReport | undefined> {
	const report: FileReport = { file: path, results: [], problems: [] };
	const { output, environment: env, settings } = command;
	const problem = (text: string, line?: number) => {
		report.problems.push(text);
		const place = line === undefined ? path : `${path}:${line}`;
		if (command.json)
			output.write(`${JSON.stringify({ type: 'problem', file: path, ...(line && { line }), message: text })}\n`);
		else command.say(`${place}: ${text}`);
	};
	let file: MessageFile;
	try {
		file = parse(readSource(path));
	} catch (error) {
		problem(toFailure(error).message);
		return report;
	}
	const sections = wantedOf(file, command.names, left);
	if (command.names.length > 0 && sections.length === 0) return undefined;
	const folder = dirname(resolve(path));
	const root = command.root === undefined ? await projectFolder(folder, localFolders) : resolve(command.root);
	const texts = readEnvironmentTexts(folder, root);
	const name = command.env ?? environmentNameOf(file);
	const { environment, problems } = readEnvironment(texts, name);
	for (const one of problems) problem(`${one.file}: ${one.message}`);
	const dotenv = parseDotenv(texts.dotenv ?? '');
	const secret = (wanted: string) => env[secretVariable(wanted)];
	const around = {
		now: Date.now,
		random: (bytes: number) => randomFillSync(new Uint8Array(bytes)),
		env: (wanted: string) => env[wanted],
		dotenv: (wanted: string) => dotenv.get(wanted),
		secret,
	};
	for (const value of environment.secret) hidden.add(environment.values.get(value) ?? '');
	const withDefault = (spec: ConnectionSpec): ConnectionSpec =>
		spec.profile === undefined && spec.url === undefined && command.connection
			? { ...spec, ...command.connection, values: spec.values, secrets: spec.secrets }
			: spec;
	const describe = (spec: ConnectionSpec) => describeSpec(withDefault(spec), settings);
	const diagnostics = check(file, { describe, environment, around, sections });
	for (const { severity, start, message } of diagnostics)
		if (severity === 'error') problem(message, lineOf(file.text, start));
		else if (severity === 'warning') command.say(`${path}:${lineOf(file.text, start)}: ${message} (warning)`);
	if (report.problems.length > 0) return report;
	if (!command.json) output.write(`${path}\n`);
	report.results = await runFile({
		file,
		sections,
		environment,
		around,
		match,
		clock,
		signal: command.signal,
		timeout: command.timeout,
		// Whatever is wrong with the connection's settings is told before anything is opened.
		describe: (spec) => targetOf(withDefault(spec), settings, env).description,
		readFile: bodyReader(path, root),
		async connect(spec) {
			const target = targetOf(withDefault(spec), settings, env);
			// One that is also a name, such as "guest", stands in plain sight there.
			const names = configuredNames(target.profile);
			for (const value of Object.values(target.secrets)) if (!names.includes(value)) hidden.add(value);
			return connectionOf(await openTarget(target));
		},
		hidden,
		onResult(result) {
			output.write(command.json ? inJson(path, result, hidden) : inText(result, hidden));
		},
	});
	return report;
}

function wantedOf(file: MessageFile, names: readonly string[], left: Set<string>): Section[] {
	const requests = file.sections.filter(({ request }) => request !== undefined);
	if (names.length === 0) return requests.filter((section) => !optionOf(file, section, 'disabled'));
	return requests.filter((section) => {
		const own = optionText(file, section, 'name') ?? section.separator?.title?.text;
		if (own === undefined || !names.includes(own)) return false;
		left.delete(own);
		return true;
	});
}
