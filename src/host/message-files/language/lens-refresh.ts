import type { Disposable } from '../../../base/disposable';

/** Interval between refresh events, in milliseconds. */
const interval = 1000;
/** Most events after a change: if the user has switched lenses off, VS Code never requests them. */
const maxAttempts = 10;

/**
 * Repeats the refresh event until VS Code has requested the lenses of all visible documents. VS Code waits a moment after
 * the event and drops the request if the editor loses the focus meanwhile, which would leave old lenses in place.
 */
export interface LensRefresh extends Disposable {
	/** The lenses of all visible documents have changed. */
	request(): void;
	/** VS Code has requested the lenses of a document. */
	provided(uri: string): void;
}

/** `visible`: the URIs of the visible documents; `fire` sends the event. */
export function createLensRefresh(visible: () => readonly string[], fire: () => void): LensRefresh {
	const missing = new Set<string>();
	let attempts = 0;
	let timer: ReturnType<typeof setTimeout> | undefined;

	function check(): void {
		timer = undefined;
		const now = visible();
		for (const uri of missing) if (!now.includes(uri)) missing.delete(uri);
		if (missing.size === 0 || attempts === maxAttempts) return;
		attempts++;
		fire();
		timer = setTimeout(check, interval);
	}

	return {
		request() {
			for (const uri of visible()) missing.add(uri);
			attempts = 0;
			fire();
			clearTimeout(timer);
			timer = missing.size > 0 ? setTimeout(check, interval) : undefined;
		},
		provided: (uri) => void missing.delete(uri),
		dispose: () => clearTimeout(timer),
	};
}
