import type { Failure } from '../../base/failure';
import type { BrowseNode } from '../../model/contracts/browse';
import type { TreeRow } from '../../model/contracts/topic';
import type { BrokenEntry, StoredProfile } from '../profiles/store';

/** A row of the sidebar. A node stays the same object while the thing that it shows exists, so that a refresh loses nothing. */
export type Node =
	| ConnectionNode
	| BrokenNode
	| TopicNode
	| GroupNode
	| MoreNode
	| FilterNode
	| PeerNode
	| InfoNode
	| FailedNode
	| RestNode
	| SeenNode;

export interface ConnectionNode {
	kind: 'connection';
	stored: StoredProfile;
}

export interface BrokenNode {
	kind: 'broken';
	broken: BrokenEntry;
}

/** A node below a connection. */
interface Below<Parent = Node> {
	connection: ConnectionNode;
	parent: Parent;
}

export interface TopicNode extends Below {
	kind: 'topic';
	row: TreeRow;
	/** A match of the filter, shown with its whole path and without children. */
	flat: boolean;
}

/** A range of siblings. With many siblings VS Code's tree freezes: drawing takes 55 ms with 1,000 and 3.9 s with 100,000. */
export interface GroupNode extends Below {
	kind: 'group';
	/** Engine id of the topic whose children these are. Undefined for the top level. */
	of: number | undefined;
	from: number;
	to: number;
}

export interface MoreNode extends Below {
	kind: 'more';
	text: string;
}

export interface FilterNode extends Below {
	kind: 'filter';
	text: string;
	/** Number of matching topics. */
	matches: number;
}

/** A resource of the peer, such as a queue or a room. */
export interface PeerNode extends Below<ConnectionNode | PeerNode> {
	kind: 'node';
	/** The path to the node. The same resource can appear under several parents. */
	key: string;
	node: BrowseNode;
	/** Expanded by the user. It is expanded again after a reconnect. */
	opened?: boolean;
}

/** Explains why a list of the peer is incomplete. */
export interface InfoNode extends Below<ConnectionNode | PeerNode> {
	kind: 'info';
	text: string;
}

/** Browsing the peer failed. */
export interface FailedNode extends Below<ConnectionNode | PeerNode> {
	kind: 'failed';
	failure: Failure;
}

/** Loads the next page of a list. */
export interface RestNode extends Below<ConnectionNode | PeerNode> {
	kind: 'rest';
	shown: number;
	total: number;
}

/** Group of the targets that appear in messages, beside the resources of the peer. */
export interface SeenNode {
	kind: 'seen';
	connection: ConnectionNode;
}

export const connectionOf = (node: Node): ConnectionNode | undefined =>
	node.kind === 'connection' ? node : node.kind === 'broken' ? undefined : node.connection;

/** The parent row. Undefined at the top of the tree. */
export function parentOf(node: Node): Node | undefined {
	if (node.kind === 'connection' || node.kind === 'broken') return undefined;
	return 'parent' in node ? node.parent : node.connection;
}

/** Largest number of siblings that are shown without groups, and the size of a group. */
export const maxSiblings = 500;

export function idOf(node: Node): string {
	const profile = connectionOf(node)?.stored.profile.id;
	switch (node.kind) {
		case 'connection':
			return `c:${profile}`;
		case 'broken':
			return `b:${node.broken.source.key}:${node.broken.index}`;
		case 'topic':
			return `t:${profile}:${node.flat ? 'f' : ''}${node.row.id}`;
		case 'group':
			return `g:${profile}:${node.of ?? ''}:${node.from}`;
		case 'more':
			return `m:${profile}`;
		case 'filter':
			return `f:${profile}`;
		case 'node':
			return `n:${profile}:${node.key}`;
		case 'info':
		case 'failed':
		case 'rest':
			return `${node.kind}:${idOf(node.parent)}`;
		case 'seen':
			return `s:${profile}`;
	}
}
