import { FailureError, toFailure } from '../base/failure';
import { shownUrl } from '../model/profile/shown-url';
import { checkOptions, parseArguments } from './arguments';
import { UsageError, usage } from './commands/usage';
import { failureText } from './io/output';
import { say } from './io/terminal';
import { start } from './start';

/** The command line. Returns the exit code and never throws. */
export async function main(args: string[], version: () => string): Promise<number> {
	// EPIPE ends the command normally.
	for (const stream of [process.stdout, process.stderr]) stream.on('error', () => {});
	try {
		const { values, positionals } = parseArguments(args);
		const [command, ...rest] = positionals;
		if (values.version) {
			process.stdout.write(`${version()}\n`);
			return 0;
		}
		if (values.help) {
			process.stdout.write(usage);
			return 0;
		}
		checkOptions(command, values);
		return await start(command, { rest, values, say, version });
	} catch (error) {
		return exitCodeOf(error);
	}
}

/** Reports an error and returns the exit code. */
function exitCodeOf(error: unknown): number {
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
