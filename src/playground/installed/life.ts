/** Calls an action again and again, each time after the previous call has ended. Failures are ignored. Returns what stops it. */
export function callEvery(ms: number, action: () => unknown): () => void {
	let timer: NodeJS.Timeout | undefined;
	let stopped = false;
	const next = async () => {
		try {
			await action();
		} catch {
			// The server is busy, or has ended, which its process reports.
		}
		if (!stopped) timer = setTimeout(next, ms);
	};
	timer = setTimeout(next, 0);
	return () => {
		stopped = true;
		clearTimeout(timer);
	};
}
