import type { Disposable } from './disposable';

/**
 * Calls `action` at most once per `everyMs`: immediately after a pause, otherwise at the end of each interval in which
 * it was requested. Keeps the cost of a view independent of the message rate.
 */
export class Coalescer implements Disposable {
	private timer: ReturnType<typeof setTimeout> | undefined;
	private wanted = false;
	private disposed = false;

	constructor(
		private readonly everyMs: number,
		private readonly action: () => void,
	) {}

	request(): void {
		if (this.disposed) return;
		if (this.timer) this.wanted = true;
		else this.run();
	}

	private run(): void {
		this.wanted = false;
		this.timer = setTimeout(() => {
			this.timer = undefined;
			if (this.wanted) this.run();
		}, this.everyMs);
		this.action();
	}

	dispose(): void {
		this.disposed = true;
		if (this.timer) clearTimeout(this.timer);
		this.timer = undefined;
	}
}
