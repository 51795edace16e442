import type { Message, Publication } from '../broker/broker';

/** What a device may do: say something, hear something, do something now and then. */
export interface World {
	publish(publication: Publication): void;
	/** Hears messages to exactly this topic. */
	hear(topic: string, listener: (message: Message) => void): void;
	/** Does it at once and then every so many milliseconds. */
	every(ms: number, action: () => void): void;
}

export type Device = (world: World) => void;

/** A value that wanders between two bounds as a sensor's does. */
export function wander(low: number, high: number, step: number): () => number {
	let value = (low + high) / 2;
	return () => {
		value = Math.min(high, Math.max(low, value + (Math.random() - 0.5) * 2 * step));
		return Math.round(value * 100) / 100;
	};
}

export const json = (value: unknown) => JSON.stringify(value);
export const jsonType = { contentType: 'application/json', payloadFormatIndicator: true };
