import { printf, quote } from './shell';
import { type Sketch, textOf } from './sketch';

const header = (sketch: Sketch, name: string) =>
	sketch.headers.find(([one]) => one.toLowerCase() === name.toLowerCase())?.[1];

/** Of the URL: with a trailing slash, or with none. */
const base = (url: string) => url.replace(/\/+$/, '');

/** `coap-client` of libcoap 4.3. A method it does not know has no command. */
export function writeCoapClient(sketch: Sketch): string | undefined {
	const method = sketch.verb === 'OBSERVE' || sketch.verb === 'REQUEST' ? 'get' : sketch.verb.toLowerCase();
	if (!['get', 'post', 'put', 'delete', 'fetch', 'patch', 'ipatch'].includes(method)) return undefined;
	const words = ['coap-client', '-m', method];
	if (sketch.verb === 'OBSERVE') words.push('-s', '60');
	const format = header(sketch, 'Content-Format');
	if (format !== undefined) words.push('-t', format);
	const accept = header(sketch, 'Accept');
	if (accept !== undefined) words.push('-A', accept);
	if (header(sketch, 'Confirmable') === 'false') words.push('-N');
	const url = `${base(sketch.url ?? 'coap://localhost')}/${sketch.target.replace(/^\/+/, '')}`;
	const [one] = sketch.messages;
	if (!one || ('bytes' in one && one.bytes.length === 0)) return [...words, url].map(quote).join(' ');
	if ('file' in one) return [...words, '-f', one.file, url].map(quote).join(' ');
	// Standard input takes any bytes; "-e" would be percent-decoded.
	return `${printf(one.bytes)} | ${[...words, '-f', '-', url].map(quote).join(' ')}`;
}

/** Exchange and routing key of a target; a queue is reached through the default exchange. */
export function amqpPlace(target: string): { exchange: string; key: string } {
	const [, queue] = /^\/?queue\/([\s\S]*)$/.exec(target) ?? [];
	if (queue !== undefined) return { exchange: '', key: queue };
	const [, exchange = '', key = ''] = /^\/?exchange\/([^/]*)\/?([\s\S]*)$/.exec(target) ?? [];
	try {
		return { exchange: decodeURIComponent(exchange), key };
	} catch {
		return { exchange, key };
	}
}

/** Headers that `amqp-publish` has an option for; the others are the message's own. */
const amqpOptions: Record<string, string> = {
	'content-type': '-C',
	'content-encoding': '-E',
	'reply-to': '-t',
};
/** Properties that it cannot set. */
const amqpLeft = ['correlation-id', 'message-id', 'expiration', 'priority', 'type', 'app-id', 'user-id', 'timestamp'];

/** `amqp-publish` of rabbitmq-c. One command for each message. */
export function writeAmqpPublish(sketch: Sketch): string {
	const { exchange, key } = amqpPlace(sketch.target);
	const words = ['amqp-publish', '-u', withUser(sketch)];
	if (exchange !== '') words.push('-e', exchange);
	words.push('-r', key);
	const left: string[] = [];
	let persistent = true;
	for (const [name, value] of sketch.headers) {
		const plain = name.toLowerCase();
		const option = amqpOptions[plain];
		if (option) words.push(option, value);
		else if (plain === 'persistent') persistent = value === 'true';
		else if (amqpLeft.includes(plain)) left.push(`# Left out: ${name} ${value}, which amqp-publish cannot set.\n`);
		else words.push('-H', `${name}: ${value}`);
	}
	if (persistent) words.push('-p');
	const command = (more: string[]) => [...words, ...more].map(quote).join(' ');
	const messages = sketch.messages.length > 0 ? sketch.messages : [{ bytes: new Uint8Array() }];
	return (
		left.join('') +
		messages
			.map((one) => {
				if ('file' in one) return `${command([])} < ${quote(one.file)}`;
				const text = textOf(one);
				if (text !== undefined && text !== '' && !text.includes('\0')) return command(['-b', text]);
				return `${printf(one.bytes)} | ${command([])}`;
			})
			.join('\n')
	);
}

/** The password itself is in no text. */
function withUser({ url = 'amqp://localhost', username }: Sketch): string {
	return username === undefined ? url : url.replace('://', `://${encodeURIComponent(username)}:PASSWORD@`);
}

const literal = (text: string) => JSON.stringify(text);
const hexOf = (bytes: Uint8Array) => [...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join('');
const python = (one: Sketch['messages'][number]) => {
	if ('file' in one) return `open(${literal(one.file)}, "rb").read()`;
	const text = textOf(one);
	return text === undefined ? `bytes.fromhex("${hexOf(one.bytes)}")` : `${literal(text)}.encode()`;
};

const pikaProperties: Record<string, (value: string) => string> = {
	'content-type': (value) => `content_type=${literal(value)}`,
	'content-encoding': (value) => `content_encoding=${literal(value)}`,
	'reply-to': (value) => `reply_to=${literal(value)}`,
	'correlation-id': (value) => `correlation_id=${literal(value)}`,
	'message-id': (value) => `message_id=${literal(value)}`,
	expiration: (value) => `expiration=${literal(value)}`,
	priority: (value) => `priority=${Number(value)}`,
	type: (value) => `type=${literal(value)}`,
	'app-id': (value) => `app_id=${literal(value)}`,
	'user-id': (value) => `user_id=${literal(value)}`,
};

/** With pika 1: confirmed by the server, and an error where no queue takes it. */
export function pythonAmqp(sketch: Sketch): string {
	const { exchange, key } = amqpPlace(sketch.target);
	const given: string[] = [];
	const own: string[] = [];
	let persistent = true;
	for (const [name, value] of sketch.headers) {
		const write = pikaProperties[name.toLowerCase()];
		if (write) given.push(write(value));
		else if (/^persistent$/i.test(name)) persistent = value === 'true';
		else if (!/^timestamp$/i.test(name)) own.push(`${literal(name)}: ${literal(value)}`);
	}
	given.push(`delivery_mode=${persistent ? 2 : 1}`);
	if (own.length > 0) given.push(`headers={${own.join(', ')}}`);
	const messages = sketch.messages.length > 0 ? sketch.messages : [{ bytes: new Uint8Array() }];
	return [
		'import pika',
		'',
		`connection = pika.BlockingConnection(pika.URLParameters(${literal(withUser(sketch))}))`,
		'channel = connection.channel()',
		'channel.confirm_delivery()',
		`properties = pika.BasicProperties(${given.join(', ')})`,
		...messages.map(
			(one) =>
				`channel.basic_publish(${literal(exchange)}, ${literal(key)}, ${python(one)}, properties, mandatory=True)`,
		),
		'connection.close()',
		'',
	].join('\n');
}
