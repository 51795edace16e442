import { type AmqpMeta, amqpFlag } from './flags';
import { skim } from './wire/basic';
import type { Delivery } from './wire/channel';

const death = Buffer.from('\x07x-death');

/** Flags and meta of a received message. Throws `Malformed` when its properties end early. */
export function metaOf(delivery: Delivery, queue?: string): { flags: number; meta: AmqpMeta } {
	const { exchange, key, head } = delivery;
	return {
		flags: flagsOf(head) | (delivery.redelivered ? amqpFlag.redelivered : 0),
		meta: { exchange, key, ...(queue !== undefined && { queue }), head: head.slice() },
	};
}

function flagsOf(head: Uint8Array): number {
	const { persistent, headers } = skim(head);
	const dead = headers && Buffer.from(headers.buffer, headers.byteOffset, headers.length).includes(death);
	return (persistent ? amqpFlag.persistent : 0) | (dead ? amqpFlag.dead : 0);
}

/** The same for a flood: what is the same for many messages is made once. */
export function createMetas(targetOf: (exchange: string, key: string) => string, queue?: string) {
	interface Known {
		target: string;
		/** As the channel gave it: the same object as long as the bytes are the same. */
		given: Uint8Array;
		flags: number;
		meta: AmqpMeta;
	}
	/** By the exchange, then by the key. */
	const known = new Map<string, Map<string, Known>>();
	const most = 10_000;
	let count = 0;

	return (delivery: Delivery): { target: string; flags: number; meta: AmqpMeta } => {
		const { exchange, key, head } = delivery;
		let keys = known.get(exchange);
		if (!keys) {
			keys = new Map();
			known.set(exchange, keys);
		}
		let found = keys.get(key);
		if (found?.given !== head) {
			if (!found && ++count > most) {
				count = 1;
				known.clear();
				keys = new Map();
				known.set(exchange, keys);
			}
			found = {
				target: found?.target ?? targetOf(exchange, key),
				given: head,
				flags: flagsOf(head),
				meta: { exchange, key, ...(queue !== undefined && { queue }), head },
			};
			keys.set(key, found);
		}
		return {
			target: found.target,
			flags: delivery.redelivered ? found.flags | amqpFlag.redelivered : found.flags,
			meta: found.meta,
		};
	};
}
