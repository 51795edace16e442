/** Messages that are on their way, with limits on their number and bytes. */
export interface Window {
	/** Returns what is to be called when the message is no longer on its way. */
	add(bytes: number): () => void;
	/** A promise to wait for while a limit is reached. One caller at a time. */
	full(): Promise<void> | undefined;
	/** Resolves when no message is on its way. */
	empty(): Promise<void>;
}

export function createWindow(maxMessages: number, maxBytes: number): Window {
	let messages = 0;
	let bytes = 0;
	let wake: (() => void) | undefined;
	/** The number of messages at which the waiting sender goes on. */
	let wakeAt = 0;

	function until(left: number): Promise<void> {
		wakeAt = left;
		return new Promise((resolve) => {
			wake = resolve;
		});
	}

	return {
		add(size) {
			messages++;
			bytes += size;
			return () => {
				messages--;
				bytes -= size;
				if (!wake || messages > wakeAt || bytes > (maxBytes * wakeAt) / maxMessages) return;
				const go = wake;
				wake = undefined;
				go();
			};
		},
		// The sender goes on at half of the limit: waking at every receipt would send messages one by one.
		full: () => (messages >= maxMessages || bytes >= maxBytes ? until(maxMessages / 2) : undefined),
		async empty() {
			if (messages > 0) await until(0);
		},
	};
}
