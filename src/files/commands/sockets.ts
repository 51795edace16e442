import { type Option, printf, quote, readOptions } from './shell';
import { message, type Sketch, takeUrl, textOf } from './sketch';

const options = (withValue: string[], flags: string[]): Option[] => [
	...withValue.map((names) => ({ names: names.split(' '), takes: 1 })),
	...flags.map((names) => ({ names: names.split(' ') })),
];
const wscat = options(
	[
		'-c --connect',
		'-H --header',
		'-s --subprotocol',
		'-o --origin',
		'-x --execute',
		'-w --wait',
		'-p --protocol',
		'--auth',
		'--host',
		'--ca',
		'--cert',
		'--key',
		'--passphrase',
		'--proxy',
		'-L --location',
		'-l --listen',
	],
	['-n --no-check', '-P --show-ping-pong', '--slash', '--no-color'],
);
const websocat = options(
	[
		'-H --header',
		'--protocol',
		'--origin',
		'--basic-auth',
		'--ping-interval',
		'--ping-timeout',
		'-B --buffer-size',
		'--ws-c-uri',
		'--pkcs12-der',
		'--client-pkcs12-der',
	],
	[
		'-b --binary',
		'-t --text',
		'-1 --one-message',
		'-n --no-close',
		'-k --insecure',
		'-q',
		'-v',
		'-E --exit-on-eof',
		'-u --unidirectional',
		'-U --unidirectional-reverse',
		'-0 --null-terminated',
		'-S --strict',
	],
);

function start(): Sketch {
	return { verb: 'WEBSOCKET', target: '', headers: [], metadata: [], messages: [], dropped: [] };
}

function header(sketch: Sketch, text: string): void {
	const colon = text.indexOf(':');
	if (colon < 1) sketch.dropped.push(`-H ${quote(text)}`);
	else sketch.headers.push([text.slice(0, colon).trim(), text.slice(colon + 1).trim()]);
}

function credentials(sketch: Sketch, text: string): void {
	const colon = text.indexOf(':');
	sketch.username = colon === -1 ? text : text.slice(0, colon);
	if (colon !== -1) sketch.password = text.slice(colon + 1);
}

export function readSocketTool(words: string[]): Sketch[] {
	const isWscat = /wscat$/.test(words[0] ?? '');
	// websocat's own way of giving a short option its value.
	const plain = words
		.slice(1)
		.flatMap((word) => (!isWscat && /^-[a-zA-Z]=/.test(word) ? [word.slice(0, 2), word.slice(3)] : [word]));
	const { given, rest, unknown } = readOptions(plain, isWscat ? wscat : websocat);
	const sketch = start();
	sketch.dropped.push(...unknown);
	let url = isWscat ? undefined : rest.find((one) => /^wss?:/.test(one));
	for (const [name, value = ''] of given) {
		switch (name) {
			case '-c':
				url = /^wss?:\/\//.test(value) ? value : `ws://${value}`;
				break;
			case '-H':
				header(sketch, value);
				break;
			case '-s':
			case '--protocol':
				sketch.headers.push(['Sec-WebSocket-Protocol', value]);
				break;
			case '-o':
			case '--origin':
				sketch.headers.push(['Origin', value]);
				break;
			case '-x':
				sketch.messages.push(message(value));
				break;
			case '-w':
				sketch.metadata?.push(['timeout', `${value}s`]);
				break;
			case '--auth':
			case '--basic-auth':
				credentials(sketch, value);
				break;
			case '-b':
				sketch.headers.push(['Type', 'binary']);
				break;
			case '-t':
			case '-1':
				break;
			case '-n':
				// For wscat it switches off the check of certificates; for websocat it says when to close.
				if (isWscat) sketch.dropped.push(name);
				break;
			default:
				sketch.dropped.push(
					[name, value]
						.filter((one) => one !== '')
						.map(quote)
						.join(' '),
				);
		}
	}
	if (url === undefined) throw new Error('The URL is missing.');
	takeUrl(sketch, url);
	return [sketch];
}

function words(sketch: Sketch, names: { protocol: string; auth: string }): string[] {
	const list: string[] = [];
	for (const [name, value] of sketch.headers) {
		if (name === 'Type') continue;
		if (name === 'Sec-WebSocket-Protocol') list.push(names.protocol, value);
		else if (name === 'Origin') list.push('--origin', value);
		else list.push('-H', `${name}: ${value}`);
	}
	if (sketch.username !== undefined) list.push(names.auth, `${sketch.username}:PASSWORD`);
	return list;
}

/** wscat sends text only: undefined where a message is none. */
export function writeWscat(sketch: Sketch): string | undefined {
	const list = ['wscat', '-c', sketch.url ?? '', ...words(sketch, { protocol: '-s', auth: '--auth' })];
	for (const one of sketch.messages) {
		const text = textOf(one);
		if (text === undefined || text.includes('\0')) return undefined;
		list.push('-x', text);
	}
	return list.map(quote).join(' ');
}

/** One message; websocat ends a text message at the end of a line, so that one with line ends goes in whole. */
export function writeWebsocat(sketch: Sketch): string {
	const [one] = sketch.messages;
	const isBinary = sketch.headers.some(([name, value]) => name === 'Type' && value === 'binary');
	const list = ['websocat', ...words(sketch, { protocol: '--protocol', auth: '--basic-auth' })];
	if (isBinary) list.push('-b');
	list.push('-n', sketch.url ?? '');
	const command = list.map(quote).join(' ');
	if (!one) return command;
	if ('file' in one) return `cat ${quote(one.file)} | ${command}`;
	const whole =
		isBinary || (textOf(one) ?? '\n').includes('\n')
			? list.toSpliced(1, 0, '--no-line', '-1').map(quote).join(' ')
			: command;
	return `${printf(one.bytes)} | ${whole}`;
}
