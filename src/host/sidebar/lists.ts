import { type ConnectionNode, connectionOf, idOf, type Node, parentOf } from './nodes';

/** Limit of rows that one refresh reports; others follow with the next. The work of VS Code grows with their square. */
const maxReported = 250;

/**
 * Cache of the expanded lists of the tree. VS Code shows its progress bar whenever it requests children, and it requests
 * those of each expanded row that is reported as changed. Therefore only rows that appear different and lists that have
 * changed are reported, and requests are answered from this cache.
 */
export interface Lists {
	/** Synchronous if the list is cached. */
	children(parent: Node): Node[] | Promise<Node[]>;
	isOpen(node: Node): boolean;
	/** Records how VS Code has drawn the node. */
	drawn(node: Node, appearance: string): void;
	/** The user expanded the node. VS Code may still have had its children. */
	opened(node: Node): void;
	/** The user collapsed the node. Nodes below stay expanded. */
	closed(node: Node): void;
	/** Reads the visible lists of a connection again and reports what has changed. */
	refresh(connection: ConnectionNode): Promise<void>;
	/** Drops the lists of a connection, so that they are read again on request. */
	forget(connection: ConnectionNode): void;
}

export interface ListsOptions {
	/** Never rejects. */
	read(parent: Node): Promise<Node[]>;
	/** Key of the current appearance of a row. */
	appearance(node: Node): string;
	changed(nodes: Node[]): void;
}

export function createLists({ read, appearance, changed }: ListsOptions): Lists {
	const lists = new Map<Node, Node[]>();
	const drawnAs = new WeakMap<Node, string>();
	/** Connections that are being refreshed. True if another refresh was requested meanwhile. */
	const busy = new Map<ConnectionNode, boolean>();
	/** Index at which the next refresh begins, if the last one reached the limit. */
	const next = new WeakMap<ConnectionNode, number>();

	/** Keeps the objects of nodes that VS Code already knows. */
	function adopt(parent: Node, found: Node[]): Node[] {
		const existing = new Map(lists.get(parent)?.map((node) => [idOf(node), node]));
		return found.map((node) => Object.assign(existing.get(idOf(node)) ?? node, node));
	}

	async function fetch(parent: Node): Promise<Node[]> {
		const list = adopt(parent, await read(parent));
		lists.set(parent, list);
		return list;
	}

	/** False for a list below a collapsed row. It is not refreshed. */
	function isVisible(node: Node): boolean {
		if (!lists.has(node)) return false;
		const parent = parentOf(node);
		return !parent || isVisible(parent);
	}

	async function readAgain(connection: ConnectionNode): Promise<void> {
		const parents = [...lists.keys()].filter((node) => connectionOf(node) === connection && isVisible(node));
		const rows: Node[] = [connection];
		const changes = new Set<Node>();
		await Promise.all(
			parents.map(async (parent) => {
				const found = await read(parent);
				const before = lists.get(parent);
				// Collapsed or dropped in the meantime.
				if (!before) return;
				const list = adopt(parent, found);
				lists.set(parent, list);
				if (before.length === list.length && before.every((node, at) => node === list[at])) rows.push(...list);
				else changes.add(parent);
			}),
		);
		const start = next.get(connection) ?? 0;
		let at = 0;
		for (; at < rows.length && changes.size < maxReported; at++) {
			const node = rows[(start + at) % rows.length] as Node;
			const drawn = drawnAs.get(node);
			if (drawn !== undefined && drawn !== appearance(node)) changes.add(node);
		}
		next.set(connection, at < rows.length ? start + at : 0);
		if (changes.size > 0) changed([...changes]);
	}

	return {
		children: (parent) => lists.get(parent) ?? fetch(parent),
		isOpen: (node) => lists.has(node),
		drawn: (node, appearance) => void drawnAs.set(node, appearance),
		opened(node) {
			if (lists.has(node)) return;
			void fetch(node).then(() => changed([node]));
		},
		closed: (node) => void lists.delete(node),
		async refresh(connection) {
			if (busy.has(connection)) {
				busy.set(connection, true);
				return;
			}
			busy.set(connection, false);
			await readAgain(connection);
			const again = busy.get(connection);
			busy.delete(connection);
			if (again) await this.refresh(connection);
		},
		forget(connection) {
			for (const node of lists.keys()) if (connectionOf(node) === connection) lists.delete(node);
		},
	};
}
