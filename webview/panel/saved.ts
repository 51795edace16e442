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
	textUpTo,
} from '../../src/base/check';
import { type MarkKind, markKinds } from '../../src/model/checks/mark';
import { type Decoding, type Direction, decodings, type LogFilter } from '../../src/model/contracts/message';
import { type PayloadFormat, payloadFormats } from '../../src/model/contracts/payload';
import type { Values } from '../../src/model/profile/field';
import { type ChartState, isChartState } from './charts/chart-state';

/** A message as it is being written. */
export interface DraftText {
	verb: string;
	target: string;
	values: Values;
	/** Undefined while the user has chosen none: the format is recognized from the text. */
	format?: PayloadFormat;
	text: string;
}

/** Colors of subscriptions, in the order in which they are used. */
export const colorNames = ['blue', 'orange', 'green', 'purple', 'yellow', 'red'] as const;
export type ColorName = (typeof colorNames)[number];

/** A part of the panel; one is in front where there is no room for columns. */
export type Part = 'topics' | 'messages' | 'detail' | 'compose';

/** The state of the panel that survives hiding its tab and reloading the window. */
export interface Saved {
	version: 1;
	layout: { tree: number; detail: number; compose: number; composeOpen: boolean; tab: Part };
	filter: FilterState;
	/** `pane` and `browsed` (keys of expanded nodes) are set where the protocol can browse its peer. */
	tree: {
		filter: string;
		expanded: string[];
		selected?: string;
		pane?: 'browse' | 'seen';
		browsed?: string[];
		/** A level without messages shares the row of its only child, unless this is false. */
		compact?: boolean;
	};
	draft?: DraftText;
	history: DraftText[];
	repeatMs: number;
	/** The decoding chosen for each target; the latest choice is last. */
	decodings: [string, Decoding][];
	follow: boolean;
	/** The timeline is shown above the log, which it is unless the user has closed it; the log is shown as a chat. */
	timeline?: boolean;
	chat?: boolean;
	/** A view that stands in place of the log. */
	view?: 'graph';
	/** The message at the top of the log while it does not follow the newest, and the one in the detail. */
	anchor?: Place;
	selected?: Place;
	/** Pinned topics, by path. */
	pins?: string[];
	/** The color of each subscription, by id; the latest choice is last. */
	colors?: [string, ColorName | 'none'][];
	charts?: ChartState;
}

/** A message and its time: another session reuses the same number for another message. */
export interface Place {
	seq: number;
	time: number;
}

export interface FilterState {
	text: string;
	matchCase: boolean;
	/** The text is a regular expression. */
	regex?: boolean;
	target?: NonNullable<LogFilter['target']>;
	/** The directions that are shown. */
	directions: Direction[];
	/** Only messages that are marked as one of these. */
	marked?: MarkKind[];
	/** The time that is shown, from this one on and before that one. Milliseconds since the epoch. */
	from?: number;
	to?: number;
}

export const allDirections: readonly Direction[] = ['in', 'out', 'note'];
export const noFilter = (): FilterState => ({ text: '', matchCase: false, directions: [...allDirections] });

export function isFiltering(filter: FilterState): boolean {
	if (filter.from !== undefined || filter.to !== undefined || filter.marked) return true;
	return filter.text !== '' || filter.target !== undefined || filter.directions.length < allDirections.length;
}

export function toLogFilter(filter: FilterState): LogFilter {
	return {
		...(filter.text === '' ? {} : { text: filter.text, matchCase: filter.matchCase, regex: filter.regex ?? false }),
		...(filter.target ? { target: filter.target } : {}),
		...(filter.directions.length < allDirections.length ? { directions: filter.directions } : {}),
		...(filter.marked ? { marked: filter.marked } : {}),
		...(filter.from === undefined ? {} : { from: filter.from }),
		...(filter.to === undefined ? {} : { to: filter.to }),
	};
}

/** Maximum lengths in the saved state: entries, and characters of the texts. */
export const limits = {
	history: 50,
	draftText: 200_000,
	historyText: 20_000,
	expanded: 500,
	decodings: 200,
	pins: 50,
	pinText: 4096,
	colors: 100,
	colorText: 4096,
};

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
		regex: optional(isBoolean),
		target: optional(shape({ kind: oneOf('exact', 'below', 'pattern', 'text'), value: isString })),
		directions: listOf(oneOf(...allDirections), 3),
		marked: optional(listOf(oneOf(...markKinds), markKinds.length)),
		from: optional(isNumber),
		to: optional(isNumber),
	}),
	timeline: optional(isBoolean),
	chat: optional(isBoolean),
	tree: shape({
		filter: isString,
		expanded: listOf(isString, limits.expanded),
		selected: optional(isString),
		pane: optional(oneOf('browse', 'seen')),
		browsed: optional(listOf(isString, limits.expanded)),
		compact: optional(isBoolean),
	}),
	draft: optional(isDraftText),
	history: listOf(isDraftText, limits.history),
	repeatMs: isIndex,
	decodings: listOf(
		(entry) => Array.isArray(entry) && isString(entry[0]) && oneOf(...decodings)(entry[1]),
		limits.decodings,
	),
	follow: isBoolean,
	view: optional(oneOf('graph')),
	anchor: optional(isPlace),
	selected: optional(isPlace),
	pins: optional(listOf(textUpTo(limits.pinText), limits.pins)),
	colors: optional(
		listOf(
			(entry) => Array.isArray(entry) && textUpTo(limits.colorText)(entry[0]) && oneOf(...colorNames, 'none')(entry[1]),
			limits.colors,
		),
	),
	charts: optional(isChartState),
};

/** Restores saved state part by part: a part with an unexpected shape falls back to its initial value, the others stay. */
export function restore(saved: unknown): Saved {
	const state = startState();
	if (!isRecord(saved) || saved.version !== 1) return state;
	const found: Record<string, unknown> = {};
	for (const [name, check] of Object.entries(parts)) {
		if (saved[name] !== undefined && check(saved[name])) found[name] = saved[name];
	}
	return { ...state, ...found };
}

/** Saves the state within half a second of a change, and at once when the page is hidden or left. */
export class SaveTimer {
	private timer: ReturnType<typeof setTimeout> | undefined;

	constructor(private readonly save: () => void) {
		document.addEventListener('visibilitychange', () => document.hidden && this.flush());
		window.addEventListener('pagehide', () => this.flush());
	}

	start(): void {
		this.timer ??= setTimeout(() => this.flush(), 400);
	}

	private flush(): void {
		if (!this.timer) return;
		clearTimeout(this.timer);
		this.timer = undefined;
		this.save();
	}
}
