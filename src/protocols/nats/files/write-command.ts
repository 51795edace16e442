import { type LeftOut, messagesOf } from '../../shared/commands/literals';
import { flag, limitsOf, subcommandOf, writeNats } from '../../shared/commands/nats';
import { asWord, commandLine, scriptOf } from '../../shared/commands/shell';
import { type Sketch, textOf } from '../../shared/commands/sketch';
import { keyOf } from './stored';

/** Headers of a request, in lower case, as the message headers that JetStream reads. */
export const streamHeaders: Readonly<Record<string, string>> = {
	'message-id': 'Nats-Msg-Id',
	'expected-stream': 'Nats-Expected-Stream',
	'expected-sequence': 'Nats-Expected-Last-Sequence',
	'expected-subject-sequence': 'Nats-Expected-Last-Subject-Sequence',
	'expected-message-id': 'Nats-Expected-Last-Msg-Id',
};

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
	const words = ['nats', 'kv', command];
	if (sketch.url !== undefined) words.push('-s', sketch.url);
	if (sketch.username !== undefined) words.push(...flag('--user', sketch.username), '--password', 'PASSWORD');
	const commands = messagesOf(sketch).map((one) => {
		const text = textOf(one);
		const isArgument = asWord(text) && text !== '--';
		// `update` takes its value from the command line only.
		if (!isArgument && command === 'update') return undefined;
		const rest = [place.bucket, place.key, ...(isArgument ? [text] : []), ...(update ? [expected as string] : [])];
		const guarded = rest.some((word) => /^[-@]/.test(word)) ? ['--', ...rest] : rest;
		return commandLine([...words, ...guarded], isArgument ? undefined : one);
	});
	return scriptOf(left, commands);
}
