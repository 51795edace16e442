import { parseArgs } from 'node:util';
import { shownUrl } from '../model/profile/shown-url';
import { UsageError } from './commands/usage';

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

export type Values = ReturnType<typeof parseArguments>['values'];

/** Throws as `parseArgs` does. */
export function parseArguments(args: string[]) {
	return parseArgs({ args, options, allowPositionals: true, strict: true });
}

/** Throws a UsageError for an unknown command, and for an option that the command does not have. */
export function checkOptions(command: string | undefined, values: Values): asserts command is string {
	const allowed = command === undefined ? undefined : optionsOf[command];
	if (!allowed)
		throw new UsageError(command === undefined ? 'No command is given.' : `"${shownUrl(command)}" is not a command.`);
	const other = Object.keys(values).find((name) => !allowed.includes(name));
	if (other) throw new UsageError(`"${command}" does not take --${other}.`);
}
