import { type Failure, toFailure } from '../../base/failure';
import type { Remote } from '../../base/rpc';
import type { BrowseNode } from '../../model/contracts/browse';
import type { EngineApi } from '../../model/contracts/engine-api';
import type { ConnectionNode, Node, PeerNode } from './nodes';

/** Children that are asked for at once, and shown without "Show more". */
const page = 1000;

type Parent = ConnectionNode | PeerNode;
type Asked = Pick<Remote<EngineApi>, 'browse'>;

/** What the peer of one connection has, as far as the sidebar has shown it; a node stays the same object when it is read again. */
export interface Browsing {
	/** From memory where it is fresh. Never throws: a failure is a row. */
	children(parent: Parent, engine: Asked): Promise<Node[]>;
	/** What was read may not be true any more: it is read again when it is asked for. */
	stale(): void;
	/** Reads the lists below these parents again, and resolves with those that have changed. */
	refresh(parents: readonly Parent[], engine: Asked): Promise<Parent[]>;
	/** The next page of a long list. */
	more(parent: Parent): void;
}

interface List {
	wanted: number;
	nodes: BrowseNode[];
	total: number;
	note?: string | undefined;
	failure?: Failure | undefined;
	fresh: boolean;
	reading?: Promise<void> | undefined;
}

export function createBrowsing(connection: ConnectionNode): Browsing {
	const lists = new Map<string, List>();
	const known = new Map<string, PeerNode>();

	/** A node may be met on two ways: each is a row of its own. */
	const keyOf = (parent: Parent) => (parent.kind === 'connection' ? '' : parent.key);

	function listOf(parent: Parent): List {
		const key = keyOf(parent);
		const list = lists.get(key) ?? { wanted: page, nodes: [], total: 0, fresh: false };
		lists.set(key, list);
		return list;
	}

	async function ask(list: List, parent: Parent, engine: Asked): Promise<void> {
		const of = parent.kind === 'connection' ? undefined : parent.node.id;
		try {
			const nodes = new Map<string, BrowseNode>();
			let total = 0;
			let note: string | undefined;
			for (let offset = 0; offset < list.wanted; offset += page) {
				const found = await engine.browse(of, offset, page);
				({ total, note } = found);
				for (const node of found.nodes) nodes.set(node.id, node);
				if (offset + page >= total || found.nodes.length === 0) break;
			}
			Object.assign(list, { nodes: [...nodes.values()], total, note, failure: undefined });
		} catch (error) {
			list.failure = toFailure(error);
		}
		list.fresh = true;
	}

	/** Once at a time for each list. */
	function read(list: List, parent: Parent, engine: Asked): Promise<void> {
		list.reading ??= ask(list, parent, engine).finally(() => {
			list.reading = undefined;
		});
		return list.reading;
	}

	function rows(list: List, parent: Parent): Node[] {
		const { nodes, failure, note, total } = list;
		const shown: Node[] = nodes.map((node) => {
			const key = `${keyOf(parent)}\n${node.id}`;
			const one = known.get(key) ?? { kind: 'node', connection, key, node, parent };
			one.node = node;
			one.parent = parent;
			known.set(key, one);
			return one;
		});
		if (failure) shown.unshift({ kind: 'failed', connection, parent, failure });
		if (note) shown.push({ kind: 'info', connection, parent, text: note });
		if (total > nodes.length && nodes.length >= list.wanted)
			shown.push({ kind: 'rest', connection, parent, shown: nodes.length, total });
		return shown;
	}

	const said = ({ nodes, total, note, failure }: List) => JSON.stringify([nodes, total, note, failure]);

	return {
		async children(parent, engine) {
			const list = listOf(parent);
			if (!list.fresh) await read(list, parent, engine);
			return rows(list, parent);
		},
		stale() {
			for (const list of lists.values()) list.fresh = false;
		},
		async refresh(parents, engine) {
			const changed = await Promise.all(
				parents.map(async (parent) => {
					const list = lists.get(keyOf(parent));
					if (!list) return [];
					const before = said(list);
					await list.reading;
					await read(list, parent, engine);
					return said(list) === before ? [] : [parent];
				}),
			);
			return changed.flat();
		},
		more(parent) {
			const list = listOf(parent);
			list.wanted += page;
			list.fresh = false;
		},
	};
}
