import { type LeftOut, messagesOf } from '../../shared/commands/literals';
import { flag, limitsOf, subcommandOf, writeNats } from '../../shared/commands/nats';
import { asWord, commandLine, scriptOf } from '../../shared/commands/shell';
import { type Sketch, textOf } from '../../shared/commands/sketch';
import { streamHeaders as byKey } from '../describe/fields/message-fields';
import { keyOf } from './stored';

/** Headers of a request, in lower case, as the message headers that JetStream reads. */
export const streamHeaders: Readonly<Record<string, string>> = Object.fromEntries(
	Object.entries(byKey).map(([key, name]) => [key.replace(/[A-Z]/g, '-$&').toLowerCase(), name]),
);

export const headerOf = (sketch: Sketch, name: string): string | undefined =>
	sketch.headers.find(([one, , kind]) => kind !== 'message' && one.toLowerCase() === name)?.[1];

/** The message is stored in a stream, which acknowledges it. */
export const isForStream = (sketch: Sketch): boolean =>
	headerOf(sketch, 'verb') === 'stream' || sketch.own?.verb === 'stream';

/** The mode of a sketch that receives: `Mode`, or that of the planned request. */
export const modeOf = (sketch: Sketch): string => headerOf(sketch, 'mode') ?? (sketch.own?.verb || 'subscribe');

/** `nats pub`, `nats request` or `nats sub`. Undefined for what the command cannot do. */
export function writeCommand(sketch: Sketch): string | undefined {
	const receives = sketch.verb === 'SUBSCRIBE';
	if (sketch.verb === 'CONSUME' || (receives && !['subscribe', 'queue'].includes(modeOf(sketch)))) return undefined;
	const seconds = headerOf(sketch, 'timeout');
	return writeNats(sketch, {
		command: ['nats', subcommandOf(sketch)],
		receives,
		server: sketch.url,
		subject: sketch.target,
		more: [
			...(isForStream(sketch) && subcommandOf(sketch) === 'pub' ? ['--jetstream'] : []),
			...(seconds !== undefined && /^\d+(?:\.\d+)?$/.test(seconds) ? ['--timeout', `${seconds}s`] : []),
			...limitsOf(sketch),
		],
		options: {
			...{ reply: '--reply', 'reply-to': '--reply', 'max-answers': '--replies', ...streamHeaders },
			...(receives && { queue: '--queue' }),
		},
		unneeded: ['verb', 'mode', 'timeout', 'internal'],
	});
}

/** The words of a command, with the options of its connection. */
const commandWords = (sketch: Sketch, ...names: string[]): string[] => [
	'nats',
	...names,
	...(sketch.url === undefined ? [] : ['-s', sketch.url]),
	...(sketch.username === undefined ? [] : [...flag('--user', sketch.username), '--password', 'PASSWORD']),
];

/** Arguments behind "--" if one looks like an option or like a file of options. */
const guarded = (rest: readonly string[]) => (rest.some((word) => /^[-@]/.test(word)) ? ['--', ...rest] : [...rest]);

/** `nats stream view` or `nats stream get` for a request that reads a stream. Undefined for any other. */
export function writeStream(sketch: Sketch): string | undefined {
	if (sketch.verb !== 'SUBSCRIBE' || modeOf(sketch) !== 'stream') return undefined;
	const [from, filter] = [headerOf(sketch, 'from') ?? 'newest', headerOf(sketch, 'filter')];
	const sequence = from === 'first' ? '1' : from === 'sequence' ? headerOf(sketch, 'sequence') : undefined;
	const count = headerOf(sketch, 'count') ?? '100';
	const left: LeftOut[] = [];
	if (headerOf(sketch, 'follow') !== 'false') left.push(['Follow', 'since the command reads what is there']);
	if (count === '1' && from === 'sequence' && sequence !== undefined && filter === undefined)
		return scriptOf(left, [
			commandLine([...commandWords(sketch, 'stream', 'get'), ...guarded([sketch.target, sequence])]),
		]);
	if (from === 'last' && filter !== undefined)
		return scriptOf(left, [
			commandLine([
				...commandWords(sketch, 'stream', 'get'),
				...flag('--last-for', filter),
				...guarded([sketch.target]),
			]),
		]);
	const words = commandWords(sketch, 'stream', 'view');
	if (sequence !== undefined) words.push(...flag('--id', sequence));
	else left.push([`From ${from}`, 'which the command cannot express']);
	if (filter !== undefined) words.push(...flag('--subject', filter));
	// The command shows at most 25 messages in a page.
	const page = /^\d{1,9}$/.test(count) ? Math.min(Number(count), 25) : 25;
	return scriptOf(left, [commandLine([...words, ...guarded([sketch.target, String(page)])])]);
}

/** `nats kv get`, `nats kv history` or `nats kv watch` for a request that reads a bucket. Undefined for any other. */
export function writeWatch(sketch: Sketch): string | undefined {
	if (sketch.verb !== 'SUBSCRIBE' || modeOf(sketch) !== 'kv') return undefined;
	const [key, history] = [headerOf(sketch, 'key') || undefined, headerOf(sketch, 'history') ?? 'last'];
	const one = key !== undefined && !/(^|\.)[*>](\.|$)/.test(key);
	const stops = headerOf(sketch, 'follow') === 'false';
	const rest = guarded([sketch.target, ...(key === undefined ? [] : [key])]);
	if (one && stops && history === 'all') return commandLine([...commandWords(sketch, 'kv', 'history'), ...rest]);
	if (one && stops && history === 'last') return commandLine([...commandWords(sketch, 'kv', 'get'), ...rest]);
	const options = history === 'all' ? ['--history'] : history === 'new' ? ['--updates'] : [];
	const left: LeftOut[] = stops ? [['Follow false', 'since the command goes on until it is stopped']] : [];
	return scriptOf(left, [commandLine([...commandWords(sketch, 'kv', 'watch'), ...options, ...rest])]);
}

/** `nats kv put` for a message that stores a value under a key. Undefined for any other message. */
export function writeKeyValue(sketch: Sketch): string | undefined {
	const place = keyOf(sketch.target);
	if (!place || sketch.verb !== 'PUBLISH') return undefined;
	const expected = headerOf(sketch, 'expected-subject-sequence');
	const others = sketch.headers.filter(([name, , kind]) => {
		const plain = kind === 'message' ? '' : name.toLowerCase();
		return !['verb', 'expected-subject-sequence'].includes(plain);
	});
	const left = others.map(([name, value]): LeftOut => [`${name}: ${value}`, 'which the command has no option for']);
	const update = expected !== undefined && /^[1-9]\d{0,19}$/.test(expected);
	const command = expected === '0' ? 'create' : update ? 'update' : 'put';
	const words = commandWords(sketch, 'kv', command);
	const commands = messagesOf(sketch).map((one) => {
		const text = textOf(one);
		const isArgument = asWord(text) && text !== '--';
		// `update` takes its value from the command line only.
		if (!isArgument && command === 'update') return undefined;
		const rest = [place.bucket, place.key, ...(isArgument ? [text] : []), ...(update ? [expected as string] : [])];
		return commandLine([...words, ...guarded(rest)], isArgument ? undefined : one);
	});
	return scriptOf(left, commands);
}
