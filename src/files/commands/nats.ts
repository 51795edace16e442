import { shownUrl } from '../../model/shown-url';
import { leftOut, messagesOf } from './literals';
import { asWritten, options, pairOf, start } from './reading';
import { printf, quote, readOptions } from './shell';
import { message, type Sketch, takeUrl, textOf } from './sketch';

const nats = options(
	[
		'-s --server',
		'--user',
		'--password',
		'--creds',
		'--nkey',
		'--context',
		'-H --header',
		'--reply',
		'--count',
		'--sleep',
		'--timeout',
		'--replies',
		'--queue',
		'--tlscert',
		'--tlskey',
		'--tlsca',
		'--trace',
	],
	['--force-stdin', '--raw', '--headers-only'],
);

const natsVerbs: Record<string, string> = {
	pub: 'PUBLISH',
	publish: 'PUBLISH',
	sub: 'SUBSCRIBE',
	subscribe: 'SUBSCRIBE',
	request: 'REQUEST',
	req: 'REQUEST',
};

/** `nats pub`, `nats sub` and `nats request`. */
export function readNats(words: string[]): Sketch[] {
	const { given, rest, unknown } = readOptions(words.slice(1), nats);
	const [command = '', subject, ...body] = rest;
	const verb = natsVerbs[command];
	if (!verb) throw new Error(`"nats ${shownUrl(command)}" is not known here: pub, sub and request are.`);
	if (subject === undefined) throw new Error('The subject is missing.');
	const sketch = { ...start(verb), target: subject };
	sketch.dropped.push(...unknown);
	let url = 'nats://localhost:4222';
	for (const [name, value = ''] of given) {
		if (name === '-s') url = /:\/\//.test(value) ? value : `nats://${value}`;
		else if (name === '--user') sketch.username = value;
		else if (name === '--password') sketch.password = value;
		else if (name === '-H' && value.includes(':')) sketch.headers.push(pairOf(value));
		else if (name === '--reply') sketch.headers.push(['Reply-To', value]);
		else if (name === '--count' && verb === 'SUBSCRIBE') sketch.metadata?.push(['maxMessages', value]);
		else if (name === '--count') sketch.metadata?.push(['loop', `for ${value}`]);
		else if (name === '--sleep') sketch.metadata?.push(['every', value]);
		else if (name === '--timeout') sketch.metadata?.push(['timeout', value]);
		else if (name === '--queue') sketch.headers.push(['Queue', value]);
		else sketch.dropped.push(asWritten([name, value]));
	}
	takeUrl(sketch, url);
	if (body.length > 0) sketch.messages.push(message(body.join(' ')));
	return [sketch];
}

/**
 * `nats pub`, `nats request` or `nats sub`: what was pasted from it, since nothing here speaks NATS itself; and MQTT
 * messages, as a NATS server that MQTT clients connect to files them (docs.nats.io, MQTT, "Topics and subjects"). Undefined
 * for a topic that no subject stands for, and for bytes: the tool takes a text.
 */
export function writeNats(sketch: Sketch): string | undefined {
	const own = /^nats:/i.test(sketch.url ?? '');
	const subject = own ? sketch.target : natsSubject(sketch.target, sketch.verb === 'SUBSCRIBE');
	if (subject === undefined || subject === '') return undefined;
	const command = { SUBSCRIBE: 'sub', REQUEST: 'request' }[sketch.verb] ?? 'pub';
	const words = ['nats', command, '-s', own ? (sketch.url ?? '') : serverOf(sketch.url ?? '')];
	if (sketch.username !== undefined) words.push('--user', sketch.username, '--password', 'PASSWORD');
	const left: string[] = [];
	for (const [name, value] of sketch.headers) {
		const plain = name.toLowerCase();
		if (own && plain === 'reply-to') words.push('--reply', value);
		else if (own && plain === 'queue') words.push('--queue', value);
		else if (!own && ['qos', 'retain'].includes(plain))
			left.push(leftOut('#', `${name} ${value}`, 'which NATS does not have'));
		else words.push('-H', `${name}:${value}`);
	}
	for (const [name, value] of sketch.metadata ?? [])
		if (name === 'maxMessages' && command === 'sub') words.push('--count', value);
		else if (name === 'timeout' && command === 'request') words.push('--timeout', value);
	const texts = messagesOf(sketch).map((one) => textOf(one) ?? '');
	// What looks like an option is none.
	if ([subject, ...texts].some((text) => text.startsWith('-'))) words.push('--');
	words.push(subject);
	if (command === 'sub') return [...left, words.map(quote).join(' ')].join('\n');
	const commands = messagesOf(sketch).map((one) => {
		if ('file' in one) return `${piped(words)} < ${quote(one.file)}`;
		const text = textOf(one);
		// Braces are templates to it ("{{Count}}"), and from standard input it takes one message, byte for byte.
		if (text === undefined || /\0|\{\{/.test(text)) return `${printf(one.bytes)} | ${piped(words)}`;
		return [...words, text].map(quote).join(' ');
	});
	return [...left, ...commands].join('\n');
}

const piped = (words: string[]) => [...words.slice(0, 2), '--force-stdin', ...words.slice(2)].map(quote).join(' ');

/** The same host: where it serves MQTT, it serves NATS, and usually at this port. */
const serverOf = (url: string) => `nats://${/^[a-z]+:\/\/(\[[^\]]*\]|[^:/?#]*)/i.exec(url)?.[1] ?? 'localhost'}:4222`;

/** Each level is a token, "." in one is "//", and a level without a name is "/". Spaces have no way to be said. */
function natsSubject(topic: string, filter: boolean): string | undefined {
	if (/[\s\0]/.test(topic) || (!filter && /[*>]/.test(topic))) return undefined;
	const token = (level: string) => (level === '' ? '/' : level.replaceAll('.', '//'));
	const wild: Record<string, string> = filter ? { '+': '*', '#': '>' } : {};
	return topic
		.split('/')
		.map((level) => wild[level] ?? token(level))
		.join('.');
}
