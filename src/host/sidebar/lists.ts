import { type ConnectionNode, connectionOf, idOf, type Node, parentOf } from './nodes';

/** Rows that are told of in one look; the others follow with the next. The editor's work grows with their square. */
const mostAtOnce = 250;

/**
 * What is open in the tree, read ahead. The editor shows its line of progress whenever it asks for children, and it asks
 * for those of each open row that it is told of. So it is told of rows only where they look different, of lists only
 * where they have changed, and is answered from here.
 */
export interface Lists {
	/** At once where they are known. */
	children(parent: Node): Node[] | Promise<Node[]>;
	isOpen(node: Node): boolean;
	/** The editor has drawn the node; `look` is how. */
	drawn(node: Node, look: string): void;
	/** The user has opened the node, perhaps with children that the editor still had. */
	opened(node: Node): void;
	/** The user has closed it. What is open below stays so. */
	closed(node: Node): void;
	/** Reads again what is visible of a connection, and tells what has changed of it. */
	look(connection: ConnectionNode): Promise<void>;
	/** They are read anew when they are asked for. */
	forget(connection: ConnectionNode): void;
}

export interface ListsOptions {
	/** Never rejects. */
	read(parent: Node): Promise<Node[]>;
	/** How a row would be drawn now. */
	look(node: Node): string;
	changed(nodes: Node[]): void;
}

export function createLists({ read, look, changed }: ListsOptions): Lists {
	const lists = new Map<Node, Node[]>();
	const looks = new WeakMap<Node, string>();
	/** Connections that are looked at; true: again when it is done. */
	const busy = new Map<ConnectionNode, boolean>();
	/** Where the next look begins, if the last one told of as many rows as it may. */
	const next = new WeakMap<ConnectionNode, number>();

	/** What the editor knows stays the same object. */
	function adopt(parent: Node, found: Node[]): Node[] {
		const known = new Map(lists.get(parent)?.map((node) => [idOf(node), node]));
		return found.map((node) => Object.assign(known.get(idOf(node)) ?? node, node));
	}

	async function fetch(parent: Node): Promise<Node[]> {
		const list = adopt(parent, await read(parent));
		lists.set(parent, list);
		return list;
	}

	/** A row that nobody sees, because one above it is closed, costs nothing. */
	function isVisible(node: Node): boolean {
		if (!lists.has(node)) return false;
		const parent = parentOf(node);
		return !parent || isVisible(parent);
	}

	async function refresh(connection: ConnectionNode): Promise<void> {
		const parents = [...lists.keys()].filter((node) => connectionOf(node) === connection && isVisible(node));
		const rows: Node[] = [connection];
		const news = new Set<Node>();
		await Promise.all(
			parents.map(async (parent) => {
				const found = await read(parent);
				const before = lists.get(parent);
				// Closed or forgotten meanwhile.
				if (!before) return;
				const list = adopt(parent, found);
				lists.set(parent, list);
				if (before.length === list.length && before.every((node, at) => node === list[at])) rows.push(...list);
				else news.add(parent);
			}),
		);
		const start = next.get(connection) ?? 0;
		let at = 0;
		for (; at < rows.length && news.size < mostAtOnce; at++) {
			const node = rows[(start + at) % rows.length] as Node;
			const drawn = looks.get(node);
			if (drawn !== undefined && drawn !== look(node)) news.add(node);
		}
		next.set(connection, at < rows.length ? start + at : 0);
		if (news.size > 0) changed([...news]);
	}

	return {
		children: (parent) => lists.get(parent) ?? fetch(parent),
		isOpen: (node) => lists.has(node),
		drawn: (node, look) => void looks.set(node, look),
		opened(node) {
			if (lists.has(node)) return;
			void fetch(node).then(() => changed([node]));
		},
		closed: (node) => void lists.delete(node),
		async look(connection) {
			if (busy.has(connection)) {
				busy.set(connection, true);
				return;
			}
			busy.set(connection, false);
			await refresh(connection);
			const again = busy.get(connection);
			busy.delete(connection);
			if (again) await this.look(connection);
		},
		forget(connection) {
			for (const node of lists.keys()) if (connectionOf(node) === connection) lists.delete(node);
		},
	};
}
