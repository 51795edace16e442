/** A query for the visible rows of the topic tree as a flat list. */
export interface TreeQuery {
	/** Only topics that contain this text or match this wildcard pattern, with their ancestors, all expanded. */
	filter?: { kind: 'text' | 'pattern'; value: string };
	/** Ids of the expanded nodes. Ignored while filtering. */
	expanded: number[];
	/** Draws a level without messages in the row of its only child. */
	compact?: boolean;
	offset: number;
	count: number;
	/** Topics whose rows are wanted wherever they are in the tree; at most 100. */
	pinned?: string[];
}

export interface TreePage {
	/** Total rows of this query. */
	total: number;
	rows: TreeRow[];
	/** Number of topics that match the filter; undefined without a filter. */
	matches?: number;
	/** In the order of the query; null for a topic that the tree does not contain. */
	pinned?: (TreeRow | null)[];
}

/** A level that shares the row of a level below it. */
export interface TreeLevel {
	id: number;
	name: string;
	path: string;
}

/** One node of the tree: a topic, a level above topics, or both. */
export interface TreeRow {
	/** Unique in the session and stable. */
	id: number;
	depth: number;
	/** Name of its level, e.g. "temp"; may be empty. */
	name: string;
	/** Full topic, e.g. "sensors/dev-7/temp". */
	path: string;
	/** In a compact tree, the levels before it in the same row, the top one first; undefined if there are none. */
	above?: TreeLevel[];
	/** Messages on exactly this topic; 0 for a level without messages. */
	messages: number;
	/** Messages on it and everything below. */
	total: number;
	/** Topics below it. */
	below: number;
	/** Messages per second on it and everything below, over about the last few seconds. */
	rate: number;
	/**
	 * Time of the last message on exactly this topic, in milliseconds since the epoch; undefined for a level without
	 * messages.
	 */
	time?: number;
	seq?: number;
	preview?: string;
	/** Flags of the last message. */
	flags?: number;
	expandable: boolean;
	expanded: boolean;
}

/** Direct children of a node for the editor's tree view, in order of name. `parent` undefined: the top level. */
export interface ChildrenQuery {
	parent?: number;
	/** As in `TreeQuery`. */
	compact?: boolean;
	offset: number;
	count: number;
}
