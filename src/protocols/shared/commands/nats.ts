import { shownUrl } from '../../../model/profile/shown-url';
import { type LeftOut, messagesOf } from './literals';
import { asWritten, metadata, options, pairOf, readOptions, start } from './options';
import { asWord, commandLine, scriptOf } from './shell';
import { type Message, message, type Sketch, takeUrl, textOf } from './sketch';

const nats = options(
	`-s --server, --user, --password, --creds, --nkey, --context, -H --header, --reply, --count, --sleep, --timeout,
	--replies, --queue, --tlscert, --tlskey, --tlsca, --trace`,
	'--force-stdin, --raw, --headers-only',
);

const natsVerbs: Record<string, string> = {
	pub: 'PUBLISH',
	publish: 'PUBLISH',
	sub: 'SUBSCRIBE',
	subscribe: 'SUBSCRIBE',
	request: 'REQUEST',
	req: 'REQUEST',
};

/** The command reads bodies and headers as Go templates, in which this stands for two braces. */
const braces = '{{"{{"}}';
const toTemplate = (text: string) => text.replaceAll('{{', braces);
const fromTemplate = (text: string) => text.replaceAll(braces, '{{');
/** Applies a change of ASCII text to bytes that need not be text. */
const inBytes = (bytes: Uint8Array, change: (text: string) => string): Uint8Array =>
	Uint8Array.from(change(Array.from(bytes, (byte) => String.fromCharCode(byte)).join('')), (one) => one.charCodeAt(0));

/** Reads `nats pub`, `nats sub` and `nats request`. `input` is the standard input. */
export function readNats(words: string[], input?: Message): Sketch[] {
	const { set, rest, unknown } = readOptions(words.slice(1), nats);
	const [command = '', subject, ...body] = rest;
	const verb = Object.hasOwn(natsVerbs, command) ? natsVerbs[command] : undefined;
	if (!verb)
		throw new Error(`"nats ${shownUrl(command)}" cannot be pasted here. Use nats pub, nats sub or nats request.`);
	if (subject === undefined) throw new Error('The subject is missing.');
	const sketch = { ...start(verb), target: subject };
	sketch.dropped.push(...unknown);
	let url = 'nats://localhost:4222';
	for (const [name, value = ''] of set) {
		if (name === '-s') url = /:\/\//.test(value) ? value : `nats://${value}`;
		else if (name === '--user') sketch.username = value;
		else if (name === '--password') sketch.password = value;
		else if (name === '-H' && value.includes(':')) sketch.headers.push([...pairOf(fromTemplate(value)), 'message']);
		else if (name === '--reply') sketch.headers.push(['Reply-To', value]);
		else if (name === '--count' && verb === 'SUBSCRIBE') metadata(sketch, 'maxMessages', name, value);
		else if (name === '--count') metadata(sketch, 'loop', name, value, '', 'for ');
		else if (name === '--sleep') metadata(sketch, 'every', name, value);
		else if (name === '--timeout') metadata(sketch, 'timeout', name, value);
		else if (name === '--queue') sketch.headers.push(['Queue', value]);
		else sketch.dropped.push(asWritten([name, value]));
	}
	takeUrl(sketch, url);
	if (body.length > 0) sketch.messages.push(message(fromTemplate(body.join(' '))));
	else if (input) sketch.messages.push('file' in input ? input : { bytes: inBytes(input.bytes, fromTemplate) });
	return [sketch];
}

/** How the requests of a protocol are expressed for a NATS server. */
export interface NatsForm {
	server: string;
	/** Undefined for a target that no subject stands for. */
	subject: string | undefined;
	/** Options of the command by the header, in lower case, that they stand for. */
	options?: Readonly<Record<string, string>>;
	/** Headers, in lower case, that NATS does not have. */
	unsupported?: readonly string[];
}

/** `nats pub`, `nats request` or `nats sub`. Undefined for a subject that the command cannot take. */
export function writeNats(sketch: Sketch, form: NatsForm = natsForm(sketch)): string | undefined {
	const { subject, options: known = {}, unsupported = [] } = form;
	// Newer versions read the subject as a template as well; the word "--" is never one of the arguments.
	if (subject === undefined || subject === '' || subject === '--' || subject.includes('{{')) return undefined;
	const command = { SUBSCRIBE: 'sub', REQUEST: 'request' }[sketch.verb] ?? 'pub';
	const words = ['nats', command, '-s', form.server];
	if (sketch.username !== undefined) words.push(...flag('--user', sketch.username), '--password', 'PASSWORD');
	const left: LeftOut[] = [];
	for (const [name, value, kind] of sketch.headers) {
		const plain = kind === 'message' ? '' : name.toLowerCase();
		const option = Object.hasOwn(known, plain) ? known[plain] : undefined;
		if (option !== undefined) words.push(...flag(option, value));
		else if (unsupported.includes(plain)) left.push([`${name} ${value}`, 'which NATS does not have']);
		// The command splits at the first colon and trims both ends.
		else if (name.includes(':') || name.trim() !== name || value.trim() !== value)
			left.push([`${name}: ${value}`, 'which nats cannot send']);
		else words.push(...flag('-H', `${name}:${toTemplate(value)}`));
	}
	for (const [name, value] of sketch.metadata ?? [])
		if (name === 'maxMessages' && command === 'sub') words.push(...flag('--count', value));
		else if (name === 'timeout' && command === 'request') words.push(...flag('--timeout', value));
	const isOption = (text: string) => /^[-@]/.test(text);
	/** Adds the arguments behind the options, after "--" if one looks like an option or like a file of options. */
	const line = (rest: string[], more: string[] = []) => [
		...words.slice(0, 2),
		...more,
		...words.slice(2),
		...(rest.some(isOption) ? ['--'] : []),
		...rest,
	];
	if (command === 'sub') return scriptOf(left, [commandLine(line([subject]))]);
	const commands = messagesOf(sketch).map((one) => {
		const text = textOf(one);
		const written = text === undefined ? undefined : toTemplate(text);
		// The command has another meaning for these two words.
		if (text === '' || (asWord(written) && !['--', '!nil!'].includes(written)))
			return commandLine(line([subject, written ?? '']));
		const input = 'bytes' in one ? { bytes: inBytes(one.bytes, toTemplate) } : one;
		return commandLine(line([subject], ['--force-stdin']), input);
	});
	return scriptOf(left, commands);
}

/** An option with its value, which may look like an option or like a file of options. */
const flag = (name: string, value: string) =>
	/^[-@]/.test(value) ? [`${name === '-H' ? '--header' : name}=${value}`] : [name, value];

const natsForm = ({ url = '', target }: Sketch): NatsForm => ({
	server: url,
	subject: target,
	options: { 'reply-to': '--reply', queue: '--queue' },
});
