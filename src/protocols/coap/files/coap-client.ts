import { hexOf } from '../../shared/commands/code';
import { asWritten, metadata, options, readOptions, start } from '../../shared/commands/options';
import { commandLine, scriptOf } from '../../shared/commands/shell';
import { type Message, type Sketch, takeUrl } from '../../shared/commands/sketch';
import { coapRequest, urlOf } from './request';

const coap = options(
	'-m, -e, -f, -t, -A, -s, -O, -B, -b, -k, -u, -v, -p, -a, -T, -o, -P, -H, -c, -C, -R',
	'-N, -K, -r, -w, -X',
);

function methodOf(text: string): string {
	const method = text.toUpperCase();
	if (!/^(?:GET|POST|PUT|DELETE|FETCH|PATCH|IPATCH)$/.test(method))
		throw new Error(`"${text}" is not a method of CoAP.`);
	return method;
}

/** Reads `coap-client` of libcoap. `input` is its standard input. */
export function readCoapClient(words: string[], input?: Message): Sketch[] {
	const { set, rest, unknown } = readOptions(words.slice(1), coap);
	const sketch = start('GET');
	sketch.dropped.push(...unknown);
	for (const [name, value = ''] of set) {
		if (name === '-m') sketch.verb = methodOf(value);
		else if (name === '-e') sketch.messages.push({ bytes: decoded(value) });
		else if (name === '-f' && value === '-' && input) sketch.messages.push(input);
		else if (name === '-f') sketch.messages.push({ file: value });
		else if (name === '-t') sketch.headers.push(['Content-Format', value]);
		else if (name === '-A') sketch.headers.push(['Accept', value]);
		else if (name === '-s') {
			sketch.verb = 'OBSERVE';
			metadata(sketch, 'timeout', name, value, 's');
		} else if (name === '-N') sketch.headers.push(['Type', 'non']);
		else if (name === '-O' && /^\d{1,5},/.test(value)) sketch.headers.push(optionOf(value));
		else if (name === '-B') metadata(sketch, 'timeout', name, value, 's');
		else if (name === '-u') sketch.username = value;
		else if (name === '-k') sketch.password = value;
		else sketch.dropped.push(asWritten([name, value]));
	}
	const url = rest[0];
	const [, base, path = ''] = /^([a-z0-9+]+:\/\/[^/?]*)(.*)$/i.exec(url ?? '') ?? [];
	if (base === undefined) throw new Error('The URL is missing, such as coap://host/path.');
	takeUrl(sketch, base);
	sketch.target = path === '' ? '/' : path;
	return [sketch];
}

/** Reads `-O number,text`, in which the text may be hexadecimal. */
function optionOf(value: string): [string, string] {
	const comma = value.indexOf(',');
	const text = value.slice(comma + 1);
	return [
		value.slice(0, comma),
		/^0x(?:[0-9a-f]{2})*$/i.test(text) ? text.slice(2) : hexOf(new TextEncoder().encode(text)),
	];
}

/** coap-client percent-decodes the value of `-e` to bytes, which need not be text. */
function decoded(text: string): Uint8Array {
	const parts = text.split(/(%[\da-f]{2})/i);
	const bytes = parts.map((part, at) =>
		at % 2 === 1 ? [Number.parseInt(part.slice(1), 16)] : [...new TextEncoder().encode(part)],
	);
	return Uint8Array.from(bytes.flat());
}

/** Duration of an observation, in seconds. */
const observeFor = 60;

/** `coap-client` of libcoap 4.3. Undefined for a request that it cannot express. */
export function writeCoapClient(sketch: Sketch): string | undefined {
	const request = coapRequest(sketch);
	if (!request) return undefined;
	const { method, observe, format, accept, confirmable, options, body, left } = request;
	const words = ['coap-client', '-m', method];
	if (observe) words.push('-s', String(observeFor));
	if (format !== undefined) words.push('-t', String(format));
	if (accept !== undefined) words.push('-A', String(accept));
	if (!confirmable) words.push('-N');
	for (const [number, bytes] of options) words.push('-O', `${number},${bytes.length === 0 ? '' : `0x${hexOf(bytes)}`}`);
	// The payload is read from a file or from standard input, since "-e" is percent-decoded.
	if (body) words.push('-f', 'file' in body ? body.file : '-');
	words.push(urlOf(request));
	return scriptOf(left, [commandLine(words, body && 'bytes' in body ? body : undefined)]);
}
