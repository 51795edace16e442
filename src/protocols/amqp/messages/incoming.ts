import { type AmqpMeta, amqpFlag } from '../describe/flags';
import { headBytes, skim } from '../wire/basic';
import type { Delivery } from '../wire/contents';

const death = Buffer.from('\x07x-death');

/** Flags and meta of a received message. Throws `Malformed` when its properties end early. */
export function metaOf(delivery: Delivery, queue?: string): { flags: number; meta: AmqpMeta } {
	const { exchange, key, head } = delivery;
	return {
		flags: flagsOf(head) | (delivery.redelivered ? amqpFlag.redelivered : 0),
		meta: { exchange, key, ...(queue !== undefined && { queue }), head },
	};
}

function flagsOf(head: string): number {
	const { persistent, headers } = skim(headBytes(head));
	const dead = headers && Buffer.from(headers.buffer, headers.byteOffset, headers.length).includes(death);
	return (persistent ? amqpFlag.persistent : 0) | (dead ? amqpFlag.dead : 0);
}

/** The parts of a log entry that many messages of a flood have in common, created once. */
export interface Kind {
	target: string;
	/** Without the flag for redelivery. */
	flags: number;
	meta: AmqpMeta;
}

const maxKinds = 10_000;
/** Bytes of the properties of all kinds: a server may send different large ones with every key. */
const maxBytes = 1024 * 1024;

export function createKinds(
	targetOf: (exchange: string, key: string) => string,
	queue?: string,
): (delivery: Delivery) => Kind {
	/** By exchange, then by key. */
	const cached = new Map<string, Map<string, Kind>>();
	let count = 0;
	let bytes = 0;

	function make({ exchange, key, head }: Delivery, keys: Map<string, Kind>, target?: string): Kind {
		const meta: AmqpMeta = queue === undefined ? { exchange, key, head } : { exchange, key, queue, head };
		const created = { target: target ?? targetOf(exchange, key), flags: flagsOf(head), meta };
		keys.set(key, created);
		return created;
	}

	return (delivery) => {
		let keys = cached.get(delivery.exchange);
		const found = keys?.get(delivery.key);
		if (found && found.meta.head === delivery.head) return found;
		bytes += delivery.head.length - (found?.meta.head.length ?? 0);
		if (!found) count++;
		if (count > maxKinds || bytes > maxBytes) {
			count = 1;
			bytes = delivery.head.length;
			cached.clear();
			keys = undefined;
		}
		if (!keys) {
			keys = new Map();
			cached.set(delivery.exchange, keys);
		}
		return make(delivery, keys, found?.target);
	};
}

export const againFlag = ({ redelivered }: Delivery): number => (redelivered ? amqpFlag.redelivered : 0);
