import { amqpFlag } from '../describe/flags';
import { storedMessage, storeMessage } from '../describe/stored-message';
import { type Basic, readBasic, writeBasic } from '../wire/basic';
import type { Delivery } from '../wire/contents';
import { member, type Table, type TableValue, textOf } from '../wire/table';

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
export function traced({ route, meta }: Delivery): { target: string; flags: number; meta: Uint8Array } {
	const { headers } = readBasic(storedMessage(meta)?.head ?? meta);
	const keys = member(headers, 'routing_keys');
	const key = keys?.type === 'A' ? keys.value[0] : undefined;
	const properties = member(headers, 'properties');
	const basic = original(properties?.type === 'F' ? properties.value : []);
	const redelivered = member(headers, 'redelivered');
	const isAgain = redelivered !== undefined && redelivered.value !== 0 && redelivered.value !== false;
	const isDelivery = route.key.startsWith('deliver.');
	return {
		// Published messages are grouped by their key, delivered ones by their queue.
		target: isDelivery ? `firehose/${route.key}` : `firehose/${route.key}/${textOf(key) ?? ''}`,
		flags:
			amqpFlag.traced |
			(basic.deliveryMode === 2 ? amqpFlag.persistent : 0) |
			(isAgain ? amqpFlag.redelivered : 0) |
			(member(basic.headers, 'x-death') ? amqpFlag.dead : 0),
		meta: storeMessage({
			exchange: nameOf(member(headers, 'exchange_name')),
			key: nameOf(key),
			...(isDelivery && { queue: route.key.slice('deliver.'.length) }),
			head: writeBasic(basic),
		}),
	};
}

/** Bytes, since a name may be text that is not UTF-8. The server does not accept longer ones. */
const nameOf = (value: TableValue | undefined) => (value?.type === 'S' ? value.value.subarray(0, 255) : '');

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
