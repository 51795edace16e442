import type { Failure } from '../../base/failure';
import type { BrowseNode } from '../../model/contracts/browse';
import type { TreeRow } from '../../model/contracts/topic';
import type { BrokenEntry, StoredProfile } from '../profiles/store';

/** One line of the sidebar. Nodes keep their identity as long as what they stand for, so that refreshing loses nothing. */
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

export interface TopicNode {
	kind: 'topic';
	connection: ConnectionNode;
	row: TreeRow;
	/** Drawn flat with its whole path: a match of the filter. */
	flat: boolean;
	parent: Node;
}

/** A range of siblings: the editor's tree freezes with more than about a thousand of them (55 ms at 1,000, 3.9 s at 100,000). */
export interface GroupNode {
	kind: 'group';
	connection: ConnectionNode;
	/** Engine id of the topic whose children these are; undefined: the top. */
	of: number | undefined;
	from: number;
	to: number;
	parent: Node;
}

export interface MoreNode {
	kind: 'more';
	connection: ConnectionNode;
	text: string;
	parent: Node;
}

export interface FilterNode {
	kind: 'filter';
	connection: ConnectionNode;
	text: string;
	parent: Node;
}

/** Something that the peer has. */
export interface PeerNode {
	kind: 'node';
	connection: ConnectionNode;
	/** The way to it: the same thing may be met on several. */
	key: string;
	node: BrowseNode;
	/** The user has opened it: open again when the connection comes back. */
	opened?: boolean;
	parent: ConnectionNode | PeerNode;
}

/** Why what is listed is not everything. */
export interface InfoNode {
	kind: 'info';
	connection: ConnectionNode;
	text: string;
	parent: ConnectionNode | PeerNode;
}

/** The peer did not tell. */
export interface FailedNode {
	kind: 'failed';
	connection: ConnectionNode;
	failure: Failure;
	parent: ConnectionNode | PeerNode;
}

/** Asks for the next page. */
export interface RestNode {
	kind: 'rest';
	connection: ConnectionNode;
	shown: number;
	total: number;
	parent: ConnectionNode | PeerNode;
}

/** Beside what the peer has: the targets of the messages that arrived. */
export interface SeenNode {
	kind: 'seen';
	connection: ConnectionNode;
}

export const connectionOf = (node: Node): ConnectionNode | undefined =>
	node.kind === 'connection' ? node : node.kind === 'broken' ? undefined : node.connection;

/** The one above; undefined: the top of the tree. */
export function parentOf(node: Node): Node | undefined {
	if (node.kind === 'connection' || node.kind === 'broken') return undefined;
	return 'parent' in node ? node.parent : node.connection;
}

/** Most siblings that are shown without being grouped, and the size of a group. */
export const most = 500;

export function idOf(node: Node): string {
	switch (node.kind) {
		case 'connection':
			return `c:${node.stored.profile.id}`;
		case 'broken':
			return `b:${node.broken.source.key}:${node.broken.index}`;
		case 'topic':
			return `t:${node.connection.stored.profile.id}:${node.flat ? 'f' : ''}${node.row.id}`;
		case 'group':
			return `g:${node.connection.stored.profile.id}:${node.of ?? ''}:${node.from}`;
		case 'more':
			return `m:${node.connection.stored.profile.id}`;
		case 'filter':
			return `f:${node.connection.stored.profile.id}`;
		case 'node':
			return `n:${node.connection.stored.profile.id}:${node.key}`;
		case 'info':
		case 'failed':
		case 'rest':
			return `${node.kind}:${idOf(node.parent)}`;
		case 'seen':
			return `s:${node.connection.stored.profile.id}`;
	}
}
