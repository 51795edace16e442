import {
	isAny,
	isBoolean,
	isBytes,
	isIndex,
	isRecord,
	isString,
	listOf,
	oneOf,
	optional,
	shape,
	textUpTo,
} from '../../base/check';
import type { Checks } from '../../base/rpc';
import type { Subscription } from '../profile/profile';
import type { ActRequest, ActResult, BrowsePage, Intent, Question } from './browse';
import {
	type Decoded,
	type Decoding,
	type Detail,
	type Difference,
	type Draft,
	decodings,
	type LogFilter,
	type Page,
	type Receipt,
	type Series,
} from './message';
import type { OpenRequest, Status, SubscriptionState, TestReport } from './session';
import type { ChildrenQuery, TreePage, TreeQuery, TreeRow } from './topic';

/** What the panel may read of a session: nothing here changes anything at the peer. */
export interface ReadApi {
	status(): Status;
	/** Makes or replaces the view of this name and starts to search. Throws `bad-filter`. */
	view(name: string, filter: LogFilter): Page;
	/** At most 500 rows from this position. Throws `no-view`. */
	page(name: string, from: number, count: number): Page;
	/** Throws `evicted` when the log has forgotten it, as do the four below. */
	detail(seq: number): Detail;
	/** At most `maxBytes` of the payload, decoded. */
	decode(seq: number, decoding: Decoding, maxBytes: number): Decoded;
	/** The payload byte for byte. */
	payload(seq: number): Uint8Array;
	/** How the message differs from the earlier one, both in the given decoding. */
	diff(seq: number, previous: number, decoding: Decoding): Difference;
	/** The number at `path` in the latest messages on the same target, at most `most` points. */
	series(seq: number, path: string, most: number): Series;
	tree(query: TreeQuery): TreePage;
	children(query: ChildrenQuery): { total: number; rows: TreeRow[] };
	/** Targets that were seen or that the peer has and that start with this text, for completion; at most `most`, in order of name. */
	complete(start: string, most: number): string[];
	/** Ids of the nodes on the way to a topic, top first; empty if there is none. */
	locate(path: string): number[];
	/** Which of the protocol's actions on messages fit which of these lines: pairs of an action and its lines, none empty. */
	fitting(messages: number[]): [action: string, messages: number[]][];
	/** What the peer has below this node, the top if undefined; at most 1,000 from `offset`. Throws why it cannot be told. */
	browse(parent: string | undefined, offset: number, count: number): Promise<BrowsePage>;
	/** What to ask the user before this is done; undefined: nothing. Throws why it cannot be done. */
	ask(intent: Intent): Promise<Question | undefined>;
	/** Retained topics at or below this one, as far as they were seen. At most 10,000. */
	marked(path: string, flags: number): string[];
}

/** What a user may do with an open session. */
export interface ActApi {
	/** Resolves when the peer has answered; throws why it was refused. */
	subscribe(subscription: Subscription): Promise<SubscriptionState>;
	unsubscribe(subscription: Subscription): Promise<void>;
	/** Throws if nothing was sent; a receipt otherwise, whatever became of it. */
	send(draft: Draft): Promise<Receipt>;
	/** Sends now and then every `everyMs` (at least 10) until stopped or the session is closed by the user. */
	repeat(draft: Draft, everyMs: number): number;
	stopRepeat(id: number): void;
	/** Gives up on a pending message; its receipt then says what is known. */
	cancel(seq: number): void;
	/** Resolves with what was proven. The caller has asked what `ask` wants asked. */
	act(request: ActRequest): Promise<ActResult>;
	/** Ends an action as soon as nothing can be lost by it. */
	stop(id: string): void;
	/** Forgets all messages and topics. */
	clear(): void;
}

/** One worker's whole contract with the host. */
export interface EngineApi extends ReadApi, ActApi {
	/** Resolves when open, rejects when the first attempt failed (it may go on retrying: see the state). */
	open(request: OpenRequest): Promise<void>;
	/** One attempt, told step by step, closed again at once. Never throws for what the peer did. */
	test(request: OpenRequest): Promise<TestReport>;
	/** Ends within two seconds. The log stays readable. */
	close(): Promise<void>;
	/**
	 * Received messages from the line `from` on, at most `most`. With `wait`, the answer comes as soon as there is one, or
	 * empty after a while. `from` undefined: only says where the next message will stand.
	 */
	follow(from: number | undefined, most: number, wait: boolean): Feed | Promise<Feed>;
	/** A message of the log as it was logged, sent ones too. Throws `evicted`. */
	message(seq: number): FeedMessage;
}

/** Received messages in the order of the log, for whoever must miss none. */
export interface Feed {
	/** Where to go on. */
	next: number;
	/** Lines that the log had forgotten before they were asked for. */
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
	/** The line of the sent message that it answers. */
	answers?: number;
}

/** What the engine tells unasked: its status, at most ten times a second. */
export interface EngineEvents {
	changed(status: Status): void;
}

const isFilter = shape({
	text: optional(textUpTo(10_000)),
	target: optional(shape({ kind: oneOf('exact', 'below', 'pattern', 'text'), value: textUpTo(70_000) })),
	directions: optional(listOf(oneOf('in', 'out', 'note'), 3)),
});
const isDraft = shape({ verb: isString, target: isString, values: isRecord, payload: isBytes });
const isSubscription = shape({ target: isString, mode: optional(isString) });
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
const isDecoding = oneOf(...decodings);

export const readChecks: Checks<ReadApi> = {
	status: [],
	view: [textUpTo(100), isFilter],
	page: [textUpTo(100), isIndex, isIndex],
	detail: [isIndex],
	decode: [isIndex, isDecoding, isIndex],
	payload: [isIndex],
	diff: [isIndex, isIndex, isDecoding],
	series: [isIndex, isString, isIndex],
	tree: [
		shape({
			expanded: listOf(isIndex),
			offset: isIndex,
			count: isIndex,
			filter: optional(shape({ kind: oneOf('text', 'pattern'), value: isString })),
		}),
	],
	children: [shape({ parent: optional(isIndex), offset: isIndex, count: isIndex })],
	complete: [isString, isIndex],
	locate: [isString],
	fitting: [listOf(isIndex, 100_000)],
	browse: [optional(isString), isIndex, isIndex],
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
	open: [isRecord],
	test: [isRecord],
	close: [],
	follow: [optional(isIndex), isIndex, isBoolean],
	message: [isIndex],
};
export const engineEventChecks: Checks<EngineEvents> = { changed: [isAny] };
