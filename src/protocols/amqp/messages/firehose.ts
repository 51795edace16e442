import { type AmqpMeta, amqpFlag } from '../describe/flags';
import { type Basic, headBytes, readBasic, writeBasic } from '../wire/basic';
import { type Delivery, keptHead } from '../wire/contents';
import { member, type Table, textOf } from '../wire/table';

/** The exchange to which RabbitMQ publishes traced messages (its guide "Firehose Tracer"). */
export const traceExchange = 'amq.rabbitmq.trace';

const names: Record<string, keyof Basic> = {
	content_type: 'contentType',
	content_encoding: 'contentEncoding',
	correlation_id: 'correlationId',
	reply_to: 'replyTo',
	expiration: 'expiration',
	message_id: 'messageId',
	type: 'type',
	user_id: 'userId',
	app_id: 'appId',
	cluster_id: 'clusterId',
};

/** The original of a traced message. The server puts its exchange, key and properties into headers. */
export function traced(delivery: Delivery): { target: string; flags: number; meta: AmqpMeta } {
	const headers = readBasic(headBytes(delivery.head)).headers;
	const keys = member(headers, 'routing_keys');
	const key = keys?.type === 'A' ? (textOf(keys.value[0]) ?? '') : '';
	const properties = member(headers, 'properties');
	const basic = original(properties?.type === 'F' ? properties.value : []);
	const redelivered = member(headers, 'redelivered');
	const isAgain = redelivered !== undefined && redelivered.value !== 0 && redelivered.value !== false;
	const isDelivery = delivery.key.startsWith('deliver.');
	return {
		// Published messages are grouped by their key, delivered ones by their queue.
		target: isDelivery ? `firehose/${delivery.key}` : `firehose/${delivery.key}/${key}`,
		flags:
			amqpFlag.traced |
			(basic.deliveryMode === 2 ? amqpFlag.persistent : 0) |
			(isAgain ? amqpFlag.redelivered : 0) |
			(member(basic.headers, 'x-death') ? amqpFlag.dead : 0),
		meta: {
			exchange: textOf(member(headers, 'exchange_name')) ?? '',
			key,
			...(isDelivery && { queue: delivery.key.slice('deliver.'.length) }),
			head: keptHead(writeBasic(basic)),
		},
	};
}

function original(table: Table): Basic {
	const basic: Record<string, unknown> = {};
	for (const [name, value] of table) {
		const property = names[name];
		if (property) basic[property] = textOf(value);
		else if (name === 'headers' && value.type === 'F') basic.headers = value.value;
		else if (name === 'delivery_mode' || name === 'priority') {
			if (typeof value.value === 'number') basic[name === 'priority' ? 'priority' : 'deliveryMode'] = value.value;
		} else if (name === 'timestamp')
			if (typeof value.value === 'bigint' || typeof value.value === 'number')
				basic.timestamp = BigInt(Math.trunc(Number(value.value)));
	}
	return basic;
}
