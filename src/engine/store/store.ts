import type { Mark, MarkCounts } from '../../model/checks/mark';
import type { CheckRule } from '../../model/checks/rule';
import type { Feed, FeedMessage } from '../../model/contracts/engine-api';
import { flag, type Receipt, type Settlement } from '../../model/contracts/message';
import type { Limits } from '../../model/contracts/session';
import type { Logged } from '../../protocols/adapter';
import type { ProtocolDescription } from '../../protocols/description';
import { createTurnClock } from '../session/turn-clock';
import { copyOfMeta, readFeed } from './follow';
import { createLatest } from './log/latest';
import { createLog } from './log/log';
import { createRate } from './log/rate';
import { inlineTarget } from './log/segment';
import { createMarking } from './marking';
import { createReader, type StoreReader } from './reader';
import { createRows } from './rows';
import { createTree } from './tree/tree';

/**
 * The messages of a session: each is stored once in the log and counted once in the topic tree. Everything is bounded.
 */
export interface Store {
	/**
	 * Copies payload and property bytes; returns the message's sequence number. A `meta` that is no bytes is kept as it is
	 * and must not change later. `subscriptions`: ids of those that brought it.
	 */
	append(target: string, payload: Uint8Array, flags: number, meta?: object, subscriptions?: readonly string[]): number;
	/** Sets the receipt of a sent message; kept as long as its row. */
	receipt(seq: number, receipt: Receipt): void;
	/** Links a received message and the sent one that it answers. */
	answer(seq: number, request: number): void;
	/** Sets the settlement of a received message; kept as long as its row. */
	settle(seq: number, settlement: Settlement): void;
	/** Closes all open settlements, because the link has ended. */
	endSettlements(): void;
	/** Adds marks that a message had when it was recorded, as far as it has none of their kind. */
	mark(seq: number, marks: readonly Mark[]): void;
	/** Replaces the rules by which received messages are marked, unless they are the same. */
	setChecks(rules: readonly CheckRule[]): void;
	/** The user receives anew, so that places in a stream that come again are no duplicates. */
	subscribed(id: string): void;
	/** Messages that were marked, by kind, since the store was created or cleared. */
	readonly marked: MarkCounts;
	/** A copy of a message. Throws `evicted`. */
	logged(seq: number): Logged;
	/** Removes all messages and topics. Sequence numbers continue. */
	clear(): void;
	/** Counts since the store was created, without notes. */
	readonly received: number;
	readonly sent: number;
	/** Rows in the log, and evicted rows. */
	readonly kept: number;
	readonly evicted: number;
	/** Notes among the rows in the log. */
	readonly notes: number;
	/** Bytes of payloads, targets and properties (estimated), with the copies of topics' latest messages. */
	readonly keptBytes: number;
	readonly topics: number;
	/** Received messages that are in the log but not in the tree, because the tree is full. */
	readonly unlisted: number;
	/** Messages received per second over about the last three seconds. */
	rate(): number;
	readonly reader: StoreReader;
	/** Reads received messages from a line on, or all lines; `next` is the line after the last one. */
	feed(from: number, most: number, all?: boolean): Feed;
	readonly next: number;
	/** Passes each line to this function before `append` returns. Undefined: to none. The bytes are valid until it returns. */
	tap(onLine: OnLine | undefined): void;
	/** Like `logged`, with the time. Throws `evicted`. */
	message(seq: number): FeedMessage;
}

/** `time`: milliseconds since the epoch. */
export type OnLine = (message: Omit<Logged, 'seq'>, time: number) => void;

/** Share of `logBytes` that copies of topics' latest messages may take in addition. */
const copiesShare = 1 / 8;

export function createStore(description: ProtocolDescription, limits: Limits, clock = createTurnClock()): Store {
	const latest = createLatest(limits.logBytes * copiesShare);
	const log = createLog(limits, (segment) =>
		latest.keep(segment, (row) => {
			const topic = segment.topic[row] as number;
			return topic !== inlineTarget && tree.lastSeq(topic) === segment.first + row;
		}),
	);
	const tree = createTree({ description, limits, clock, preview: (seq) => rows.preview(seq) });
	const rows = createRows(log, latest, tree, description);
	const reader = createReader({ description, log, tree, rows, notes: keptNotes });
	const marking = createMarking(description, { mark: log.mark, note });
	const rate = createRate();
	const retained = description.retained?.flag ?? 0;
	const notReceived = flag.out | flag.note;
	const encoder = new TextEncoder();
	let received = 0;
	let sent = 0;
	let unlisted = 0;
	let onLine: OnLine | undefined;
	/** Lines of notes, ascending; those that were evicted are dropped when they are counted. */
	let notes: number[] = [];

	function keptNotes(): readonly number[] {
		if ((notes[0] ?? log.first) < log.first) notes = notes.filter((seq) => seq >= log.first);
		return notes;
	}

	/** Counts a received message in the tree and returns its node. A message without a target belongs to no topic. */
	function list(target: string, size: number, flags: number, time: number): number {
		received++;
		rate.count(time);
		if (target === '') return inlineTarget;
		const before = tree.find(target);
		const last = before === undefined || latest.bytes === 0 ? -1 : tree.lastSeq(before);
		const node = tree.receive(before, target, log.next, time, flags);
		if (node === undefined) {
			unlisted++;
			return before ?? inlineTarget;
		}
		if (last >= 0 && last < log.first) latest.drop(last);
		if (size === 0 && (flags & retained) !== 0) tree.unmark(target, retained);
		return node;
	}

	/** Returns the node of a sent message or a note, which is not counted, and tracks what the peer retains. */
	function look(target: string, size: number, flags: number): number {
		if ((flags & flag.note) === 0) {
			sent++;
			if ((flags & retained) !== 0) {
				if (size === 0) tree.unmark(target, retained);
				else tree.mark(target, retained);
			}
		} else notes.push(log.next);
		return target === '' ? inlineTarget : (tree.find(target) ?? inlineTarget);
	}

	function append(
		target: string,
		payload: Uint8Array,
		flags: number,
		meta?: object,
		subscriptions?: readonly string[],
	): number {
		const time = clock();
		const size = payload.length;
		const isReceived = (flags & notReceived) === 0;
		const node = isReceived ? list(target, size, flags, time) : look(target, size, flags);
		const seq = log.append(node, target, payload, flags, time, meta, subscriptions);
		onLine?.({ target, payload, flags, ...(meta && { meta }) }, time);
		if (isReceived && marking.needs(flags) && !marking.isNext(target, flags, meta, subscriptions))
			marking.check(seq, { target, payload, flags, meta, time, subscriptions });
		return seq;
	}

	function note(text: string): void {
		append('', encoder.encode(text), flag.note);
	}

	function message(seq: number): FeedMessage {
		const { flags, target, time, checkMarks } = rows.row(seq);
		const meta = copyOfMeta(rows.meta(seq));
		return {
			seq,
			time,
			target,
			flags,
			payload: new Uint8Array(rows.payload(seq)),
			...(meta && { meta }),
			...(checkMarks && { marks: checkMarks }),
		};
	}

	return {
		append,
		receipt: log.receipt,
		answer: log.answer,
		settle: log.settle,
		endSettlements: log.endSettlements,
		mark: (seq, marks) => marking.add(seq, marks, rows.row(seq).checkMarks),
		setChecks: marking.set,
		subscribed: marking.subscribed,
		get marked() {
			return marking.counts;
		},
		logged: message,
		clear() {
			log.clear();
			latest.clear();
			tree.clear();
			marking.clear();
			reader.cleared();
		},
		get received() {
			return received;
		},
		get sent() {
			return sent;
		},
		get kept() {
			return log.next - log.first;
		},
		get evicted() {
			return log.first;
		},
		get notes() {
			return keptNotes().length;
		},
		get keptBytes() {
			return log.bytes + latest.bytes;
		},
		get topics() {
			return tree.topics;
		},
		get unlisted() {
			return unlisted;
		},
		rate: () => rate.value(clock()),
		reader: reader.api,
		message,
		feed: (from, most, all) => readFeed(log, rows, from, most, all),
		tap(next) {
			onLine = next;
		},
		get next() {
			return log.next;
		},
	};
}
