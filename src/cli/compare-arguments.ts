import { isRecord } from '../base/check';
import { targetProblem } from '../compare/report/concerns';
import type { Target } from '../direct/open';
import { shownName } from '../model/profile/shown-url';
import type { Guarantee } from '../protocols/comparison';
import { milliseconds } from './argument-values';
import { type CompareCommandOptions, sizeOf, splitSubject } from './commands/compare';
import { UsageError } from './commands/usage';
import type { Settings } from './settings';

interface Values {
	size?: string[];
	rate?: string;
	runs?: string;
	seconds?: string;
	guarantee?: string;
	idle?: string;
	'max-delay'?: string;
	'no-capacity'?: boolean;
	yes?: boolean;
	format?: string;
	output?: string;
}

const defaultSizes = ['16', '1k', '64k'];
const formats = ['markdown', 'html', 'json'] as const;

/** The options of `compare`. Throws a UsageError. */
export function compareArguments(
	subjects: readonly string[],
	values: Values,
	settings: Settings,
	targetOf: (connection: string, hasTarget: boolean) => Target,
): Omit<CompareCommandOptions, 'signal' | 'say' | 'product'> {
	if (subjects.length === 0)
		throw new UsageError(
			'Which connections? For example: messaging-workbench compare mqtt://localhost:test amqp://localhost:queue/test',
		);
	const idle = values.idle === undefined ? 0 : milliseconds(values.idle, 'idle') / 1000;
	return {
		subjects: subjects.map((argument) => subjectOf(argument, settings, targetOf)),
		sizes: (values.size ?? defaultSizes).flatMap((text) => text.split(',')).map(sizeOf),
		rate: number(values.rate, 'rate', 200, 1, 100_000),
		runs: number(values.runs, 'runs', 5, 1, 100),
		seconds: number(values.seconds, 'seconds', 5, 0.1, 3600),
		maxDelay: values['max-delay'] === undefined ? 20 : milliseconds(values['max-delay'], 'max-delay'),
		guarantees: guaranteesOf(values.guarantee),
		capacity: values['no-capacity'] !== true,
		format: formatOf(values.format, values.output),
		yes: values.yes === true,
		idle,
		...(values.output !== undefined && { output: values.output }),
	};
}

function subjectOf(
	argument: string,
	settings: Settings,
	targetOf: (connection: string, hasTarget: boolean) => Target,
): CompareCommandOptions['subjects'][number] {
	const { connection, target: address } = splitSubject(argument, (name) => settings.find(name) !== undefined);
	const target = targetOf(connection, address !== '');
	const name = address === '' ? target.profile.name : `${target.profile.name} ${address}`;
	const wrong = targetProblem(target.description, address);
	if (wrong)
		throw new UsageError(
			`"${shownName(name)}": ${wrong} Write connection and ${target.description.words.target} with a colon between.`,
		);
	const saved = settings.find(connection);
	return { name, target, address, production: isRecord(saved) && saved.production === true };
}

function guaranteesOf(text = 'both'): Guarantee[] {
	if (text === 'both') return ['at-most-once', 'at-least-once'];
	if (text === 'at-most-once' || text === 'at-least-once') return [text];
	throw new UsageError('--guarantee is at-most-once, at-least-once or both.');
}

/** The format that was asked for, or the one of the file's name. */
function formatOf(text: string | undefined, output: string | undefined): CompareCommandOptions['format'] {
	const [, ending] = /\.(html?|json)$/i.exec(output ?? '') ?? [];
	const chosen = text ?? (ending === undefined ? 'markdown' : ending.toLowerCase() === 'json' ? 'json' : 'html');
	const format = formats.find((one) => one === chosen);
	if (!format) throw new UsageError('--format of compare is markdown, html or json.');
	return format;
}

function number(text: string | undefined, option: string, usual: number, min: number, max: number): number {
	if (text === undefined) return usual;
	const value = Number(text);
	const isWhole = option === 'seconds' || Number.isInteger(value);
	if (text.trim() === '' || !isWhole || !(value >= min && value <= max))
		throw new UsageError(`--${option} is a number from ${min.toLocaleString('en')} to ${max.toLocaleString('en')}.`);
	return value;
}
