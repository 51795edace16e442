import { type LeftOut, messagesOf } from '../../shared/commands/literals';
import { asWritten, options, readOptions, start } from '../../shared/commands/options';
import { asWord, commandLine, scriptOf } from '../../shared/commands/shell';
import { type Message, message, type Sketch, type SketchHeader, takeUrl, textOf } from '../../shared/commands/sketch';
import { exchangeTarget, queueTarget } from '../describe/addresses';
import { headerText, typedHeaders } from './headers';
import { amqpHeaders, amqpPlace, amqpUrl, propertyNames } from './programs';

/** Headers with an option of `amqp-publish`. */
const amqpOptions: Record<string, string> = { 'Content-Type': '-C', 'Content-Encoding': '-E', 'Reply-To': '-t' };

/** The command parses its options with `popt`, which replaces "!#:+" in a value. No argument can contain a NUL. */
const isWord = (text: string) => !text.includes('!#:+') && !text.includes('\0');

/** `amqp-publish` of rabbitmq-c, one command for each message. Undefined for a target that it cannot express. */
export function writeAmqpPublish(sketch: Sketch): string | undefined {
	const { exchange, key } = amqpPlace(sketch.target);
	const { field, own } = amqpHeaders(sketch);
	const words = ['amqp-publish', '-u', amqpUrl(sketch)];
	if (exchange !== '') words.push('-e', exchange);
	words.push('-r', key);
	if (!words.every(isWord)) return undefined;
	const left: LeftOut[] = [];
	for (const name of propertyNames) {
		const value = field(name);
		if (value === undefined) continue;
		const option = amqpOptions[name];
		if (option && isWord(value)) words.push(option, value);
		else left.push([`${name} ${value}`, 'which amqp-publish cannot set']);
	}
	for (const [name, value] of typedHeaders(own, left)) {
		const text = headerText(value);
		const pair = `${name}: ${text}`;
		// The command splits at the first colon and removes the spaces behind it.
		if (text === undefined || name.includes(':') || text.startsWith(' ') || !isWord(pair))
			left.push([`${name}: ${text ?? 'a value with a type'}`, 'which amqp-publish cannot set']);
		else words.push('-H', pair);
	}
	if (field('Persistent') !== 'false') words.push('-p');
	const commands = messagesOf(sketch).map((one) => {
		const text = textOf(one);
		return asWord(text) && isWord(text) ? commandLine([...words, '-b', text]) : commandLine(words, one);
	});
	return scriptOf(left, commands);
}

const amqp = options(
	`-u --url, -s --server, --port, --vhost, --username, --password, --heartbeat, -e --exchange, -r --routing-key,
	-C --content-type, -t --reply-to, -E --content-encoding, -H --header, -b --body, --cacert, --key, --cert`,
	'-p --persistent, -l --line-buffered, --ssl',
);

/** Splits `name: value` like `amqp-publish`. The value is text, even if it looks like a value with a type. */
function amqpHeader(text: string): SketchHeader {
	const colon = text.indexOf(':');
	const value = text.slice(colon + 1).replace(/^ +/, '');
	return [text.slice(0, colon), /^\([\w-]+\)/.test(value) ? `(text) ${value}` : value, 'message'];
}

/** Reads `amqp-publish` of rabbitmq-c. `input` is its standard input. */
export function readAmqpPublish(words: string[], input?: Message): Sketch[] {
	const { set, rest, unknown } = readOptions(words.slice(1), amqp);
	const sketch = start('PUBLISH');
	sketch.dropped.push(...unknown, ...rest);
	let host = 'localhost';
	let port = '';
	let vhost = '';
	let url: string | undefined;
	let tls = false;
	let exchange = '';
	let persistent = false;
	for (const [name, value = ''] of set) {
		if (name === '-u') url = value;
		else if (name === '-s') host = value;
		else if (name === '--port') port = `:${value}`;
		else if (name === '--vhost') vhost = `/${encodeURIComponent(value)}`;
		else if (name === '--username') sketch.username = value;
		else if (name === '--password') sketch.password = value;
		else if (name === '--ssl') tls = true;
		else if (name === '-e') exchange = value;
		else if (name === '-r') sketch.target = value;
		else if (name === '-C') sketch.headers.push(['Content-Type', value]);
		else if (name === '-E') sketch.headers.push(['Content-Encoding', value]);
		else if (name === '-t') sketch.headers.push(['Reply-To', value]);
		else if (name === '-p') persistent = true;
		else if (name === '-H' && value.includes(':')) sketch.headers.push(amqpHeader(value));
		else if (name === '-b') sketch.messages.push(message(value));
		else sketch.dropped.push(asWritten([name, value]));
	}
	if (input && sketch.messages.length === 0) sketch.messages.push(input);
	// The default exchange routes by the name of a queue.
	sketch.target = exchange === '' ? queueTarget(sketch.target) : exchangeTarget(exchange, sketch.target);
	if (!persistent) sketch.headers.push(['Persistent', 'false']);
	takeUrl(sketch, url ?? `${tls ? 'amqps' : 'amqp'}://${host}${port}${vhost}`);
	return [sketch];
}
