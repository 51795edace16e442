import type { Disposable } from '../../../base/disposable';

/** Milliseconds after which the editor has asked, if it has not forgotten to. */
const soon = 1000;
/** Lenses may be switched off: then nobody ever asks. */
const attempts = 10;

/**
 * Lets the editor ask for lenses until it has. Told that they have changed it waits a moment, and it forgets to ask when the
 * focus leaves the text meanwhile, say for a click in the status bar: old lenses would stand there, or none.
 */
export interface Insistence extends Disposable {
	/** What is visible must be asked for. */
	want(): void;
	/** It was, for this document. */
	got(uri: string): void;
}

export function createInsistence(visible: () => readonly string[], tell: () => void): Insistence {
	const missing = new Set<string>();
	let left = 0;
	let timer: ReturnType<typeof setTimeout> | undefined;

	function check(): void {
		timer = undefined;
		const now = visible();
		for (const uri of missing) if (!now.includes(uri)) missing.delete(uri);
		if (missing.size === 0 || left === 0) return;
		left--;
		tell();
		timer = setTimeout(check, soon);
	}

	return {
		want() {
			for (const uri of visible()) missing.add(uri);
			left = attempts;
			tell();
			clearTimeout(timer);
			timer = missing.size > 0 ? setTimeout(check, soon) : undefined;
		},
		got: (uri) => void missing.delete(uri),
		dispose: () => clearTimeout(timer),
	};
}
