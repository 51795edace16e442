import { type Option, quote, readOptions } from './shell';
import { message, type Sketch, takeUrl } from './sketch';

const options = (withValue: string[], flags: string[] = []): Option[] => [
	...withValue.map((names) => ({ names: names.split(' '), takes: 1 })),
	...flags.map((names) => ({ names: names.split(' ') })),
];
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

const start = (verb: string): Sketch => ({ verb, target: '', headers: [], metadata: [], messages: [], dropped: [] });
const asWritten = (words: string[]) =>
	words
		.filter((one) => one !== '')
		.map(quote)
		.join(' ');

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
		} else if (name === '-B') sketch.metadata?.push(['timeout', `${value}s`]);
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
	for (const [name, value = ''] of given) {
		if (name === '-u') url = value;
		else if (name === '-s') host = value;
		else if (name === '--port') port = `:${value}`;
		else if (name === '--vhost') vhost = `/${encodeURIComponent(value)}`;
		else if (name === '--username') sketch.username = value;
		else if (name === '--password') sketch.password = value;
		else if (name === '--ssl') tls = true;
		else if (name === '-e') sketch.headers.push(['Exchange', value]);
		else if (name === '-r') sketch.target = value;
		else if (name === '-C') sketch.headers.push(['Content-Type', value]);
		else if (name === '-E') sketch.headers.push(['Content-Encoding', value]);
		else if (name === '-t') sketch.headers.push(['Reply-To', value]);
		else if (name === '-p') sketch.headers.push(['Delivery-Mode', '2']);
		else if (name === '-H' && value.includes(':')) sketch.headers.push(pairOf(value));
		else if (name === '-b') sketch.messages.push(message(value));
		else sketch.dropped.push(asWritten([name, value]));
	}
	takeUrl(sketch, url ?? `${tls ? 'amqps' : 'amqp'}://${host}${port}${vhost}`);
	return [sketch];
}

function pairOf(text: string): [string, string] {
	const colon = text.indexOf(':');
	return [text.slice(0, colon).trim(), text.slice(colon + 1).trim()];
}

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
	if (!verb) throw new Error(`"nats ${command}" is not known here: pub, sub and request are.`);
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
