import {
	type Check,
	isBoolean,
	isIndex,
	isNumber,
	isRecord,
	isString,
	listOf,
	oneOf,
	optional,
	shape,
} from '../../src/base/check';
import { type Decoding, type Direction, decodings, type LogFilter } from '../../src/model/contracts/message';
import { type PayloadFormat, payloadFormats } from '../../src/model/contracts/payload';
import type { Values } from '../../src/model/profile/field';

/** A message as it is being written. */
export interface DraftText {
	verb: string;
	target: string;
	values: Values;
	/** Undefined: none was chosen, and the text is recognized. */
	format?: PayloadFormat;
	text: string;
}

export type Tab = 'topics' | 'messages' | 'detail' | 'compose';

/** What the panel keeps when its tab is hidden or the window is loaded again. */
export interface Saved {
	version: 1;
	layout: { tree: number; detail: number; compose: number; composeOpen: boolean; tab: Tab };
	filter: FilterState;
	/** `pane` and `browsed` (ways to open nodes) where the protocol can tell what its peer has. */
	tree: { filter: string; expanded: string[]; selected?: string; pane?: 'browse' | 'seen'; browsed?: string[] };
	draft?: DraftText;
	history: DraftText[];
	repeatMs: number;
	/** The decoding chosen for a target; the latest last. */
	decodings: [string, Decoding][];
	follow: boolean;
	/** The message at the top of the log while not following, and the one in the detail. */
	anchor?: Place;
	selected?: Place;
}

/** A message, and its time: in another session the same number is another message. */
export interface Place {
	seq: number;
	time: number;
}

export interface FilterState {
	text: string;
	matchCase: boolean;
	target?: NonNullable<LogFilter['target']>;
	/** Those that are shown. */
	directions: Direction[];
}

export const allDirections: readonly Direction[] = ['in', 'out', 'note'];
export const noFilter = (): FilterState => ({ text: '', matchCase: false, directions: [...allDirections] });

export function isFiltering(filter: FilterState): boolean {
	return filter.text !== '' || filter.target !== undefined || filter.directions.length < allDirections.length;
}

export function toLogFilter(filter: FilterState): LogFilter {
	return {
		...(filter.text === '' ? {} : { text: filter.text, matchCase: filter.matchCase }),
		...(filter.target ? { target: filter.target } : {}),
		...(filter.directions.length < allDirections.length ? { directions: filter.directions } : {}),
	};
}

export const limits = { history: 50, draftText: 200_000, historyText: 20_000, expanded: 500, decodings: 200 };

export const startState = (): Saved => ({
	version: 1,
	layout: { tree: 260, detail: 380, compose: 220, composeOpen: true, tab: 'messages' },
	filter: noFilter(),
	tree: { filter: '', expanded: [] },
	history: [],
	repeatMs: 1000,
	decodings: [],
	follow: true,
});

const isDraftText = shape({
	verb: isString,
	target: isString,
	values: isRecord,
	format: optional(oneOf(...payloadFormats)),
	text: isString,
});
const isPlace = shape({ seq: isIndex, time: isNumber });
const parts: { [K in keyof Saved]-?: Check } = {
	version: oneOf(1),
	layout: shape({
		tree: isNumber,
		detail: isNumber,
		compose: isNumber,
		composeOpen: isBoolean,
		tab: oneOf('topics', 'messages', 'detail', 'compose'),
	}),
	filter: shape({
		text: isString,
		matchCase: isBoolean,
		target: optional(shape({ kind: oneOf('exact', 'below', 'pattern', 'text'), value: isString })),
		directions: listOf(oneOf(...allDirections), 3),
	}),
	tree: shape({
		filter: isString,
		expanded: listOf(isString, limits.expanded),
		selected: optional(isString),
		pane: optional(oneOf('browse', 'seen')),
		browsed: optional(listOf(isString, limits.expanded)),
	}),
	draft: optional(isDraftText),
	history: listOf(isDraftText, limits.history),
	repeatMs: isIndex,
	decodings: listOf(
		(entry) => Array.isArray(entry) && isString(entry[0]) && oneOf(...decodings)(entry[1]),
		limits.decodings,
	),
	follow: isBoolean,
	anchor: optional(isPlace),
	selected: optional(isPlace),
};

/** What was kept, part by part: a part of another shape falls back to the start, the others stay. */
export function restore(saved: unknown): Saved {
	const state = startState();
	if (!isRecord(saved) || saved.version !== 1) return state;
	const found: Record<string, unknown> = {};
	for (const [name, check] of Object.entries(parts)) {
		if (saved[name] !== undefined && check(saved[name])) found[name] = saved[name];
	}
	return { ...state, ...found };
}
