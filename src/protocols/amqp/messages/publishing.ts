import { type Failure, toFailure } from '../../../base/failure';
import { peerText } from '../../shared/peer-text';
import type { Channel, Outgoing } from '../wire/channel';
import type { Connection } from '../wire/connection';
import type { Returned } from '../wire/contents';
import { broken, headTooLarge } from '../wire/frames';

/** The outcome of a published message. */
export type Outcome =
	| { kind: 'confirmed' }
	/** No queue is bound for it, and the server has discarded it. */
	| { kind: 'returned'; code: number; text: string }
	| { kind: 'refused'; failure: Failure }
	/** The channel or the connection ended before an answer: the message may or may not have arrived. */
	| { kind: 'unknown'; failure: Failure };

export type Parcel = Outgoing;

/** A channel on which every message has exactly one outcome. */
export interface Publishing<Result = Outcome> {
	readonly open: boolean;
	/** Messages without an outcome. */
	readonly waiting: number;
	readonly waitingBytes: number;
	/** Sends in the order of the calls. Never rejects. */
	publish(parcel: Parcel): Promise<Result>;
	close(): Promise<void>;
}

/** Maximum number of messages that are sent and not confirmed; further ones wait. */
const window = 2000;

interface Entry extends Parcel {
	settle(outcome: Outcome): void;
	returned?: Outcome;
}

/** A channel in confirm mode, on which every message is mandatory. */
export function createPublishing(connection: Connection): Publishing {
	const sent = new Set<Entry>();
	const queue: Entry[] = [];
	let bytes = 0;
	let confirmed = 0;
	let channel: Channel | undefined;
	let ended: Failure | undefined;

	function settle(entry: Entry, outcome: Outcome): void {
		bytes -= entry.body.length;
		entry.settle(outcome);
	}

	function closed(failure: Failure): void {
		if (ended) return;
		ended = failure;
		const open = [...sent];
		sent.clear();
		// The server does not name the message that it refused. If none was confirmed, it is the first of the channel, and
		// those after it were never processed. Otherwise some of them may have been accepted.
		const isCertain = open.length === 1 || (confirmed === 0 && failure.code === 'not-found');
		const isRefused = failure.code !== 'closed' && connection.live && isCertain;
		for (const entry of open) settle(entry, { kind: isRefused ? 'refused' : 'unknown', failure });
		for (const entry of queue.splice(0)) settle(entry, { kind: connection.live ? 'refused' : 'unknown', failure });
	}

	/** A return arrives before its confirm and has no number: it belongs to the oldest message that is equal. */
	function returned({ route: { exchange, key }, body, code, text }: Returned): void {
		for (const entry of sent)
			if (!entry.returned && entry.exchange === exchange && entry.key === key && same(entry.body, body)) {
				entry.returned = { kind: 'returned', code, text: peerText(text) };
				return;
			}
		throw broken('The server returned a message that was not sent.');
	}

	function settled(entry: Entry, accepted: boolean): void {
		if (!sent.delete(entry)) return;
		confirmed++;
		const message = 'The server did not accept the message (basic.nack).';
		if (accepted) settle(entry, entry.returned ?? { kind: 'confirmed' });
		else settle(entry, { kind: 'refused', failure: { code: 'nacked', message } });
		pump();
	}

	function pump(): void {
		if (!channel || ended) return;
		while (sent.size < window) {
			const entry = queue.shift();
			if (!entry) return;
			sent.add(entry);
			channel.publish(entry, (accepted) => settled(entry, accepted));
		}
	}

	async function start(): Promise<void> {
		const opened = await connection.open({ returned, closed }, true);
		channel = opened;
		// It was closed while it was being opened.
		if (ended) void opened.close();
		else pump();
	}
	start().catch((error) => closed(toFailure(error)));

	return {
		get open() {
			return !ended;
		},
		get waiting() {
			return sent.size + queue.length;
		},
		get waitingBytes() {
			return bytes;
		},
		publish: (parcel) =>
			new Promise((resolve) => {
				bytes += parcel.body.length;
				const entry: Entry = { ...parcel, settle: resolve };
				const failure = ended ?? headTooLarge(entry.head, connection.frameMax);
				if (failure) return settle(entry, { kind: 'refused', failure });
				queue.push(entry);
				pump();
			}),
		async close() {
			const open = channel;
			closed({ code: 'closed', message: 'This was stopped before the server had answered.' });
			await open?.close();
		},
	};
}

function same(one: Uint8Array, other: Uint8Array): boolean {
	return one.length === other.length && Buffer.compare(one, other) === 0;
}
