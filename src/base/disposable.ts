/** Holds a resource until it is disposed. Structurally the same as `vscode.Disposable`. */
export interface Disposable {
	dispose(): void;
}

/**
 * Disposables with a common lifetime. Items added after disposal are disposed immediately, so that a late answer cannot
 * leak.
 */
export class DisposableStore implements Disposable {
	private items: Disposable[] | undefined = [];

	add<T extends Disposable>(item: T): T {
		if (this.items) this.items.push(item);
		else item.dispose();
		return item;
	}

	get disposed(): boolean {
		return this.items === undefined;
	}

	dispose(): void {
		const items = this.items ?? [];
		this.items = undefined;
		for (const item of items.reverse()) item.dispose();
	}
}
