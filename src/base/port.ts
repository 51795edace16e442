import type { Disposable } from './disposable';

/** The one way between two sides: a worker, a webview and a pair in a test all fit it. */
export interface Port {
	post(message: unknown): void;
	onMessage(listener: (message: unknown) => void): Disposable;
}

/** Two ports in one process that hand each other structured clones, as a worker or a webview would. */
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
