import { Reader, Writer } from '../wire/bytes';

/** The parts of a message that the log stores besides its body and flags. */
export interface StoredMessage {
	exchange: string;
	key: string;
	/** The queue from which it was read. */
	queue?: string;
	/** Its encoded properties, so that it can be sent again unchanged. */
	head: Uint8Array;
}

/**
 * Encodes the parts as the log keeps them: queue (empty for none), exchange and routing key as short strings, then the
 * properties. Exchange, key and properties thus have the form in which a delivery carries them, and `wire/contents.ts`
 * copies them from its frames. Throws a RangeError if a name exceeds 255 bytes.
 */
export function storeMessage(parts: {
	exchange: string | Uint8Array;
	key: string | Uint8Array;
	queue?: string | Uint8Array;
	head: Uint8Array;
}): Uint8Array {
	const writer = new Writer();
	writer
		.short(parts.queue ?? '')
		.short(parts.exchange)
		.short(parts.key);
	return writer.raw(parts.head).done();
}

/** Decodes what the log keeps; undefined for a message without it. */
export function storedMessage(meta: unknown): StoredMessage | undefined {
	if (!(meta instanceof Uint8Array)) return undefined;
	const reader = new Reader(meta);
	const [queue, exchange, key] = [reader.short(), reader.short(), reader.short()];
	return { exchange, key, ...(queue !== '' && { queue }), head: reader.slice(reader.left) };
}
