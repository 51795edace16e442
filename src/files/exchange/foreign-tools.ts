import { exchangeTarget, queueTarget } from '../../protocols/amqp/describe/addresses';
import { hexOf } from './code';
import { asWritten, metadata, options, readOptions, start } from './reading';
import { type Message, message, type Sketch, type SketchHeader, takeUrl } from './sketch';

const coap = options(
	[
		'-m',
		'-e',
		'-f',
		'-t',
		'-A',
		'-s',
		'-O',
		'-B',
		'-b',
		'-k',
		'-u',
		'-v',
		'-p',
		'-a',
		'-T',
		'-o',
		'-P',
		'-H',
		'-c',
		'-C',
		'-R',
	],
	['-N', '-K', '-r', '-w', '-X'],
);
const amqp = options(
	[
		'-u --url',
		'-s --server',
		'--port',
		'--vhost',
		'--username',
		'--password',
		'--heartbeat',
		'-e --exchange',
		'-r --routing-key',
		'-C --content-type',
		'-t --reply-to',
		'-E --content-encoding',
		'-H --header',
		'-b --body',
		'--cacert',
		'--key',
		'--cert',
	],
	['-p --persistent', '-l --line-buffered', '--ssl'],
);
function methodOf(text: string): string {
	const method = text.toUpperCase();
	if (!/^(?:GET|POST|PUT|DELETE|FETCH|PATCH|IPATCH)$/.test(method)) throw new Error(`"${text}" is no method of CoAP.`);
	return method;
}

/** `coap-client` of libcoap. `input`: what it reads. */
export function readCoapClient(words: string[], input?: Message): Sketch[] {
	const { given, rest, unknown } = readOptions(words.slice(1), coap);
	const sketch = start('GET');
	sketch.dropped.push(...unknown);
	for (const [name, value = ''] of given) {
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
	if (base === undefined) throw new Error('The URL is missing: coap://host/path.');
	takeUrl(sketch, base);
	sketch.target = path === '' ? '/' : path;
	return [sketch];
}

/** `-O number,text`, where the text may be hexadecimal. */
function optionOf(value: string): [string, string] {
	const comma = value.indexOf(',');
	const text = value.slice(comma + 1);
	return [
		value.slice(0, comma),
		/^0x(?:[0-9a-f]{2})*$/i.test(text) ? text.slice(2) : hexOf(new TextEncoder().encode(text)),
	];
}

/** `-e` is percent-decoded by coap-client, whatever bytes it gives. */
function decoded(text: string): Uint8Array {
	const parts = text.split(/(%[\da-f]{2})/i);
	const bytes = parts.map((part, at) =>
		at % 2 === 1 ? [Number.parseInt(part.slice(1), 16)] : [...new TextEncoder().encode(part)],
	);
	return Uint8Array.from(bytes.flat());
}

/** `name: value`, split as `amqp-publish` does: a text, even if it looks like a value with a type. */
function amqpHeader(text: string): SketchHeader {
	const colon = text.indexOf(':');
	const value = text.slice(colon + 1).replace(/^ +/, '');
	return [text.slice(0, colon), /^\([\w-]+\)/.test(value) ? `(text) ${value}` : value, 'message'];
}

/** `amqp-publish` of rabbitmq-c. `input`: what it reads. */
export function readAmqpPublish(words: string[], input?: Message): Sketch[] {
	const { given, rest, unknown } = readOptions(words.slice(1), amqp);
	const sketch = start('PUBLISH');
	sketch.dropped.push(...unknown, ...rest);
	let host = 'localhost';
	let port = '';
	let vhost = '';
	let url: string | undefined;
	let tls = false;
	let exchange = '';
	let persistent = false;
	for (const [name, value = ''] of given) {
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
	// Without an exchange it is the default one, whose keys are the names of queues.
	sketch.target = exchange === '' ? queueTarget(sketch.target) : exchangeTarget(exchange, sketch.target);
	if (!persistent) sketch.headers.push(['Persistent', 'false']);
	takeUrl(sketch, url ?? `${tls ? 'amqps' : 'amqp'}://${host}${port}${vhost}`);
	return [sketch];
}
