import { type Failure, FailureError, toFailure } from '../../../base/failure';
import { peerText } from '../../shared/peer-text';
import type { Channel, Outgoing } from '../wire/channel';
import type { Connection } from '../wire/connection';
import type { Returned } from '../wire/contents';
import { broken } from '../wire/frame-reader';
import { headTooLarge } from '../wire/frames';

/** What became of a published message. */
export type Outcome =
	| { kind: 'confirmed' }
	/** No queue takes it; the server has forgotten it. */
	| { kind: 'returned'; code: number; text: string }
	| { kind: 'refused'; failure: Failure }
	/** The channel or the connection ended before an answer: it may or may not have arrived. */
	| { kind: 'unknown'; failure: Failure };

export type Parcel = Outgoing;

/** A channel in confirm mode: every message is mandatory and has exactly one outcome. */
export interface Publishing {
	readonly open: boolean;
	/** Messages without an outcome. */
	readonly waiting: number;
	readonly waitingBytes: number;
	/** In the order of the calls. Never rejects. */
	publish(parcel: Parcel): Promise<Outcome>;
	close(): Promise<void>;
}

/** Messages on the way without a confirm; more wait here. */
const window = 2000;

interface Entry extends Parcel {
	settle(outcome: Outcome): void;
	returned?: Outcome;
}

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
		// The server does not say which message it refused. The first of a channel is surely the one; what came after it was
		// never looked at. Of several, the earlier ones may have been taken.
		const certain = open.length === 1 || (confirmed === 0 && failure.code === 'not-found');
		const refused = failure.code !== 'closed' && connection.live && certain;
		for (const entry of open) settle(entry, { kind: refused ? 'refused' : 'unknown', failure });
		for (const entry of queue.splice(0)) settle(entry, { kind: connection.live ? 'refused' : 'unknown', failure });
	}

	/** A return comes before its confirm, and carries no number: it is the oldest one that is the same. */
	function returned({ exchange, key, body, code, text }: Returned): void {
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
		const message = 'The server did not take the message (basic.nack).';
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
		// It was given up meanwhile.
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

/** For whoever has no use for an outcome but success. */
export function orThrow(outcome: Outcome): void {
	if (outcome.kind === 'returned')
		throw new FailureError({
			code: 'unroutable',
			message: 'No queue takes the message.',
			evidence: `${outcome.code} ${outcome.text}`,
		});
	if (outcome.kind !== 'confirmed') throw new FailureError(outcome.failure);
}
