import {
	isAny,
	isBoolean,
	isBytes,
	isIndex,
	isNumber,
	isRecord,
	isString,
	listOf,
	oneOf,
	optional,
	shape,
	textUpTo,
} from '../../base/check';
import type { Checks } from '../../base/rpc';
import { type Mark, markKinds } from '../checks/mark';
import type { CheckRule } from '../checks/rule';
import type { Subscription } from '../profile/profile';
import type { ActRequest, ActResult, BrowsePage, Intent, Question } from './browse';
import type { Graph } from './graph';
import { type Hold, type Outcome, outcomes } from './hold';
import {
	type Decoded,
	type Decoding,
	type Detail,
	type Difference,
	type Draft,
	decodings,
	type HexWidth,
	hexWidths,
	type LogFilter,
	type Page,
	type Receipt,
	type Said,
	type Series,
	type SeriesQuery,
	type Timeline,
} from './message';
import { isReplayRequest, type ReplayPreview, type ReplayRequest } from './replay';
import type { OpenRequest, RecordingRequest, RecordingState, Status, SubscriptionState, TestReport } from './session';
import type { ChildrenQuery, TreePage, TreeQuery, TreeRow } from './topic';

/** Read access of the panel to a session. Nothing here changes anything at the peer. */
export interface ReadApi {
	status(): Status;
	/**
	 * Creates or replaces the view of this name and starts its search at the newest message, or in both directions from
	 * line `near`. Throws `bad-filter`.
	 */
	view(name: string, filter: LogFilter, near?: number): Page;
	/**
	 * At most 500 rows from this position, or the last ones with `atEnd`. `marks`: name of a view whose `find` is marked in those of the rows that it
	 * contains. Throws `no-view`.
	 */
	page(name: string, from: number, count: number, marks?: string): Page;
	/** At most 100,000 lines of the log from this position; `from` differs from it if that was evicted. Throws `no-view`. */
	seqs(name: string, from: number, count: number): { from: number; seqs: number[] };
	/** The first position whose line is `seq` or later; the end of the view if there is none. Throws `no-view`. */
	position(name: string, seq: number): number;
	/** Ends the search of a view and forgets it. */
	dropView(name: string): void;
	/** Throws `evicted` if the message is no longer in the log, as do the three methods below. */
	detail(seq: number): Detail;
	/**
	 * At most `maxBytes` of the payload, decoded. `perLine`: bytes per line of a hex dump, 16 if undefined. `part`: the id of a
	 * further payload in place of the payload, here and in the two methods below, which throw `no-part` without it.
	 */
	decode(seq: number, decoding: Decoding, maxBytes: number, perLine?: HexWidth, part?: string): Decoded;
	/** The payload byte for byte. */
	payload(seq: number, part?: string): Uint8Array;
	/** How the message differs from the earlier one, both in the given decoding. A part that one of them lacks is empty. */
	diff(seq: number, previous: number, decoding: Decoding, perLine?: HexWidth, part?: string): Difference;
	/** The number at `path` in the latest messages on a target, oldest first. */
	series(query: SeriesQuery): Series;
	/** Throughput of the whole log in at most this many intervals, at most 1,000. */
	timeline(intervals: number): Timeline;
	/** What these messages say, in their order; at most 500 messages, and the first 4 KB of each payload. */
	said(messages: number[]): Said[];
	tree(query: TreeQuery): TreePage;
	children(query: ChildrenQuery): { total: number; rows: TreeRow[] };
	/** Targets with this prefix, from the log or from the peer, in order of name; at most `most`. */
	complete(start: string, most: number): string[];
	/** Ids of the nodes from the top to a topic; empty if there is none. */
	locate(path: string): number[];
	/** The protocol's actions that fit any of these lines, each with its lines. */
	fitting(messages: number[]): [action: string, messages: number[]][];
	/**
	 * Children of a node at the peer, of the top if undefined; at most 1,000 from `offset`. Throws the reason if they
	 * cannot be listed.
	 */
	browse(parent: string | undefined, offset: number, count: number): Promise<BrowsePage>;
	/** The network of the peer's objects whose names contain `find`, with their neighbours. Throws the reason. */
	graph(find: string): Promise<Graph>;
	/** The confirmation that this request needs; undefined: none. Throws if the request is impossible. */
	ask(intent: Intent): Promise<Question | undefined>;
	/** Retained topics at or below this one, as far as received. At most 10,000. */
	marked(path: string, flags: number): string[];
}

/** What a user may do in an open session. */
export interface ActApi {
	/** Resolves when the peer has answered; throws the refusal. */
	subscribe(subscription: Subscription): Promise<SubscriptionState>;
	unsubscribe(subscription: Subscription): Promise<void>;
	/** Throws if nothing was sent; a receipt otherwise, whatever became of it. */
	send(draft: Draft): Promise<Receipt>;
	/** Sends immediately and then every `everyMs` (at least 10) until stopped or the user closes the session. */
	repeat(draft: Draft, everyMs: number): number;
	stopRepeat(id: number): void;
	/** Stops waiting for a pending message; its receipt then states what is known. */
	cancel(seq: number): void;
	/** Resolves with the proven outcome. The caller must have shown the confirmation of `ask`. */
	act(request: ActRequest): Promise<ActResult>;
	/** Stops an action as soon as this is possible without loss. */
	stop(id: string): void;
	/** Removes all messages and topics. */
	clear(): void;
}

/** Receiving for callers that acknowledge messages after they have processed them. */
export interface HoldApi {
	/**
	 * As `ActApi.subscribe`. With `hold`, messages are acknowledged by `settle`, if `holding` of the result says so. It replaces
	 * a subscription without, and the reverse.
	 */
	subscribe(subscription: Subscription, hold?: Hold): Promise<SubscriptionState>;
	/**
	 * Settles held messages by their lines, in the order in which they are given. Does nothing for lines that are not held,
	 * have been settled or belong to an ended subscription or connection.
	 */
	settle(seqs: number[], outcome: Outcome): void;
}

/** The contract between a worker and the host. */
export interface EngineApi extends ReadApi, Omit<ActApi, 'subscribe'>, HoldApi {
	/** Resolves when open; rejects if the first attempt failed. The session may still retry: see the state. */
	open(request: OpenRequest): Promise<void>;
	/**
	 * Makes one attempt, reports each step and closes again. A failure of the peer is part of the report, not an
	 * exception.
	 */
	test(request: OpenRequest): Promise<TestReport>;
	/** Ends within two seconds. The log stays readable. */
	close(): Promise<void>;
	/** Sends the messages of a recording. Resolves at its end, also when it was stopped. Throws if nothing was sent. */
	replay(request: ReplayRequest): Promise<ActResult>;
	/** Counts what `replay` would send over a connection of the protocol `to`. */
	previewReplay(request: ReplayRequest, to: string): Promise<ReplayPreview>;
	/**
	 * Writes what is received, sent and noted into a file, also over lost links, until `stopRecording`. Throws `no-recording`,
	 * and `already-recording`.
	 */
	startRecording(request: RecordingRequest): RecordingState;
	/**
	 * Resolves when everything up to now is in the file. Undefined if there was no message, so that no file is left, or no
	 * recording; forgets one that has ended early.
	 */
	stopRecording(): Promise<RecordingState | undefined>;
	/** Marks messages by these rules from now on. The same rules again change nothing. */
	setChecks(rules: CheckRule[]): void;
	/**
	 * Received messages from line `from` on, at most `most`. With `wait`, answers as soon as there is a message, or
	 * empty after a while. With `from` undefined, returns only the line of the next message.
	 */
	follow(from: number | undefined, most: number, wait: boolean): Feed | Promise<Feed>;
	/** A received or sent message as it was logged. Throws `evicted`. */
	message(seq: number): FeedMessage;
	/** The messages of these lines that are still in the log, in their order, up to about 1 MB of payload. */
	messages(seqs: number[]): { messages: FeedMessage[]; read: number };
}

/** Received messages in the order of the log, without gaps. */
export interface Feed {
	/** Line to continue with. */
	next: number;
	/** Lines that were evicted before they were read. */
	lost: number;
	messages: FeedMessage[];
}

export interface FeedMessage {
	seq: number;
	/** Milliseconds since the epoch. */
	time: number;
	target: string;
	payload: Uint8Array;
	flags: number;
	/** As the adapter logged it. */
	meta?: object;
	/** Ids of the subscriptions that brought it (`SubscriptionState.id`); undefined where the protocol cannot tell. */
	subscriptions?: readonly string[];
	/** Line of the sent message that it answers. */
	answers?: number;
	/** What is wrong about its arrival, such as a replayed nonce. */
	marks?: readonly Mark[];
}

/** Events of the engine: its status, at most ten times per second. */
export interface EngineEvents {
	changed(status: Status): void;
}

const isQuery = shape({ text: textUpTo(10_000), matchCase: optional(isBoolean), regex: optional(isBoolean) });
export const isFilter = shape({
	text: optional(textUpTo(10_000)),
	regex: optional(isBoolean),
	find: optional(isQuery),
	target: optional(shape({ kind: oneOf('exact', 'below', 'pattern', 'text'), value: textUpTo(70_000) })),
	directions: optional(listOf(oneOf('in', 'out', 'note'), 3)),
	marked: optional(listOf(oneOf(...markKinds), markKinds.length)),
	from: optional(isNumber),
	to: optional(isNumber),
});
const isDraft = shape({ verb: isString, target: isString, values: isRecord, payload: isBytes });
export const isSubscription = shape({ target: isString, mode: optional(isString) });
const isHold = shape({ limit: optional(isIndex) });
const isAct = shape({
	id: isString,
	action: isString,
	node: optional(isString),
	messages: optional(listOf(isIndex, 100_000)),
	values: isRecord,
});
const isIntent = (value: unknown) =>
	isRecord(value) &&
	((value.kind === 'subscribe' && isSubscription(value.subscription)) ||
		(value.kind === 'act' && isAct(value.request)));
const chartFieldShape = { target: isString, way: oneOf('in', 'out'), path: isString };
export const isChartField = shape(chartFieldShape);
export const isPart = optional(textUpTo(200));
const isDecoding = oneOf(...decodings);

export const readChecks: Checks<ReadApi> = {
	status: [],
	view: [textUpTo(100), isFilter, optional(isIndex)],
	page: [textUpTo(100), isIndex, isIndex, optional(textUpTo(100))],
	seqs: [textUpTo(100), isIndex, isIndex],
	position: [textUpTo(100), isIndex],
	dropView: [textUpTo(100)],
	detail: [isIndex],
	decode: [isIndex, isDecoding, isIndex, optional(oneOf(...hexWidths)), isPart],
	payload: [isIndex, isPart],
	diff: [isIndex, isIndex, isDecoding, optional(oneOf(...hexWidths)), isPart],
	series: [
		shape({
			...chartFieldShape,
			most: isIndex,
			after: optional(shape({ log: isIndex, seq: isIndex })),
			exact: optional(isBoolean),
		}),
	],
	timeline: [isIndex],
	said: [listOf(isIndex, 500)],
	tree: [
		shape({
			expanded: listOf(isIndex),
			offset: isIndex,
			count: isIndex,
			compact: optional(isBoolean),
			pinned: optional(listOf(isString, 100)),
			filter: optional(shape({ kind: oneOf('text', 'pattern'), value: isString })),
		}),
	],
	children: [shape({ parent: optional(isIndex), compact: optional(isBoolean), offset: isIndex, count: isIndex })],
	complete: [isString, isIndex],
	locate: [isString],
	fitting: [listOf(isIndex, 100_000)],
	browse: [optional(isString), isIndex, isIndex],
	graph: [textUpTo(1000)],
	ask: [isIntent],
	marked: [isString, isIndex],
};

export const actChecks: Checks<ActApi> = {
	subscribe: [isSubscription],
	unsubscribe: [isSubscription],
	send: [isDraft],
	repeat: [isDraft, isIndex],
	stopRepeat: [isIndex],
	cancel: [isIndex],
	act: [isAct],
	stop: [isString],
	clear: [],
};

export const engineChecks: Checks<EngineApi> = {
	...readChecks,
	...actChecks,
	subscribe: [isSubscription, optional(isHold)],
	settle: [listOf(isIndex, 100_000), oneOf(...outcomes)],
	open: [isRecord],
	test: [isRecord],
	close: [],
	startRecording: [shape({ path: isString, connection: isString, url: isString, from: optional(isIndex) })],
	stopRecording: [],
	replay: [isReplayRequest],
	previewReplay: [isReplayRequest, textUpTo(100)],
	setChecks: [listOf(isRecord, 10_000)],
	follow: [optional(isIndex), isIndex, isBoolean],
	message: [isIndex],
	messages: [listOf(isIndex, 100_000)],
};
export const engineEventChecks: Checks<EngineEvents> = { changed: [isAny] };
