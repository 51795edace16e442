import { exchangeTarget, queueTarget } from '../../protocols/amqp/addresses';
import { hexOf } from './literals';
import { asWritten, options, pairOf, start } from './reading';
import { readOptions } from './shell';
import { message, type Sketch, takeUrl } from './sketch';

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
/** `coap-client` of libcoap. */
export function readCoapClient(words: string[]): Sketch[] {
	const { given, rest, unknown } = readOptions(words.slice(1), coap);
	const sketch = start('GET');
	sketch.dropped.push(...unknown);
	for (const [name, value = ''] of given) {
		if (name === '-m') sketch.verb = value.toUpperCase();
		else if (name === '-e') sketch.messages.push(message(decoded(value)));
		else if (name === '-f') sketch.messages.push({ file: value });
		else if (name === '-t') sketch.headers.push(['Content-Format', value]);
		else if (name === '-A') sketch.headers.push(['Accept', value]);
		else if (name === '-s') {
			sketch.verb = 'OBSERVE';
			sketch.metadata?.push(['timeout', `${value}s`]);
		} else if (name === '-N') sketch.headers.push(['Type', 'non']);
		else if (name === '-O' && /^\d+,/.test(value)) sketch.headers.push(optionOf(value));
		else if (name === '-B') sketch.metadata?.push(['timeout', `${value}s`]);
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

/** `-e` is percent-decoded by coap-client. */
function decoded(text: string): string {
	try {
		return decodeURIComponent(text);
	} catch {
		return text;
	}
}

/** `amqp-publish` of rabbitmq-c. */
export function readAmqpPublish(words: string[]): Sketch[] {
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
		else if (name === '-H' && value.includes(':')) sketch.headers.push(pairOf(value));
		else if (name === '-b') sketch.messages.push(message(value));
		else sketch.dropped.push(asWritten([name, value]));
	}
	// Without an exchange it is the default one, whose keys are the names of queues.
	sketch.target = exchange === '' ? queueTarget(sketch.target) : exchangeTarget(exchange, sketch.target);
	if (!persistent) sketch.headers.push(['Persistent', 'false']);
	takeUrl(sketch, url ?? `${tls ? 'amqps' : 'amqp'}://${host}${port}${vhost}`);
	return [sketch];
}
