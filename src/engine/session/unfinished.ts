import type { UnfinishedMessage } from '../../model/contracts/session';
import type { Link } from '../../protocols/adapter';

/** Milliseconds. With both, a link that waits for the rest of a message shows it within 12 s. */
const lookEvery = 1000;
const patience = 10_000;

/**
 * Looks whether a link has been waiting for the rest of one message for a while, however many bytes keep coming: what is
 * sent after a length that is wrong disappears in that message. `changed` receives each new count, and undefined once the
 * rest has come. Returns what ends it.
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
