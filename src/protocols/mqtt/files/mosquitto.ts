import { toText } from '../../../model/contracts/payload';
import { hexOf } from '../../shared/commands/code';
import { messagesOf } from '../../shared/commands/literals';
import { asWritten, metadata, type Option, options, readOptions, start } from '../../shared/commands/options';
import { asWord, commandLine, scriptOf } from '../../shared/commands/shell';
import { linesOf, type Message, message, type Sketch, takeUrl, textOf } from '../../shared/commands/sketch';
import { mqttOptions } from './message-options';

const shared: Option[] = [
	...options(
		`-h --host, -p --port, -u --username, -P --pw, -t --topic, -q --qos, -L --url, -i --id, -I --id-prefix,
	-k --keepalive, -V --protocol-version, -A, -x --session-expiry-interval, --cafile, --capath, --cert, --key,
	--tls-version, --tls-alpn, --ciphers, --psk, --psk-identity, --will-topic, --will-payload, --will-qos, --unix,
	-o, --socks5-url, --proxy`,
		'-d --debug, -c --disable-clean-session, -S, --quiet, --insecure, --will-retain, --tls-use-os-certs, --nodelay',
	),
	// A user property has a name and a value.
	{ names: ['-D', '--property'], takes: ([, name]) => (name === 'user-property' ? 4 : 3) },
];
const pub: Option[] = [
	...shared,
	...options(
		'-m --message, -f --file, -M --max-inflight, --repeat, --repeat-delay',
		'-r --retain, -n --null-message, -s --stdin-file, -l --stdin-line',
	),
];
const sub: Option[] = [
	...shared,
	...options(
		'-C, -W, -F, -T --filter-out, -U --unsubscribe, -M --max-inflight',
		'-v --verbose, -N, -R, -E, --retained-only, --remove-retained, --retain-as-published, --pretty',
	),
];

/** Options that a request does not need. */
const withoutEffect = ['-n', '-v', '-d', '--quiet'];

/** Properties of a PUBLISH: the name on the command line, and the header. */
const properties: Record<string, string> = {
	'content-type': 'Content-Type',
	'response-topic': 'Response-Topic',
	'correlation-data': 'Correlation-Data',
	'message-expiry-interval': 'Message-Expiry',
	'payload-format-indicator': 'Payload-Format',
	'topic-alias': 'Topic-Alias',
};

/** Reads `mosquitto_pub` or `mosquitto_sub`, with one sketch for each topic. `input` is its standard input. */
export function readMosquitto(words: string[], input?: Message): Sketch[] {
	const publishes = /mosquitto_pub$/.test(words[0] ?? '');
	const { set, rest, unknown } = readOptions(words.slice(1), publishes ? pub : sub);
	const sketch = start(publishes ? 'PUBLISH' : 'SUBSCRIBE');
	sketch.dropped.push(...unknown, ...rest);
	const topics: string[] = [];
	const pairs: [string, string][] = [];
	let host = 'localhost';
	let port: string | undefined;
	let tls = false;
	let url: string | undefined;
	for (const [name, value = '', ...more] of set) {
		if (name === '-h') host = value;
		else if (name === '-p') port = value;
		else if (name === '-u') sketch.username = value;
		else if (name === '-P') sketch.password = value;
		else if (name === '-t') topics.push(value);
		else if (name === '-q') sketch.headers.push(['QoS', value]);
		else if (name === '-r') sketch.headers.push(['Retain', 'true']);
		else if (name === '-m') sketch.messages.push(message(value));
		else if (name === '-f') sketch.messages.push({ file: value });
		else if (name === '-s' && input) sketch.messages.push(input);
		else if (name === '-l' && input && 'bytes' in input) sketch.messages.push(...linesOf(input.bytes));
		else if (name === '-L') url = value;
		else if (name === '-C') metadata(sketch, 'maxMessages', name, value);
		else if (name === '-W') metadata(sketch, 'timeout', name, value, 's');
		else if (name === '--retain-as-published') sketch.headers.push(['Retain-As-Published', 'true']);
		else if (name === '--repeat') metadata(sketch, 'loop', name, value, '', 'for ');
		else if (name === '--repeat-delay') metadata(sketch, 'every', name, value, 's');
		else if (name === '-D') property(sketch, pairs, [value, ...more]);
		else if (!withoutEffect.includes(name)) {
			if (/^--(?:cafile|capath|cert|key|tls-use-os-certs|insecure)$/.test(name)) tls = true;
			sketch.dropped.push(asWritten([name, value, ...more]));
		}
	}
	tls ||= port === '8883';
	if (url !== undefined) {
		const [, base = url, topic] = /^([a-z]+:\/\/[^/]*)\/?(.*)$/i.exec(url) ?? [];
		takeUrl(sketch, base);
		if (topic) topics.push(topic);
	} else
		sketch.url = `${tls ? 'mqtts' : 'mqtt'}://${host.includes(':') ? `[${host}]` : host}${port === undefined ? '' : `:${port}`}`;
	if (topics.length === 0) throw new Error('The topic is missing. It is the value of -t.');
	for (const [name, value] of pairs) sketch.headers.push([name, value, 'message']);
	return topics.map((target) => ({ ...sketch, target }));
}

function property(sketch: Sketch, pairs: [string, string][], words: string[]): void {
	const [command = '', name = '', value = '', more = ''] = words;
	const header = Object.hasOwn(properties, name) ? properties[name] : undefined;
	if (!/^publish$/i.test(command) || (name !== 'user-property' && header === undefined)) {
		sketch.dropped.push(asWritten(['-D', ...words]));
		return;
	}
	if (header === undefined) {
		pairs.push([value, more]);
		return;
	}
	const text = name === 'payload-format-indicator' ? String(value === '1') : value;
	// A value such as 0x41 is text on the command line, but bytes in a header.
	const isHex = name === 'correlation-data' && /^0x(?:[0-9a-f]{2})+$/i.test(value);
	sketch.headers.push([header, isHex ? `0x${hexOf(new TextEncoder().encode(value))}` : text]);
}

const protocolFive = ['-V', '5'];

/** One command for each message. Undefined for a text that no command line can contain. */
export function writeMosquittoPub(sketch: Sketch): string | undefined {
	const { qos, retain, five, left: wrong, correlation, ...rest } = mqttOptions(sketch);
	const left = [...wrong];
	const words = ['mosquitto_pub', ...address(sketch), '-t', sketch.target];
	if (qos !== undefined) words.push('-q', String(qos));
	if (retain) words.push('-r');
	const add = (name: string, value: string | number | undefined) => {
		if (value !== undefined) words.push('-D', 'publish', name, String(value));
	};
	add('content-type', rest.contentType);
	add('response-topic', rest.responseTopic);
	const text = correlation && toText(correlation);
	if (correlation && (text === undefined || text.includes('\0')))
		left.push([`Correlation-Data 0x${hexOf(correlation)}`, 'since mosquitto_pub can send only text there']);
	else add('correlation-data', text);
	add('message-expiry-interval', rest.expiry);
	add('payload-format-indicator', rest.isText ? 1 : undefined);
	add('topic-alias', rest.alias);
	for (const [name, value] of rest.pairs) words.push('-D', 'publish', 'user-property', name, value);
	if (five) words.push(...protocolFive);
	const commands = messagesOf(sketch).map((one) => {
		if ('file' in one) return commandLine([...words, '-f', one.file]);
		if (one.bytes.length === 0) return commandLine([...words, '-n']);
		const body = textOf(one);
		return asWord(body) ? commandLine([...words, '-m', body]) : commandLine([...words, '-s'], one);
	});
	return scriptOf(left, commands);
}

export function writeMosquittoSub(sketch: Sketch): string | undefined {
	const { qos, left } = mqttOptions(sketch);
	const words = ['mosquitto_sub', ...address(sketch), '-t', sketch.target, '-v'];
	if (qos !== undefined) words.push('-q', String(qos));
	for (const [name, value] of sketch.metadata ?? [])
		if (name === 'maxMessages' && /^\d+$/.test(value)) words.push('-C', value);
		else if (name === 'timeout' && /^\d+s$/.test(value)) words.push('-W', value.slice(0, -1));
	return scriptOf(left, [commandLine(words)]);
}

function address({ url = 'mqtt://localhost', username }: Sketch): string[] {
	const [, scheme = 'mqtt', host = 'localhost', port] =
		/^([a-z]+):\/\/(\[[^\]]*\]|[^:/?#]*)(?::(\d+))?/i.exec(url) ?? [];
	const tls = scheme.toLowerCase() === 'mqtts';
	const written = port ?? (tls ? '8883' : undefined);
	return [
		'-h',
		host.replace(/^\[(.*)\]$/, '$1'),
		...(written === undefined ? [] : ['-p', written]),
		// The user replaces PASSWORD.
		...(username === undefined ? [] : ['-u', username, '-P', 'PASSWORD']),
		...(tls ? ['--tls-use-os-certs'] : []),
	];
}
