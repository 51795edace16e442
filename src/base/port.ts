import type { Disposable } from './disposable';

/** A message channel between two sides: a worker, a webview, or a pair in a test. */
export interface Port {
	post(message: unknown): void;
	onMessage(listener: (message: unknown) => void): Disposable;
}

/** Two connected ports in one process. Messages are structured clones, as with a worker or a webview. */
export function portPair(): [Port, Port] {
	const listeners: [Set<(message: unknown) => void>, Set<(message: unknown) => void>] = [new Set(), new Set()];
	const side = (own: 0 | 1): Port => ({
		post(message) {
			const copy = structuredClone(message);
			queueMicrotask(() => {
				for (const listener of listeners[own === 0 ? 1 : 0]) listener(copy);
			});
		},
		onMessage(listener) {
			listeners[own].add(listener);
			return { dispose: () => listeners[own].delete(listener) };
		},
	});
	return [side(0), side(1)];
}
