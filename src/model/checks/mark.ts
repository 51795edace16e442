/** What can be wrong about the arrival of a message, in the order in which it is listed. */
export const markKinds = ['replayed', 'old', 'duplicate', 'gap', 'reordered', 'restarted', 'unverified'] as const;

/**
 * `replayed`: its nonce was received before. `old`: its timestamp is outside of the window. `duplicate`: it was delivered
 * before. `gap`: messages in front of it are missing. `reordered`: a later one came before it. `restarted`: its counter
 * started over. `unverified`: a field that a rule names is missing or has no usable value.
 */
export type MarkKind = (typeof markKinds)[number];

export interface Mark {
	kind: MarkKind;
	/** The evidence in words, without a period: "Sequence 17 after 12: 4 missing". Has text of the peer. */
	reason: string;
}

/** Number of marked messages by kind; a message with two kinds counts for both. */
export type MarkCounts = Partial<Record<MarkKind, number>>;

/** A kind for one and for several messages: "1 gap", "3 replayed". */
export const markWords: Readonly<Record<MarkKind, { title: string; one: string; many: string; help: string }>> = {
	replayed: {
		...{ title: 'Replayed', one: 'replayed', many: 'replayed' },
		help: 'A message with the same nonce was received before.',
	},
	old: {
		...{ title: 'Old', one: 'old', many: 'old' },
		help: 'The timestamp in the message is outside of the window that the connection allows.',
	},
	duplicate: {
		...{ title: 'Duplicate', one: 'duplicate', many: 'duplicates' },
		help: 'The message was delivered before.',
	},
	gap: {
		...{ title: 'Gap', one: 'gap', many: 'gaps' },
		help: 'Messages in front of this one are missing.',
	},
	reordered: {
		...{ title: 'Reordered', one: 'reordered', many: 'reordered' },
		help: 'A later message came before this one.',
	},
	restarted: {
		...{ title: 'Restarted', one: 'restart', many: 'restarts' },
		help: 'The counter of the sender started over.',
	},
	unverified: {
		...{ title: 'Unverified', one: 'unverified', many: 'unverified' },
		help: 'A field that the checks of the connection name is missing or has no usable value.',
	},
};
