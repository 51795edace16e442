import { emptyMessage, type Message, writeMessage } from '../../protocols/coap/wire/packet';

/** Who asks: address and port. */
export interface Client {
	key: string;
	send(bytes: Buffer): void;
}

/** Confirmable messages of the server, repeated until they are acknowledged (RFC 7252, 4.2). */
export interface Outbox {
	/** `lost`: rejected, or never acknowledged. */
	send(client: Client, message: Omit<Message, 'id'>, lost?: () => void): void;
	/** An acknowledgement or reset. */
	answered(client: Client, id: number, reset: boolean): void;
	close(): void;
}

const ackTimeout = 2000;
const maxRetransmit = 4;
/** Messages whose reset is still of interest. */
const mostKept = 10_000;

export function createOutbox(): Outbox {
	const sent = new Map<string, { timer?: NodeJS.Timeout; lost?: () => void }>();
	let nextId = Math.floor(Math.random() * 65_536);

	return {
		send(client, message, lost) {
			nextId = (nextId + 1) & 0xffff;
			const key = `${client.key} ${nextId}`;
			const bytes = writeMessage({ ...message, id: nextId });
			const entry: { timer?: NodeJS.Timeout; lost?: () => void } = { lost };
			sent.delete(key);
			sent.set(key, entry);
			const [oldest] = sent;
			if (sent.size > mostKept && oldest) {
				clearTimeout(oldest[1].timer);
				sent.delete(oldest[0]);
			}
			const wait = (timeout: number, count: number) => {
				entry.timer = setTimeout(() => {
					if (count === maxRetransmit) {
						sent.delete(key);
						return lost?.();
					}
					client.send(bytes);
					wait(timeout * 2, count + 1);
				}, timeout);
			};
			if (message.type === 0) wait(ackTimeout * (1 + Math.random() / 2), 0);
			client.send(bytes);
		},
		answered(client, id, reset) {
			const key = `${client.key} ${id}`;
			const entry = sent.get(key);
			clearTimeout(entry?.timer);
			sent.delete(key);
			if (reset) entry?.lost?.();
		},
		close() {
			for (const { timer } of sent.values()) clearTimeout(timer);
			sent.clear();
		},
	};
}

export const acknowledge = (client: Client, id: number) => client.send(emptyMessage(2, id));
export const reject = (client: Client, id: number) => client.send(emptyMessage(3, id));
