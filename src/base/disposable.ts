/** Something that holds a resource until it is told to let go. Structurally the same as `vscode.Disposable`. */
export interface Disposable {
	dispose(): void;
}

/** One lifetime. What is added after the end is disposed at once, so that a late answer cannot leak. */
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
