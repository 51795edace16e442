import { BrowseLists, type BrowseSource } from '../../model/browse-lists';
import type { ConnectionNode, Node, PeerNode } from './nodes';

type Parent = ConnectionNode | PeerNode;

/** The peer's nodes of one connection, as far as the sidebar has shown them. A node stays the same object when it is read again. */
export interface Browsing {
	/** From memory where the list is fresh. Never rejects: a failure is a row. */
	children(parent: Parent, engine: BrowseSource): Promise<Node[]>;
	/** Marks all lists for reading again when they are shown the next time. */
	stale(): void;
	/** Reads the lists of these parents again and resolves with the parents whose lists have changed. */
	refresh(parents: readonly Parent[], engine: BrowseSource): Promise<Parent[]>;
	/** Requests the next page of a long list. */
	more(parent: Parent): void;
}

export function createBrowsing(connection: ConnectionNode): Browsing {
	let lists: BrowseLists | undefined;
	const known = new Map<string, PeerNode>();

	function listsOf(engine: BrowseSource): BrowseLists {
		lists ??= new BrowseLists(engine);
		lists.source = engine;
		return lists;
	}

	const keyOf = (parent: Parent) => (parent.kind === 'connection' ? '' : parent.key);

	function rows(from: BrowseLists, parent: Parent): Node[] {
		return from.entries(keyOf(parent)).flatMap((entry): Node | Node[] => {
			switch (entry.kind) {
				case 'node': {
					const { key, node } = entry;
					const row = known.get(key) ?? { kind: 'node', connection, key, node, parent };
					Object.assign(row, { node, parent });
					known.set(key, row);
					return row;
				}
				case 'failed':
					return { kind: 'failed', connection, parent, failure: entry.failure };
				case 'rest':
					return { kind: 'rest', connection, parent, shown: entry.shown, total: entry.total };
				case 'note':
					return { kind: 'info', connection, parent, text: entry.text };
				default:
					return [];
			}
		});
	}

	return {
		async children(parent, engine) {
			const from = listsOf(engine);
			await from.load(keyOf(parent));
			return rows(from, parent);
		},
		stale: () => lists?.markStale(),
		async refresh(parents, engine) {
			const from = listsOf(engine);
			const changed = await Promise.all(
				parents.map(async (parent) => {
					const key = keyOf(parent);
					if (!from.has(key)) return [];
					const before = JSON.stringify(from.entries(key));
					await from.refresh(key);
					return JSON.stringify(from.entries(key)) === before ? [] : [parent];
				}),
			);
			return changed.flat();
		},
		more: (parent) => lists?.extend(keyOf(parent)),
	};
}
