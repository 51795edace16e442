import { type Code, program, python, script, wellFormed } from '../../shared/commands/code';
import {
	comments,
	fileImport,
	type LeftOut,
	messagesOf,
	pythonBytes,
	scriptBytes,
	sortHeaders,
	whole,
} from '../../shared/commands/literals';
import type { Sketch } from '../../shared/commands/sketch';
import { parseAddress } from '../describe/addresses';
import { isBeyond, pythonHeader, scriptHeader, typedHeaders } from './headers';

/** Exchange and routing key of a target. The default exchange routes to a queue by its name. */
export function amqpPlace(target: string): { exchange: string; key: string } {
	const address = parseAddress(target);
	if (address?.kind === 'exchange') return { exchange: address.exchange, key: address.key };
	return { exchange: '', key: address?.kind === 'queue' ? address.queue : target };
}

/** The URL with the user name. PASSWORD stands for the password, which is never copied. */
export function amqpUrl({ url = 'amqp://localhost', username }: Sketch): string {
	if (username === undefined) return url;
	return url.replace('://', () => `://${encodeURIComponent(wellFormed(username))}:PASSWORD@`);
}

/** The properties of a message: the header of a request, and the names in pika and in amqplib. */
const properties: [string, Code, Code][] = [
	['Content-Type', python`content_type`, script`contentType`],
	['Content-Encoding', python`content_encoding`, script`contentEncoding`],
	['Reply-To', python`reply_to`, script`replyTo`],
	['Correlation-Id', python`correlation_id`, script`correlationId`],
	['Message-Id', python`message_id`, script`messageId`],
	['Expiration', python`expiration`, script`expiration`],
	['Priority', python`priority`, script`priority`],
	['Type', python`type`, script`type`],
	['App-Id', python`app_id`, script`appId`],
	['User-Id', python`user_id`, script`userId`],
	['Timestamp', python`timestamp`, script`timestamp`],
];
/** The names of the properties of a message as headers of a request. */
export const propertyNames = properties.map(([name]) => name);
/** Options of the request, which are not a part of the message. */
const requestOptions = ['Timeout', 'Verb', 'Mode', 'Prefetch', 'Confirm'];

/** The headers of a request: properties of the message, and its own headers. */
export const amqpHeaders = (sketch: Sketch) => sortHeaders(sketch, [...propertyNames, 'Persistent', ...requestOptions]);

/** Seconds since 1970, from a time or from a number of seconds. */
function seconds(text: string): number | undefined {
	const ms = Date.parse(text);
	return whole(text, 0, Number.MAX_SAFE_INTEGER) ?? (ms >= 0 ? Math.floor(ms / 1000) : undefined);
}

/** The properties and headers that a program sends with each message. */
function sorted(sketch: Sketch, program: 'python' | 'script') {
	const { field, own } = amqpHeaders(sketch);
	const left: LeftOut[] = [];
	const set: [Code, string | number][] = [];
	for (const [name, inPython, inScript] of properties) {
		const text = field(name);
		if (text === undefined) continue;
		const value = name === 'Timestamp' ? seconds(text) : name === 'Priority' ? whole(text, 0, 255) : text;
		if (value === undefined) left.push([`${name} ${text}`, 'which is not valid']);
		else set.push([program === 'python' ? inPython : inScript, value]);
	}
	const headers = typedHeaders(own, left).filter(([name, value]) => {
		const beyond = isBeyond(program, value);
		if (beyond) left.push([name, 'whose value the library cannot send']);
		return !beyond;
	});
	return { set, headers, left, persistent: field('Persistent') !== 'false' };
}

/** Time that a request waits for its answer, in seconds. */
const wait = 10;

/** With pika 1. The server confirms each message; a message that no queue takes is an error. */
export function pythonAmqp(sketch: Sketch): string {
	const { exchange, key } = amqpPlace(sketch.target);
	const { set, headers, left, persistent } = sorted(sketch, 'python');
	const start = [
		...(headers.some(([, { type }]) => type === 'T')
			? [python`from datetime import datetime, timezone`, python``]
			: []),
		python`import pika`,
		python``,
	];
	const connected = [
		python`connection = pika.BlockingConnection(pika.URLParameters(${amqpUrl(sketch)}))`,
		python`channel = connection.channel()`,
	];
	const receiving = receives(sketch);
	if (receiving) {
		const { queue } = receiving;
		return program([
			python`import pika`,
			python``,
			...connected,
			...(queue === undefined
				? [
						python`# A queue of its own, which goes with the connection, gets copies.`,
						python`queue = channel.queue_declare("", exclusive=True).method.queue`,
						python`channel.queue_bind(queue, ${exchange}, ${key})`,
					]
				: [python`# Takes the messages out of the queue.`]),
			python`for method, properties, body in channel.consume(${queue ?? python`queue`}, auto_ack=${queue === undefined}):`,
			python`    print(method.exchange, method.routing_key, properties, body)`,
			...(queue === undefined ? [] : [python`    channel.basic_ack(method.delivery_tag)`]),
		]);
	}
	const asks = sketch.verb === 'REQUEST';
	const list = set.map(([name, value]) => python`${name}=${value}`);
	if (asks) list.push(python`reply_to="amq.rabbitmq.reply-to"`);
	list.push(python`delivery_mode=${persistent ? 2 : 1}`);
	if (headers.length > 0)
		list.push(python`headers={${headers.map(([name, value]) => python`${name}: ${pythonHeader(value)}`)}}`);
	const lines = [
		...start,
		...comments('#', left),
		...connected,
		python`channel.confirm_delivery()`,
		python`properties = pika.BasicProperties(${list})`,
	];
	if (asks)
		lines.push(
			python`answers = []`,
			python`channel.basic_consume("amq.rabbitmq.reply-to", lambda *parts: answers.append(parts[3]), auto_ack=True)`,
		);
	const messages = messagesOf(sketch);
	for (const one of messages)
		lines.push(python`channel.basic_publish(${exchange}, ${key}, ${pythonBytes(one)}, properties, mandatory=True)`);
	if (asks)
		lines.push(
			python`for _ in range(${wait}):`,
			python`    if len(answers) < ${messages.length}:`,
			python`        connection.process_data_events(1)`,
			python`print(*answers or ["no answer"], sep="\\n")`,
		);
	return program([...lines, python`connection.close()`]);
}

/** With amqplib, as an ES module. The server confirms each message; a message that no queue takes is an error. */
export function scriptAmqp(sketch: Sketch): string {
	const { exchange, key } = amqpPlace(sketch.target);
	const { set, headers, left, persistent } = sorted(sketch, 'script');
	const start = [
		...fileImport(sketch),
		script`import { connect } from 'amqplib';`,
		script``,
		...(receives(sketch) ? [] : comments('//', left)),
		script`const connection = await connect(${amqpUrl(sketch)});`,
	];
	const receiving = receives(sketch);
	if (receiving) {
		const { queue } = receiving;
		return program([
			...start,
			script`const channel = await connection.createChannel();`,
			...(queue === undefined
				? [
						script`// A queue of its own, which goes with the connection, gets copies.`,
						script`const { queue } = await channel.assertQueue('', { exclusive: true });`,
						script`await channel.bindQueue(queue, ${exchange}, ${key});`,
					]
				: [script`// Takes the messages out of the queue.`]),
			script`await channel.consume(${queue ?? script`queue`}, (message) => {`,
			script`  console.log(message.fields.exchange, message.fields.routingKey, message.properties, message.content.toString());`,
			...(queue === undefined ? [] : [script`  channel.ack(message);`]),
			script`}, { noAck: ${queue === undefined} });`,
		]);
	}
	const asks = sketch.verb === 'REQUEST';
	const list = [
		...set.map(([name, value]) => script`${name}: ${value}`),
		...(asks ? [script`replyTo: 'amq.rabbitmq.reply-to'`] : []),
		script`persistent: ${persistent}`,
		script`mandatory: true`,
	];
	if (headers.length > 0)
		list.push(script`headers: { ${headers.map(([name, value]) => script`[${name}]: ${scriptHeader(value)}`)} }`);
	const lines = [
		...start,
		script`const channel = await connection.createConfirmChannel();`,
		script`channel.on('return', ({ fields }) => {`,
		script`  console.error('No queue took it:', fields.replyText);`,
		script`  process.exitCode = 1;`,
		script`});`,
	];
	const messages = messagesOf(sketch);
	if (asks)
		lines.push(
			script`let wanted = ${messages.length};`,
			script`const answered = new Promise((resolve) => {`,
			script`  setTimeout(resolve, ${wait * 1000}).unref();`,
			script`  channel.consume('amq.rabbitmq.reply-to', ({ content }) => {`,
			script`    console.log(content.toString());`,
			script`    if (--wanted === 0) resolve();`,
			script`  }, { noAck: true });`,
			script`});`,
		);
	lines.push(script`const options = { ${list} };`);
	for (const one of messages) lines.push(script`channel.publish(${exchange}, ${key}, ${scriptBytes(one)}, options);`);
	lines.push(script`await channel.waitForConfirms();`);
	if (asks) lines.push(script`await answered;`);
	return program([...lines, script`await connection.close();`]);
}

/** The queue to consume from, or none for a tap. Undefined for a request that sends. */
function receives(sketch: Sketch): { queue: string | undefined } | undefined {
	if (!['SUBSCRIBE', 'CONSUME'].includes(sketch.verb)) return undefined;
	const address = parseAddress(sketch.target);
	return { queue: address?.kind === 'queue' ? address.queue : undefined };
}

/** There is no program for the firehose, which the tools of the server switch on and off. */
export const hasAmqpProgram = (sketch: Sketch) =>
	['exchange', 'queue'].includes(parseAddress(sketch.target)?.kind ?? '');
