import { parseAddress } from '../../protocols/amqp/addresses';
import { pythonHeader, scriptHeader, seconds, typed } from './amqp-headers';
import { fileImport, header, literal, messagesOf, pythonBytes, scriptBytes } from './literals';
import type { Sketch } from './sketch';

/** Exchange and routing key of a target; a queue is reached through the default exchange. */
export function amqpPlace(target: string): { exchange: string; key: string } {
	const address = parseAddress(target);
	if (address?.kind === 'exchange') return { exchange: address.exchange, key: address.key };
	return { exchange: '', key: address?.kind === 'queue' ? address.queue : target };
}

/** The password itself is in no text. */
export function amqpUrl({ url = 'amqp://localhost', username }: Sketch): string {
	return username === undefined ? url : url.replace('://', `://${encodeURIComponent(username)}:PASSWORD@`);
}

/** What the headers of a request that are no message headers are called, by program: [pika, amqplib]. */
const properties: Record<string, readonly [string, string]> = {
	'content-type': ['content_type', 'contentType'],
	'content-encoding': ['content_encoding', 'contentEncoding'],
	'reply-to': ['reply_to', 'replyTo'],
	'correlation-id': ['correlation_id', 'correlationId'],
	'message-id': ['message_id', 'messageId'],
	expiration: ['expiration', 'expiration'],
	priority: ['priority', 'priority'],
	type: ['type', 'type'],
	'app-id': ['app_id', 'appId'],
	'user-id': ['user_id', 'userId'],
	timestamp: ['timestamp', 'timestamp'],
};
/** How a request is sent, which is no part of the message. */
export const ways = ['timeout', 'verb', 'mode', 'prefetch'];

/** Headers of a request sorted: properties by their names in one of the programs, and the message's own headers. */
function sorted(sketch: Sketch, program: 0 | 1) {
	const given: [string, string][] = [];
	const own: [string, string][] = [];
	for (const [name, value] of sketch.headers) {
		const plain = name.toLowerCase();
		const known = properties[plain]?.[program];
		if (known === undefined) {
			if (plain !== 'persistent' && !ways.includes(plain)) own.push([name, value]);
		} else if (plain === 'timestamp') given.push([known, String(seconds(value))]);
		else given.push([known, plain === 'priority' ? String(Number(value) || 0) : literal(value)]);
	}
	return { given, own, persistent: header(sketch, 'persistent') !== 'false' };
}

/** Seconds that a request waits for its answer. */
const wait = 10;

/** With pika 1: confirmed by the server, and an error where no queue takes it. */
export function pythonAmqp(sketch: Sketch): string {
	const { exchange, key } = amqpPlace(sketch.target);
	const { given, own, persistent } = sorted(sketch, 0);
	const types = own.map(([, value]) => typed(value).type);
	const imports = [
		...(types.some((type) => type === 'list' || type === 'table') ? ['import json'] : []),
		...(types.includes('timestamp') ? ['from datetime import datetime, timezone'] : []),
	];
	const start = [
		...(imports.length > 0 ? [...imports, ''] : []),
		'import pika',
		'',
		`connection = pika.BlockingConnection(pika.URLParameters(${literal(amqpUrl(sketch))}))`,
		'channel = connection.channel()',
	];
	const receiving = receives(sketch);
	if (receiving) {
		const from = receiving.queue === undefined ? 'queue' : literal(receiving.queue);
		const bind =
			receiving.queue === undefined
				? [
						'# A queue of its own, which goes with the connection, gets copies.',
						'queue = channel.queue_declare("", exclusive=True).method.queue',
						`channel.queue_bind(queue, ${literal(exchange)}, ${literal(key)})`,
					]
				: ['# Takes the messages out of the queue.'];
		return [
			...start,
			...bind,
			`for method, properties, body in channel.consume(${from}, auto_ack=${receiving.queue === undefined ? 'True' : 'False'}):`,
			'    print(method.exchange, method.routing_key, properties, body)',
			...(receiving.queue === undefined ? [] : ['    channel.basic_ack(method.delivery_tag)']),
			'',
		].join('\n');
	}
	const asks = sketch.verb === 'REQUEST';
	const list = given.map(([name, value]) => `${name}=${value}`);
	if (asks) list.push('reply_to="amq.rabbitmq.reply-to"');
	list.push(`delivery_mode=${persistent ? 2 : 1}`);
	if (own.length > 0)
		list.push(`headers={${own.map(([name, value]) => `${literal(name)}: ${pythonHeader(value)}`).join(', ')}}`);
	const lines = [...start, 'channel.confirm_delivery()', `properties = pika.BasicProperties(${list.join(', ')})`];
	if (asks)
		lines.push(
			'answers = []',
			'channel.basic_consume("amq.rabbitmq.reply-to", lambda *parts: answers.append(parts[3]), auto_ack=True)',
		);
	const messages = messagesOf(sketch);
	for (const one of messages)
		lines.push(
			`channel.basic_publish(${literal(exchange)}, ${literal(key)}, ${pythonBytes(one)}, properties, mandatory=True)`,
		);
	if (asks)
		lines.push(
			`for _ in range(${wait}):`,
			`    if len(answers) < ${messages.length}:`,
			'        connection.process_data_events(1)',
			'print(*answers or ["no answer"], sep="\\n")',
		);
	return [...lines, 'connection.close()', ''].join('\n');
}

/** With amqplib, as an ES module: confirmed by the server, and an error where no queue takes it. */
export function scriptAmqp(sketch: Sketch): string {
	const { exchange, key } = amqpPlace(sketch.target);
	const { given, own, persistent } = sorted(sketch, 1);
	const start = [
		...fileImport(sketch),
		"import { connect } from 'amqplib';",
		'',
		`const connection = await connect(${literal(amqpUrl(sketch))});`,
	];
	const receiving = receives(sketch);
	if (receiving) {
		const isTap = receiving.queue === undefined;
		return [
			...start,
			'const channel = await connection.createChannel();',
			...(isTap
				? [
						'// A queue of its own, which goes with the connection, gets copies.',
						"const { queue } = await channel.assertQueue('', { exclusive: true });",
						`await channel.bindQueue(queue, ${literal(exchange)}, ${literal(key)});`,
					]
				: ['// Takes the messages out of the queue.']),
			`await channel.consume(${isTap ? 'queue' : literal(receiving.queue ?? '')}, (message) => {`,
			'  console.log(message.fields.exchange, message.fields.routingKey, message.properties, message.content.toString());',
			...(isTap ? [] : ['  channel.ack(message);']),
			`}, { noAck: ${isTap} });`,
			'',
		].join('\n');
	}
	const asks = sketch.verb === 'REQUEST';
	const list = [
		...given.map(([name, value]) => `${name}: ${value}`),
		...(asks ? ["replyTo: 'amq.rabbitmq.reply-to'"] : []),
		`persistent: ${persistent}`,
		'mandatory: true',
	];
	if (own.length > 0)
		list.push(`headers: { ${own.map(([name, value]) => `[${literal(name)}]: ${scriptHeader(value)}`).join(', ')} }`);
	const lines = [
		...start,
		'const channel = await connection.createConfirmChannel();',
		"channel.on('return', ({ fields }) => {",
		"  console.error('No queue took it:', fields.replyText);",
		'  process.exitCode = 1;',
		'});',
	];
	const messages = messagesOf(sketch);
	if (asks)
		lines.push(
			`let wanted = ${messages.length};`,
			'const answered = new Promise((resolve) => {',
			`  setTimeout(resolve, ${wait * 1000}).unref();`,
			"  channel.consume('amq.rabbitmq.reply-to', ({ content }) => {",
			'    console.log(content.toString());',
			'    if (--wanted === 0) resolve();',
			'  }, { noAck: true });',
			'});',
		);
	lines.push(`const options = { ${list.join(', ')} };`);
	for (const one of messages)
		lines.push(`channel.publish(${literal(exchange)}, ${literal(key)}, ${scriptBytes(one)}, options);`);
	lines.push('await channel.waitForConfirms();');
	if (asks) lines.push('await answered;');
	return [...lines, 'await connection.close();', ''].join('\n');
}

/** The queue to take from, or none for a tap; undefined: it sends. */
function receives(sketch: Sketch): { queue: string | undefined } | undefined {
	if (!['SUBSCRIBE', 'CONSUME'].includes(sketch.verb)) return undefined;
	const address = parseAddress(sketch.target);
	return { queue: address?.kind === 'queue' ? address.queue : undefined };
}

/** Of the firehose there is no program: it is switched on and off by the server's own tools. */
export const hasAmqpProgram = (sketch: Sketch) => parseAddress(sketch.target)?.kind !== 'firehose';
