/** Hands the panel's state to the host: within half a second of a change, and at once when the page is put away. */
export class Keeper {
	private timer: ReturnType<typeof setTimeout> | undefined;

	constructor(private readonly save: () => void) {
		document.addEventListener('visibilitychange', () => document.hidden && this.flush());
		window.addEventListener('pagehide', () => this.flush());
	}

	changed(): void {
		this.timer ??= setTimeout(() => this.flush(), 400);
	}

	flush(): void {
		if (!this.timer) return;
		clearTimeout(this.timer);
		this.timer = undefined;
		this.save();
	}
}
