/** A query for the visible rows of the topic tree, drawn flat. */
export interface TreeQuery {
	/** Show only topics that contain this text or fit this wildcard pattern, and the way to them, all expanded. */
	filter?: { kind: 'text' | 'pattern'; value: string };
	/** Ids of the expanded nodes. Ignored while filtering. */
	expanded: number[];
	offset: number;
	count: number;
}

export interface TreePage {
	/** Rows there are for this query. */
	total: number;
	rows: TreeRow[];
}

/** One node of the tree. It may be a topic, a level on the way to topics, or both. */
export interface TreeRow {
	/** Unique in the session and stable. */
	id: number;
	depth: number;
	/** Its own level, e.g. "temp"; may be empty. */
	name: string;
	/** The whole topic, e.g. "sensors/dev-7/temp". */
	path: string;
	/** Messages on exactly this topic; 0 for a mere level. */
	messages: number;
	/** Messages on it and everything below. */
	total: number;
	/** Topics below it. */
	below: number;
	/** Messages a second on it and everything below, over about the last few seconds. */
	rate: number;
	/** Of the last message on exactly this topic, milliseconds since the epoch; undefined for a mere level. */
	time?: number;
	seq?: number;
	preview?: string;
	/** Flags of the last message. */
	flags?: number;
	expandable: boolean;
	expanded: boolean;
}

/** Direct children of a node for the editor's own tree, in order of name. `parent` undefined: the top. */
export interface ChildrenQuery {
	parent?: number;
	offset: number;
	count: number;
}
