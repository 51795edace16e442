import type { Remote } from '../../base/rpc';
import type { EngineApi } from '../../model/contracts/engine-api';
import type { TreeRow } from '../../model/contracts/topic';
import type { ProtocolDescription } from '../../protocols/description';
import {
	type ConnectionNode,
	type GroupNode,
	type MoreNode,
	maxSiblings,
	type Node,
	type SeenNode,
	type TopicNode,
} from './nodes';

/** A node that can have topics below it. The top is the connection, or its group of seen targets. */
type Parent = ConnectionNode | SeenNode | TopicNode | GroupNode;

/** The topics of one connection. A node stays the same object when it is read again. */
export interface Topics {
	filter: string | undefined;
	children(parent: Parent, engine: Remote<EngineApi>): Promise<Node[]>;
}

export function createTopics(connection: ConnectionNode, description: ProtocolDescription | undefined): Topics {
	const nodes = new Map<number, TopicNode>();
	const groups = new Map<string, GroupNode>();

	function node(row: TreeRow, parent: Node): TopicNode {
		const existing = nodes.get(row.id);
		if (existing) return Object.assign(existing, { row, parent });
		const created: TopicNode = { kind: 'topic', connection, row, flat: false, parent };
		nodes.set(row.id, created);
		return created;
	}

	function group(of: number | undefined, from: number, to: number, parent: Node): GroupNode {
		const key = `${of ?? ''}:${from}`;
		const existing = groups.get(key);
		if (existing) return Object.assign(existing, { to });
		const created: GroupNode = { kind: 'group', connection, of, from, to, parent };
		groups.set(key, created);
		return created;
	}

	const more = (text: string, parent: Node): MoreNode => ({ kind: 'more', connection, text, parent });

	const rowsOf = (of: number | undefined, offset: number, engine: Remote<EngineApi>) =>
		engine.children({ ...(of === undefined ? {} : { parent: of }), compact: true, offset, count: maxSiblings });

	async function matches(engine: Remote<EngineApi>, text: string, parent: Node): Promise<Node[]> {
		const kind = description?.pattern?.isPattern(text) ? 'pattern' : 'text';
		const found = await engine.tree({ filter: { kind, value: text }, expanded: [], offset: 0, count: maxSiblings });
		const rows = found.rows.filter((row) => row.messages > 0);
		const filter: Node = { kind: 'filter', connection, text, matches: found.matches ?? 0, parent };
		const list = rows.map((row): Node => ({ kind: 'topic', connection, row, flat: true, parent }));
		if (found.total > found.rows.length)
			list.push(more(`More than ${maxSiblings} matches. Open the panel to see all.`, parent));
		if (list.length === 0) list.push(more(`No matching ${description?.words.targets ?? 'targets'}`, parent));
		return [filter, ...list];
	}

	const topics: Topics = {
		filter: undefined,
		async children(parent, engine) {
			if ((parent.kind === 'connection' || parent.kind === 'seen') && topics.filter)
				return matches(engine, topics.filter, parent);
			if (parent.kind === 'group') {
				const { rows } = await rowsOf(parent.of, parent.from, engine);
				return rows.map((row) => node(row, parent));
			}
			const of = parent.kind === 'topic' ? parent.row.id : undefined;
			const { total, rows } = await rowsOf(of, 0, engine);
			if (total <= maxSiblings) return rows.map((row) => node(row, parent));
			return Array.from({ length: Math.ceil(total / maxSiblings) }, (_, at) =>
				group(of, at * maxSiblings, Math.min(total, (at + 1) * maxSiblings), parent),
			);
		},
	};
	return topics;
}
