/** Tells the component above, across shadow roots. */
export function emit<T>(from: EventTarget, name: string, detail?: T): void {
	from.dispatchEvent(new CustomEvent(name, { detail, bubbles: true, composed: true }));
}

/** Shows what went wrong where the page shows failures. Cancelling is none. */
export function emitFailure(from: EventTarget, error: unknown): void {
	emit(from, 'mw-failure', error);
}
