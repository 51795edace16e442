import type { BrowseNode } from './browse';

/** Maximum number of nodes and edges in a graph: a picture with more cannot be read. */
export const graphLimits = { nodes: 400, edges: 1000 } as const;

/** The network of a peer's objects: how messages get from where they are published to where they wait. */
export interface Graph {
	nodes: GraphNode[];
	edges: GraphEdge[];
	/** Numbers of nodes and edges beyond the limits. */
	hidden: { nodes: number; edges: number };
	/** Why something is missing, in a sentence. */
	note?: string;
}

export interface GraphNode {
	/** As in the browse tree, so that it has the same menu. */
	node: BrowseNode;
	/** Ids of its parents in the browse tree, from the top; undefined: it is not in the tree. */
	parents?: string[];
	/** Messages that wait in it. */
	waiting?: number;
	/** It is named by an edge and does not exist. */
	missing?: true;
}

export interface GraphEdge {
	/** Ids of nodes in the graph. */
	from: string;
	to: string;
	/** Short text at the edge, such as the binding key. */
	label: string;
	/** Not the normal way of a message, such as that of a dead letter. */
	dashed?: true;
}
