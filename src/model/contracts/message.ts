import type { Mark, MarkKind } from '../checks/mark';
import type { Property } from './session';

/** Bits 0–7 of a message's flags, the same for every protocol. Bits 8–15 belong to the protocol's `describe.ts`. */
export const flag = {
	/** Sent by this side. Without `out` and `note`: received. */
	out: 1,
	/** Not a message but an event of the session (connected, lost, subscribed); the payload is its text. */
	note: 2,
	/** The note is a failure. */
	bad: 4,
	/** Received by a subscription with `Hold`: the peer waits for `settle`. */
	held: 8,
} as const;

export type Direction = 'in' | 'out' | 'note';

export function direction(flags: number): Direction {
	return flags & flag.note ? 'note' : flags & flag.out ? 'out' : 'in';
}

/** One line of the log. */
export interface Row {
	/** Counts up from 0 in each session; never changes. */
	seq: number;
	/** Milliseconds since the epoch. */
	time: number;
	flags: number;
	target: string;
	/** Bytes of payload. */
	size: number;
	/** The start of the payload as text on one line, control characters made visible; hexadecimal if it cannot be decoded. */
	preview: string;
	/** What the preview was decoded from, where it is not the text of the payload: "cbor", "gzip", "gzip, cbor". */
	tag?: string;
	/** The payload is not valid UTF-8 text. */
	binary: boolean;
	/** Ids of the subscriptions that brought it (`SubscriptionState.id`); undefined if they are not known. */
	subscriptions?: readonly string[];
	/** Receipt of a sent message. */
	receipt?: Receipt;
	/** Outcome of a received message that the user settles. */
	settlement?: Settlement;
	/** The start of the further payload that has a column (`partColumn`), such as the key; hexadecimal if it is not text. */
	part?: { preview: string; size: number; binary: boolean };
	/** Texts of the columns that read properties (`Column.read`), by their ids. */
	cells?: Record<string, string>;
	/** Line of the sent message that this received one answers. */
	answers?: number;
	/** Milliseconds between request and this answer; undefined if the request was evicted. */
	roundTrip?: number;
	/** Who wrote it, where the target does not say so: the nickname in a room. */
	sender?: string;
	/** Matches of the view that the page was requested with marks of; undefined: that view does not contain the message. */
	marks?: Marks;
	/** What is wrong about its arrival, such as a replayed nonce. */
	checkMarks?: readonly Mark[];
	/** When it was written, if the peer states a time of its own: a room's history. Milliseconds since the epoch. */
	written?: number;
}

/** Whether the peer still waits for the outcome of a received message. */
export type Settlement =
	| {
			open: true;
			/** In words: "waiting for an outcome". */
			text: string;
			/** Replaces the text when the link ends first; "not settled" unless given. */
			atEnd?: string;
	  }
	/** In words: "accepted", "rejected: wrong format". */
	| { open: false; text: string };

/** Matches in the texts of a row: start and end alternately, in UTF-16 units. */
export interface Marks {
	target: number[];
	preview: number[];
	/** In `Row.part`. */
	part?: number[];
}

/**
 * What is proven about a sent message, weakest first. `handed-over`: written to the socket. `answered`: the requested
 * answer arrived. `unknown`: the link broke before an answer, so it may or may not have arrived. `refused`: rejected by
 * the peer.
 */
export type Proof = 'pending' | 'handed-over' | 'acknowledged' | 'answered' | 'unrouted' | 'unknown' | 'refused';

export interface Receipt {
	proof: Proof;
	/** In words: "acknowledged in 3 ms", "acknowledged, but there is no subscriber". */
	text: string;
	/** Time from sending until the proof, in milliseconds. */
	ms: number;
	/** The raw answer: reason code and text. */
	evidence?: string;
	/** The sent message's line in the log. */
	seq?: number;
	/** Lines of the answers, oldest first; at most 1,000. */
	answers?: number[];
	/** Progress of a pending message, 0 to 1. */
	done?: number;
	/** Pending, and `cancel` can end it. */
	stoppable?: boolean;
}

/** A message to send: payload as bytes, everything else by the keys of the verb's fields. */
export interface Draft {
	/** One of the protocol's verbs. */
	verb: string;
	target: string;
	values: import('../profile/field').Values;
	payload: Uint8Array;
}

/**
 * A text in payload or target. Without `matchCase`, the case of ASCII letters is ignored. `regex`: a regular expression
 * of JavaScript, in which ^ and $ match at lines.
 */
export interface TextQuery {
	text: string;
	matchCase?: boolean;
	regex?: boolean;
}

/** Filter of a view. All set members must match. */
export interface LogFilter extends Partial<TextQuery> {
	/** What is searched for within the filtered messages; a page can mark its matches. */
	find?: TextQuery;
	/** `exact`: this target; `below`: this target and all below it; `pattern`: the protocol's wildcard filter; `text`: contained in the target. */
	target?: { kind: 'exact' | 'below' | 'pattern' | 'text'; value: string };
	directions?: Direction[];
	/** Marked as one of these. */
	marked?: MarkKind[];
	/** Time of arrival, from this one on and before that one. Milliseconds since the epoch. */
	from?: number;
	to?: number;
}

/** As the position of a page: its last row is the newest one, however far the end has moved meanwhile. */
export const atEnd = Number.MAX_SAFE_INTEGER;

/**
 * A page of a view. Positions are stable: a message keeps its position in a view while older matches are found (`low`
 * goes down) and newer ones arrive (`high` goes up); eviction raises `low`.
 */
export interface Page {
	/** First position in the view. May be negative. */
	low: number;
	/** One past the last position. */
	high: number;
	/** Rows of the view that are notes and no messages. */
	notes: number;
	/** Share of the log that has been searched, 0 to 1. */
	searched: number;
	/** Position of the first of `rows`; differs from the requested one if that was evicted. */
	from: number;
	rows: Row[];
	/** Why the search has ended early, in a sentence; undefined: it goes on or is complete. */
	problem?: string;
}

/** `hex` and `base64` show the payload as it is, all others its content after decompression; `unpacked` is that in hex. */
export const decodings = [
	'json',
	'text',
	'hex',
	'base64',
	'cbor',
	'msgpack',
	'link-format',
	'senml',
	'xml',
	'unpacked',
] as const;
export type Decoding = (typeof decodings)[number];

/** What a payload is compressed with. `deflate`: as a content encoding, with or without the frame of zlib. */
export type Coding = 'gzip' | 'zlib' | 'deflate' | 'brotli';

/** Everything about one message except its payload. */
export interface Detail {
	row: Row;
	/** Every property of the protocol in words. */
	properties: Property[];
	/** The latest earlier message on the same target that is still in the log. */
	previous?: number;
	/** Next and newest message on the same target in the same direction; undefined if this is the newest. */
	next?: number;
	latest?: number;
	/** Fitting decodings, the best first. */
	decodings: Decoding[];
	/** What the payload is compressed with. */
	coding?: Coding;
	/** Further payloads, such as the key; at most 100. `unlistedParts`: how many more there are. */
	parts?: DetailPart[];
	unlistedParts?: number;
	/** Paths of numbers in the decoded payload, for a chart: "" for the payload itself, "a.b[0]" inside. */
	numbers: string[];
}

/** A further payload of a message (`description.parts`). */
export interface DetailPart {
	id: string;
	label: string;
	/** Bytes. */
	size: number;
	/** Fitting decodings, the best first. */
	decodings: Decoding[];
	/** What it is compressed with. */
	coding?: Coding;
}

/** Bytes per line of a hex dump; the lines have 76, 41 or 25 characters. */
export const hexWidths = [16, 8, 4] as const;
export type HexWidth = (typeof hexWidths)[number];

/** A payload as text in one of the decodings. */
export interface Decoded {
	text: string;
	/** Bytes of the payload in `text`, and in total. The view states a difference. */
	shownBytes: number;
	totalBytes: number;
	/** Why decoding stopped; `text` holds the decoded part. */
	problem?: string;
	/** The language to highlight it with: "json", "xml", "hex" (a dump), "diagnostic" (RFC 8949 section 8), "plaintext". */
	language: string;
}

/** A comparison with an earlier message. */
export interface Difference {
	lines: DiffLine[];
	/** What was not compared, in a sentence; undefined if everything was. */
	cut?: string;
}

/** A line of a comparison. */
export interface DiffLine {
	kind: 'same' | 'added' | 'removed';
	text: string;
	/** Ranges of characters that differ from the other side, in order; undefined if the whole line does. */
	changed?: [from: number, to: number][];
}

/** A number in the messages of one target in one direction: the content of one line of a chart. */
export interface ChartField {
	target: string;
	way: 'in' | 'out';
	/** As in `Detail.numbers`. */
	path: string;
}

export interface SeriesQuery extends ChartField {
	/** Maximum number of points. The latest are returned; after an earlier answer, some of all new ones, evenly distributed. */
	most: number;
	/** The end of an earlier answer: only points after it are returned, unless the log was cleared meanwhile. */
	after?: SeriesEnd;
	/** Also returns the digits. */
	exact?: boolean;
}

/** The line after the last one that was read, in the log with this id. */
export interface SeriesEnd {
	log: number;
	seq: number;
}

/** What a message of a conversation says. */
export interface Said {
	/** May have several lines; undefined if the message says nothing, or is no longer in the log. */
	text?: string;
	/** The message says more than this. */
	isCut?: boolean;
}

/** Messages of the log per interval of time, without gaps. Notes are not counted, except failures. */
export interface Timeline {
	/** Start of the first interval, in milliseconds since the epoch. */
	from: number;
	/** Length of an interval in milliseconds. */
	step: number;
	received: number[];
	/** Without those that failed. */
	sent: number[];
	/** Notes of failures, and sent messages that were refused, returned or may not have arrived. */
	failed: number[];
	/** Of the received ones, those that are marked, such as a replay. Undefined: none is. */
	marked?: number[];
	/** Share of the log that is counted, 0 to 1. The rest, older messages, is counted when asked again. */
	counted: number;
}

/** Points of a chart, oldest first. `times` in milliseconds since the epoch. */
export interface Series {
	/** Lines of the messages. */
	seqs: number[];
	times: number[];
	values: number[];
	/** The numbers as they are written in the payloads, if the query was `exact`. */
	digits?: string[];
	end: SeriesEnd;
	/** The points follow those of the earlier answer; otherwise they replace them. */
	continues: boolean;
	/** What was omitted, in words; undefined if nothing was. */
	cut?: string;
}
