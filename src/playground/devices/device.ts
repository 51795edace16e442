import type { Message } from '../broker/client';

/** A message with its defaults left out. */
type Publication = Partial<Omit<Message, 'payload'>> & { topic: string; payload: string | Uint8Array };

/** The broker as a device sees it. */
export interface World {
	publish(publication: Publication): void;
	/** Receives messages to exactly this topic. */
	subscribe(topic: string, listener: (message: Message) => void): void;
	/** Runs the action at once, then at this interval in milliseconds. */
	every(ms: number, action: () => void): void;
}

export type Device = (world: World) => void;

/** A random walk between two bounds, like the values of a sensor. */
export function wander(low: number, high: number, step: number): () => number {
	let value = (low + high) / 2;
	return () => {
		value = Math.min(high, Math.max(low, value + (Math.random() - 0.5) * 2 * step));
		return Math.round(value * 100) / 100;
	};
}

export const json = (value: unknown) => JSON.stringify(value);
export const jsonType = { contentType: 'application/json', payloadFormatIndicator: true };
