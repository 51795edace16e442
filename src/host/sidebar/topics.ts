import type { Remote } from '../../base/rpc';
import type { EngineApi } from '../../model/contracts/engine-api';
import type { TreeRow } from '../../model/contracts/topic';
import type { ProtocolDescription } from '../../protocols/description';
import {
	type ConnectionNode,
	type GroupNode,
	type MoreNode,
	most,
	type Node,
	type SeenNode,
	type TopicNode,
} from './nodes';

/** The top is the connection itself, or its group beside what the peer has. */
type Parent = ConnectionNode | SeenNode | TopicNode | GroupNode;

/** The topics of one connection as far as the sidebar has shown them; a node stays the same object when it is read again. */
export interface Topics {
	filter: string | undefined;
	children(parent: Parent, engine: Remote<EngineApi>): Promise<Node[]>;
}

export function createTopics(connection: ConnectionNode, description: ProtocolDescription | undefined): Topics {
	const nodes = new Map<number, TopicNode>();
	const groups = new Map<string, GroupNode>();

	function node(row: TreeRow, parent: Node): TopicNode {
		const known = nodes.get(row.id);
		if (known) {
			known.row = row;
			known.parent = parent;
			return known;
		}
		const made: TopicNode = { kind: 'topic', connection, row, flat: false, parent };
		nodes.set(row.id, made);
		return made;
	}

	function group(of: number | undefined, from: number, to: number, parent: Node): GroupNode {
		const key = `${of ?? ''}:${from}`;
		const known = groups.get(key);
		if (known) {
			known.to = to;
			return known;
		}
		const made: GroupNode = { kind: 'group', connection, of, from, to, parent };
		groups.set(key, made);
		return made;
	}

	const ask = (of: number | undefined, offset: number, count: number, engine: Remote<EngineApi>) =>
		engine.children({ ...(of === undefined ? {} : { parent: of }), offset, count });

	async function matches(engine: Remote<EngineApi>, filter: string, parent: Node): Promise<Node[]> {
		const kind = description?.pattern?.isPattern(filter) ? 'pattern' : 'text';
		const found = await engine.tree({ filter: { kind, value: filter }, expanded: [], offset: 0, count: most });
		const rows = found.rows.filter((row) => row.messages > 0);
		const list: Node[] = rows.map((row) => ({ kind: 'topic', connection, row, flat: true, parent }));
		if (found.total > found.rows.length) list.push(more(`More than ${most} match: open the panel to see all`, parent));
		if (list.length === 0) list.push(more(`No ${description?.words.target ?? 'target'} matches`, parent));
		return list;
	}

	const more = (text: string, parent: Node): MoreNode => ({ kind: 'more', connection, text, parent });

	const topics: Topics = {
		filter: undefined,
		async children(parent, engine) {
			if ((parent.kind === 'connection' || parent.kind === 'seen') && topics.filter)
				return [
					{ kind: 'filter', connection, text: topics.filter, parent },
					...(await matches(engine, topics.filter, parent)),
				];
			if (parent.kind === 'group') {
				const { rows } = await ask(parent.of, parent.from, most, engine);
				return rows.map((row) => node(row, parent));
			}
			const of = parent.kind === 'topic' ? parent.row.id : undefined;
			const { total, rows } = await ask(of, 0, most, engine);
			if (total <= most) return rows.map((row) => node(row, parent));
			return Array.from({ length: Math.ceil(total / most) }, (_, at) =>
				group(of, at * most, Math.min(total, (at + 1) * most), parent),
			);
		},
	};
	return topics;
}
