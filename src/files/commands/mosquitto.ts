import { fromHex, toHex, toText } from '../../model/payload';
import { type Option, printf, quote, readOptions } from './shell';
import { type Message, message, type Sketch, takeUrl, textOf } from './sketch';

const shared: Option[] = [
	...[
		'-h --host',
		'-p --port',
		'-u --username',
		'-P --pw',
		'-t --topic',
		'-q --qos',
		'-L --url',
		'-i --id',
		'-I --id-prefix',
		'-k --keepalive',
		'-V --protocol-version',
		'-A',
		'-x --session-expiry-interval',
		'--cafile',
		'--capath',
		'--cert',
		'--key',
		'--tls-version',
		'--tls-alpn',
		'--ciphers',
		'--psk',
		'--psk-identity',
		'--will-topic',
		'--will-payload',
		'--will-qos',
		'--unix',
		'-o',
		'--socks5-url',
		'--proxy',
	].map((names) => ({ names: names.split(' '), takes: 1 })),
	...[
		'-d --debug',
		'-c --disable-clean-session',
		'-S',
		'--quiet',
		'--insecure',
		'--will-retain',
		'--tls-use-os-certs',
		'--nodelay',
	].map((names) => ({ names: names.split(' ') })),
	{ names: ['-D', '--property'], takes: 3 },
];
const pub: Option[] = [
	...shared,
	...['-m --message', '-f --file', '-M --max-inflight', '--repeat', '--repeat-delay'].map((names) => ({
		names: names.split(' '),
		takes: 1,
	})),
	...['-r --retain', '-n --null-message', '-s --stdin-file', '-l --stdin-line'].map((names) => ({
		names: names.split(' '),
	})),
];
const sub: Option[] = [
	...shared,
	...['-C', '-W', '-F', '-T --filter-out', '-U --unsubscribe', '-M --max-inflight'].map((names) => ({
		names: names.split(' '),
		takes: 1,
	})),
	...[
		'-v --verbose',
		'-N',
		'-R',
		'-E',
		'--retained-only',
		'--remove-retained',
		'--retain-as-published',
		'--pretty',
	].map((names) => ({ names: names.split(' ') })),
];

/** Properties of a PUBLISH by their names on the command line, and as headers. */
const properties: Record<string, string> = {
	'content-type': 'Content-Type',
	'response-topic': 'Response-Topic',
	'correlation-data': 'Correlation-Data',
	'message-expiry-interval': 'Message-Expiry',
	'payload-format-indicator': 'Payload-Format',
	'topic-alias': 'Topic-Alias',
};

/** `mosquitto_pub` or `mosquitto_sub`: one sketch for each topic. */
export function readMosquitto(words: string[]): Sketch[] {
	const publishes = /mosquitto_pub$/.test(words[0] ?? '');
	const { given, rest, unknown } = readOptions(words.slice(1), publishes ? pub : sub);
	const sketch: Sketch = {
		verb: publishes ? 'PUBLISH' : 'SUBSCRIBE',
		target: '',
		headers: [],
		metadata: [],
		messages: [],
		dropped: [...unknown, ...rest],
	};
	const topics: string[] = [];
	let host = 'localhost';
	let port: string | undefined;
	let tls = false;
	let url: string | undefined;
	for (const [name, value = '', ...more] of given) {
		switch (name) {
			case '-h':
				host = value;
				break;
			case '-p':
				port = value;
				break;
			case '-u':
				sketch.username = value;
				break;
			case '-P':
				sketch.password = value;
				break;
			case '-t':
				topics.push(value);
				break;
			case '-q':
				sketch.headers.push(['QoS', value]);
				break;
			case '-r':
				sketch.headers.push(['Retain', 'true']);
				break;
			case '-m':
				sketch.messages.push(message(value));
				break;
			case '-f':
				sketch.messages.push({ file: value });
				break;
			case '-n':
				break;
			case '-L':
				url = value;
				break;
			case '-C':
				sketch.metadata?.push(['maxMessages', value]);
				break;
			case '-W':
				sketch.metadata?.push(['timeout', `${value}s`]);
				break;
			case '--retain-as-published':
				sketch.headers.push(['Retain-As-Published', 'true']);
				break;
			case '--repeat':
				sketch.metadata?.push(['loop', `for ${value}`]);
				break;
			case '--repeat-delay':
				sketch.metadata?.push(['every', `${value}s`]);
				break;
			case '-D':
				property(sketch, value, more);
				break;
			case '-v':
			case '-d':
			case '--quiet':
				break;
			default:
				if (/^--(?:cafile|capath|cert|key|tls-use-os-certs|insecure)$/.test(name)) tls = true;
				sketch.dropped.push(
					[name, value, ...more]
						.filter((one) => one !== '')
						.map(quote)
						.join(' '),
				);
		}
	}
	tls ||= port === '8883';
	if (url !== undefined) {
		const [, base = url, topic] = /^([a-z]+:\/\/[^/]*)\/?(.*)$/i.exec(url) ?? [];
		takeUrl(sketch, base);
		if (topic) topics.push(topic);
	} else
		sketch.url = `${tls ? 'mqtts' : 'mqtt'}://${host.includes(':') ? `[${host}]` : host}${port === undefined ? '' : `:${port}`}`;
	if (topics.length === 0) throw new Error('The topic is missing: -t says it.');
	return topics.map((target) => ({ ...sketch, target }));
}

function property(sketch: Sketch, command: string, [name = '', value = '']: string[]): void {
	const header = properties[name];
	const known = command === 'publish' && (name === 'user-property' || header !== undefined);
	if (!known || name === 'user-property') {
		sketch.dropped.push(['-D', command, name, value].map(quote).join(' '));
		return;
	}
	const text = name === 'payload-format-indicator' ? String(value === '1') : value;
	// What looks like bytes in hexadecimal is text here, and bytes in a header.
	const isHex = name === 'correlation-data' && /^0x(?:[0-9a-f]{2})+$/i.test(value);
	sketch.headers.push([
		header as string,
		isHex ? `0x${toHex(new TextEncoder().encode(value)).replaceAll(' ', '')}` : text,
	]);
}

/** `-D publish user-property name value` takes one word more than the others: joined before they are read. */
export function joinUserProperties(words: readonly string[]): { words: string[]; pairs: [string, string][] } {
	const pairs: [string, string][] = [];
	const kept: string[] = [];
	for (let at = 0; at < words.length; at++) {
		const isPair = (words[at] === '-D' || words[at] === '--property') && words[at + 2] === 'user-property';
		if (!isPair) kept.push(words[at] as string);
		else if (/^publish$/i.test(words[at + 1] ?? '')) {
			pairs.push([words[at + 3] ?? '', words[at + 4] ?? '']);
			at += 4;
		} else {
			at += 4;
		}
	}
	return { words: kept, pairs };
}

/** One command for each message. */
export function writeMosquittoPub(sketch: Sketch): string {
	const messages: Message[] = sketch.messages.length > 0 ? sketch.messages : [{ bytes: new Uint8Array() }];
	return messages.map((one) => pubCommand(sketch, one)).join('\n');
}

function pubCommand(sketch: Sketch, one: Message): string {
	const words = ['mosquitto_pub', ...address(sketch), '-t', sketch.target];
	let five = false;
	let note = '';
	for (const [name, value] of sketch.headers) {
		const flag = Object.entries(properties).find(([, header]) => header === name)?.[0];
		if (name === 'QoS') words.push('-q', value);
		else if (name === 'Retain') words.push(...(value === 'true' ? ['-r'] : []));
		else {
			five = true;
			const text =
				flag === 'correlation-data'
					? correlationText(value)
					: flag === 'payload-format-indicator'
						? String(Number(value === 'true'))
						: value;
			if (text === undefined) {
				note = `# Left out: ${name} ${value}, since mosquitto_pub sends text there only.\n`;
				continue;
			}
			words.push('-D', 'publish', ...(flag ? [flag, text] : ['user-property', name, value]));
		}
	}
	if (five) words.push('-V', '5');
	if ('file' in one) return note + [...words, '-f', one.file].map(quote).join(' ');
	const text = textOf(one);
	if (one.bytes.length === 0) return note + [...words, '-n'].map(quote).join(' ');
	if (text !== undefined && !text.includes('\0')) return note + [...words, '-m', text].map(quote).join(' ');
	return `${note}${printf(one.bytes)} | ${[...words, '-s'].map(quote).join(' ')}`;
}

/** Bytes in hexadecimal as the text they stand for; undefined if they are none. */
function correlationText(value: string): string | undefined {
	const digits = /^0x((?:[0-9a-f]{2})+)$/i.exec(value)?.[1];
	if (digits === undefined) return value;
	const encoded = fromHex(digits);
	const text = 'bytes' in encoded ? toText(encoded.bytes) : undefined;
	return text?.includes('\0') ? undefined : text;
}

export function writeMosquittoSub(sketch: Sketch): string {
	const words = ['mosquitto_sub', ...address(sketch), '-t', sketch.target, '-v'];
	for (const [name, value] of sketch.headers) if (name === 'QoS') words.push('-q', value);
	for (const [name, value] of sketch.metadata ?? []) if (name === 'maxMessages') words.push('-C', value);
	return words.map(quote).join(' ');
}

function address({ url = 'mqtt://localhost', username }: Sketch): string[] {
	const [, scheme = 'mqtt', host = 'localhost', port] =
		/^([a-z]+):\/\/(\[[^\]]*\]|[^:/?#]*)(?::(\d+))?/i.exec(url) ?? [];
	const tls = scheme.toLowerCase() === 'mqtts';
	const given = port ?? (tls ? '8883' : undefined);
	return [
		'-h',
		host.replace(/^\[(.*)\]$/, '$1'),
		...(given === undefined ? [] : ['-p', given]),
		// The password is asked for by nobody: the user fills it in.
		...(username === undefined ? [] : ['-u', username, '-P', 'PASSWORD']),
		...(tls ? ['--tls-use-os-certs'] : []),
	];
}
