import { fromBase64, toBase64 } from '../../../model/contracts/payload';
import type { LeftOut } from '../../shared/commands/literals';
import { asWritten, metadata, options, readOptions, start } from '../../shared/commands/options';
import { commandLine, quote, scriptOf } from '../../shared/commands/shell';
import { type Message, message, type Sketch, takeUrl, textOf } from '../../shared/commands/sketch';
import { closeOf, handshake, isBinary } from './programs';

const wscat = options(
	`-c --connect, -H --header, -s --subprotocol, -o --origin, -x --execute, -w --wait, -p --protocol, --auth,
	--host, --ca, --cert, --key, --passphrase, --proxy, -L --location, -l --listen`,
	'-n --no-check, -P --show-ping-pong, --slash, --no-color',
);
const websocat = options(
	`-H --header, --protocol, --origin, --basic-auth, --ping-interval, --ping-timeout, -B --buffer-size, --ws-c-uri,
	--pkcs12-der, --client-pkcs12-der, --binary-prefix`,
	`-b --binary, -t --text, -1 --one-message, -n --no-close, -k --insecure, -q, -v, -E --exit-on-eof,
	-u --unidirectional, -U --unidirectional-reverse, -0 --null-terminated, -S --strict, --no-line, --base64`,
);

/** Options of websocat that a request does not need, beyond those that its input is split by. */
const withoutEffect = ['-t', '-1', '-0', '-B', '-n', '--base64', '--no-line'];

function header(sketch: Sketch, text: string): void {
	const colon = text.indexOf(':');
	if (colon < 1) sketch.dropped.push(`-H ${quote(text)}`);
	else sketch.headers.push([text.slice(0, colon).trim(), text.slice(colon + 1).trim(), 'message']);
}

/** Several options become one header. */
function subprotocol(sketch: Sketch, text: string): void {
	const existing = sketch.headers.find(([name]) => name === 'Sec-WebSocket-Protocol');
	if (existing) existing[1] += `, ${text}`;
	else sketch.headers.push(['Sec-WebSocket-Protocol', text]);
}

function credentials(sketch: Sketch, text: string): void {
	const colon = text.indexOf(':');
	sketch.username = colon === -1 ? text : text.slice(0, colon);
	if (colon !== -1) sketch.password = text.slice(colon + 1);
}

/** The messages that websocat sends for its standard input. */
function websocatMessages(input: Message, set: readonly string[][]): Message[] {
	const has = (name: string) => set.some(([one]) => one === name);
	if ('file' in input || has('-b') || has('--no-line')) return [input];
	const prefix = set.find(([name]) => name === '--binary-prefix')?.[1];
	const text = textOf(input) ?? '';
	if (prefix !== undefined && has('--base64'))
		return text.split('\n').flatMap((line) => {
			const encoded = fromBase64(line.slice(prefix.length));
			return line.startsWith(prefix) && 'bytes' in encoded ? [encoded] : [];
		});
	const lines = has('-0') ? text.split('\0') : (text.match(/[^\n]*\n|[^\n]+$/g) ?? []);
	return lines.map(message);
}

export function readSocketTool(words: string[], input?: Message): Sketch[] {
	const isWscat = /wscat$/.test(words[0] ?? '');
	// websocat accepts "-B=4096" for a short option with a value.
	const plain = words
		.slice(1)
		.flatMap((word) => (!isWscat && /^-[a-zA-Z]=/.test(word) ? [word.slice(0, 2), word.slice(3)] : [word]));
	const { set, rest, unknown } = readOptions(plain, isWscat ? wscat : websocat);
	const sketch = start('WEBSOCKET');
	sketch.dropped.push(...unknown);
	let url = isWscat ? undefined : rest.find((one) => /^wss?:/.test(one));
	for (const [name, value = ''] of set) {
		if (name === '-c') url = /^wss?:\/\//.test(value) ? value : `ws://${value}`;
		else if (name === '-H') header(sketch, value);
		else if (name === '-s' || name === '--protocol') subprotocol(sketch, value);
		else if (name === '-o' || name === '--origin') sketch.headers.push(['Origin', value]);
		else if (name === '-x') sketch.messages.push(message(value));
		else if (name === '-w') metadata(sketch, 'timeout', name, value, 's');
		else if (name === '--auth' || name === '--basic-auth') credentials(sketch, value);
		else if (name === '-b' || name === '--binary-prefix') sketch.headers.push(['Type', 'binary']);
		// In wscat, "-n" disables the check of certificates; in websocat it controls when to close.
		else if (isWscat || !withoutEffect.includes(name)) sketch.dropped.push(asWritten([name, value]));
	}
	if (url === undefined) throw new Error('The URL is missing.');
	if (input && !isWscat) sketch.messages.push(...websocatMessages(input, set));
	takeUrl(sketch, url);
	return [sketch];
}

/** A token of HTTP (RFC 9110, section 5.6.2). */
const isToken = (text: string) => /^[\w!#$%&'*+.^`|~-]+$/.test(text);
/** A header, which both tools split at its first colon. Undefined if it is invalid in HTTP (RFC 9110, sections 5.1 and 5.5). */
const headerOf = ([name, value]: [string, string]) =>
	isToken(name) && /^(?!\s)(?:\t|\P{Cc})*$/u.test(value) ? `${name}: ${value}` : undefined;
const leftHeader = ([name, value]: [string, string]): LeftOut => [`${name}: ${value}`, 'which the command cannot send'];

/** User name and PASSWORD, separated by the first colon (RFC 7617, section 2). */
function userOf({ username }: Sketch, left: LeftOut[]): string | undefined {
	if (username?.includes(':')) left.push([`the user ${username}`, 'whose name contains a colon']);
	return username === undefined || username.includes(':') ? undefined : `${username}:PASSWORD`;
}

/** `wscat`, which sends one text that is not empty. Undefined if the first message is anything else. */
export function writeWscat(sketch: Sketch): string | undefined {
	if (closeOf(sketch)) return undefined;
	const { subprotocols, headers } = handshake(sketch);
	const url = sketch.url ?? '';
	const [one, ...others] = sketch.messages;
	const text = one && textOf(one);
	if (!/^wss?:\/\//i.test(url) || (one && (isBinary(sketch, one) || !text))) return undefined;
	if (!subprotocols.every(isToken)) return undefined;
	const words = ['wscat', '-c', url, ...subprotocols.flatMap((name) => ['-s', name])];
	const left: LeftOut[] = [];
	const names = new Set(['__proto__']);
	for (const pair of headers) {
		const written = headerOf(pair);
		const [name, value] = pair;
		// wscat stores headers in an object, in which a name occurs once.
		if (written === undefined || names.has(name)) left.push(leftHeader(pair));
		else if (name.toLowerCase() === 'origin') words.push('--origin', value);
		else words.push('-H', written);
		names.add(name);
	}
	const user = userOf(sketch, left);
	if (user !== undefined) words.push('--auth', user);
	if (text !== undefined) words.push('-x', text);
	if (others.length > 0) left.push(['all messages but the first', 'since wscat sends only one']);
	return scriptOf(left, [commandLine(words)]);
}

/** Bytes that a pipe delivers in one piece (POSIX, PIPE_BUF): websocat needs that for a message without a delimiter. */
const onePiece = 4096;

/** `websocat`. Undefined if it cannot send one of the messages: its input cannot express an empty one. */
export function writeWebsocat(sketch: Sketch): string | undefined {
	if (closeOf(sketch)) return undefined;
	const { subprotocols, headers } = handshake(sketch);
	const url = sketch.url ?? '';
	const { messages } = sketch;
	if (!/^wss?:\/\//i.test(url) || messages.some((one) => 'bytes' in one && one.bytes.length === 0)) return undefined;
	const words = ['websocat'];
	const left: LeftOut[] = [];
	if (!subprotocols.every(isToken)) return undefined;
	if (subprotocols.length > 0) words.push(`--protocol=${subprotocols.join(', ')}`);
	for (const pair of headers) {
		const written = headerOf(pair);
		if (written === undefined) left.push(leftHeader(pair));
		else if (pair[0].toLowerCase() === 'origin') words.push(`--origin=${pair[1]}`);
		// In "--header value", websocat reads the following words as headers as well.
		else words.push(`--header=${written}`);
	}
	const user = userOf(sketch, left);
	if (user !== undefined) words.push(`--basic-auth=${user}`);
	const { options: how, input } = websocatInput(sketch) ?? {};
	if (!how) return undefined;
	return scriptOf(left, [commandLine([...words, ...how, '-n', url], input)]);
}

/** The input of websocat and the options that split it into messages: at line ends, at NULs, or not at all. */
function websocatInput(sketch: Sketch): { options: string[]; input?: Message } | undefined {
	const { messages } = sketch;
	const [one, ...others] = messages;
	if (!one) return { options: [] };
	if ('file' in one) return others.length > 0 ? undefined : { options: ['--no-line', '-1', '-b'], input: one };
	const texts = messages.map((each) => (isBinary(sketch, each) ? undefined : textOf(each)));
	const larger = (size: number) => (size > 65_000 ? ['-B', String(size + 1000)] : []);
	const largest = Math.max(...messages.map((each) => ('bytes' in each ? each.bytes.length : 0)));
	if (texts.every((text) => text !== undefined && !text.includes('\0'))) {
		const isLine = others.length === 0 && !texts[0]?.includes('\n');
		return { options: [...(isLine ? [] : ['-0']), ...larger(largest)], input: message(texts.join('\0')) };
	}
	if (others.length === 0 && one.bytes.length <= onePiece)
		return { options: ['--no-line', '-1', ...(isBinary(sketch, one) ? ['-b'] : [])], input: one };
	if (!messages.every((each) => 'bytes' in each && isBinary(sketch, each))) return undefined;
	const lines = messages.map((each) => ('bytes' in each ? `B${toBase64(each.bytes)}\n` : ''));
	return {
		options: ['--base64', '--binary-prefix=B', ...larger(largest * 2)],
		input: message(lines.join('')),
	};
}
