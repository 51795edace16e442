import type { UnfinishedMessage } from '../../model/contracts/session';
import type { Link } from '../../protocols/adapter';

/** Milliseconds. Together they show a stuck message within 12 s. */
const lookEvery = 1000;
const patience = 10_000;

/**
 * Watches for a link that has been waiting for the rest of one message for a while, however many bytes keep arriving:
 * after a wrong length, everything disappears into that message. `changed` is called with each new count, and with
 * undefined once the rest has arrived. Returns a function that stops watching.
 */
export function watchUnfinished(link: Link, changed: (message: UnfinishedMessage | undefined) => void): () => void {
	if (!link.unfinished) return () => {};
	let shown: UnfinishedMessage | undefined;
	const look = () => {
		const found = link.unfinished?.();
		const stuck = found && performance.now() - found.since >= patience ? found : undefined;
		if (stuck?.bytes === shown?.bytes && stuck?.size === shown?.size) return;
		shown = stuck && { bytes: stuck.bytes, ...(stuck.size !== undefined && { size: stuck.size }) };
		changed(shown);
	};
	const timer = setInterval(look, lookEvery);
	return () => clearInterval(timer);
}
