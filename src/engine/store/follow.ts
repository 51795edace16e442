import type { Disposable } from '../../base/disposable';
import { toFailure } from '../../base/failure';
import type { Feed, FeedMessage } from '../../model/contracts/engine-api';
import { direction } from '../../model/contracts/message';
import type { Log } from './log/log';
import { metaOf, payloadOf } from './log/segment';
import type { Rows } from './rows';

/**
 * Maximum payload bytes per answer, so that a flood crosses the thread border in pieces. A larger message is sent
 * alone.
 */
const maxBytes = 1024 * 1024;
/** A waiting request is answered with an empty feed after this time, in milliseconds. Far below the port's deadline. */
const waitAtMost = 20_000;

/**
 * Delivers every received message in order from the log, at the reader's pace. Messages that the log has forgotten
 * meanwhile are counted. Nothing is pushed, and an answer is sent as soon as there is a message.
 */
export interface Follow extends Disposable {
	follow(from: number | undefined, most: number, wait: boolean): Feed | Promise<Feed>;
	/** Called when a message was logged. */
	wake(): void;
}

export function createFollow(read: (from: number, most: number) => Feed, next: () => number): Follow {
	const waiting = new Set<() => void>();
	let waking = false;
	return {
		follow(from, most, wait) {
			if (from === undefined) return { next: next(), lost: 0, messages: [] };
			const now = read(from, most);
			if (!wait || now.messages.length > 0 || now.lost > 0) return now;
			return new Promise((resolve) => {
				let at = now.next;
				const settle = (feed: Feed) => {
					waiting.delete(look);
					clearTimeout(timer);
					resolve(feed);
				};
				const look = () => {
					const feed = read(at, most);
					at = feed.next;
					if (feed.messages.length > 0 || feed.lost > 0) settle(feed);
				};
				const timer = setTimeout(() => settle({ next: at, lost: 0, messages: [] }), waitAtMost);
				timer.unref();
				waiting.add(look);
			});
		},
		wake() {
			if (waking || waiting.size === 0) return;
			waking = true;
			// Messages of one socket read are sent in one answer.
			setImmediate(() => {
				waking = false;
				for (const look of [...waiting]) look();
			});
		},
		dispose: () => waiting.clear(),
	};
}

/** Reads received messages, or all lines, from a line of the log on. */
export function readFeed(log: Log, rows: Rows, from: number, most: number, all = false): Feed {
	const first = Math.max(from, log.first);
	const feed: Feed = { next: first, lost: first - from, messages: [] };
	let bytes = 0;
	for (; feed.next < log.next && feed.messages.length < most; feed.next++) {
		const place = rows.place(feed.next);
		const { segment, row } = place;
		const flags = segment.flags[row] as number;
		if (!all && direction(flags) !== 'in') continue;
		const size = segment.length[row] as number;
		if (feed.messages.length > 0 && bytes + size > maxBytes) break;
		bytes += size;
		const meta = copyOfMeta(metaOf(segment, row));
		const subscriptions = log.subscriptions(feed.next);
		const answers = segment.answers?.get(feed.next);
		const marks = segment.marks?.get(feed.next);
		feed.messages.push({
			seq: feed.next,
			time: segment.time[row] as number,
			target: rows.target(place),
			payload: new Uint8Array(payloadOf(segment, row)),
			flags,
			...(meta && { meta }),
			...(subscriptions && { subscriptions }),
			...(answers !== undefined && { answers }),
			...(marks && { marks }),
		});
	}
	return feed;
}

/**
 * Copies the messages of these lines that are still in the log, up to `maxBytes` of payload but at least one. `read`:
 * number of lines that were looked at.
 */
export function readMessages(
	seqs: readonly number[],
	message: (seq: number) => FeedMessage,
): { messages: FeedMessage[]; read: number } {
	const messages: FeedMessage[] = [];
	let bytes = 0;
	let read = 0;
	for (const seq of seqs) {
		if (bytes > maxBytes) break;
		read++;
		try {
			const found = message(seq);
			bytes += found.payload.length;
			messages.push(found);
		} catch (error) {
			if (toFailure(error).code !== 'evicted') throw error;
		}
	}
	return { messages, read };
}

/** Property bytes in the log are reused; objects are never changed and need no copy. */
export function copyOfMeta(meta: object | undefined): object | undefined {
	return meta instanceof Uint8Array ? new Uint8Array(meta) : meta;
}
