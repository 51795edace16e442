import type { Disposable } from './disposable';

export type Event<T> = (listener: (value: T) => void) => Disposable;

/** A list of listeners. An exception in one listener does not affect the others. */
export class Emitter<T> implements Disposable {
	private readonly listeners = new Set<(value: T) => void>();

	constructor(private readonly onError: (error: unknown) => void = (error) => console.error(error)) {}

	readonly event: Event<T> = (listener) => {
		const own = (value: T) => listener(value);
		this.listeners.add(own);
		return { dispose: () => this.listeners.delete(own) };
	};

	fire(value: T): void {
		for (const listener of [...this.listeners]) {
			try {
				listener(value);
			} catch (error) {
				this.onError(error);
			}
		}
	}

	dispose(): void {
		this.listeners.clear();
	}
}
