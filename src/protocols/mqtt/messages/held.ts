import { flag } from '../../../model/contracts/message';
import type { ConnectContext, Incoming, Sink } from '../../adapter';
import { duplicateFlag } from '../describe/flags';
import { compileFilter } from '../describe/topics';
import type { Arrived, OrderedAcks } from './ordered-acks';
import { createUnclaimed, type Unclaimed } from './unclaimed';

/** Bytes of held messages that are kept for the outcome "again". */
const maxKept = 64 * 1024 * 1024;

/** A message that waits for its outcome. */
interface Held {
	seq: number;
	qos: 1 | 2;
	/** Packet identifier. */
	id: number;
	/** Its place among the acknowledgements of the link; undefined at QoS 2 between two links. */
	arrived: Arrived | undefined;
	/** Ids of the subscriptions that hold it. */
	holders: readonly string[];
	target: string;
	flags: number;
	/** Ids of the subscriptions that brought it, if known. */
	subscriptions: readonly string[] | undefined;
	/** Its bytes for the outcome "again"; undefined if too many are kept. */
	kept: Buffer | undefined;
	/** Where the payload starts in `kept` and where it ends, and the end of the properties behind it; -1: there are none. */
	start: number;
	payloadEnd: number;
	end: number;
}

/** Bytes of a buffer for several messages: a buffer for each costs more than its bytes. */
const blockSize = 8192;

/** The part of held messages that outlives a link: unfinished exchanges at QoS 2. */
export interface HeldMemory {
	/** By line in the log. */
	readonly bySeq: Map<number, Held>;
	/** Those at QoS 2 by packet identifier. */
	readonly exactly: Map<number, Held>;
	keptBytes: number;
	/** The buffer for the next messages, and how much of it is in use. */
	block: Buffer;
	used: number;
}

export const createHeldMemory = (): HeldMemory => ({
	...{ bySeq: new Map(), exactly: new Map() },
	...{ keptBytes: 0, block: Buffer.alloc(0), used: 0 },
});

export interface HeldOptions {
	memory: HeldMemory;
	/** Subscriptions of the link before: the broker repeats their messages before they are made again. */
	holding: ConnectContext['holding'];
	sink: Sink;
	/** PUBACK and PUBREC. */
	acks: Readonly<Record<1 | 2, OrderedAcks>>;
	/** Packet identifiers that were received at QoS 2 and acknowledged, until the broker releases them. */
	unreleased: Set<number>;
	/** There may be acknowledgements to send. */
	settled(): void;
}

/**
 * Messages of subscriptions that acknowledge later. PUBACK and PUBREC wait for the outcome. MQTT has no negative
 * acknowledgement: a message with the outcome "again" is delivered again from here and stays unacknowledged, so that the
 * broker repeats it when the connection ends first.
 *
 * A message at QoS 2 keeps its packet identifier in the session (MQTT 5, 4.3.3). When the broker repeats it after a
 * reconnect while it is still being processed, it is not delivered a second time, and its outcome still counts.
 */
export interface HeldMessages {
	/** Some subscription holds. */
	readonly isActive: boolean;
	/** Messages without an outcome; after the end of the link those that it has left. */
	readonly size: number;
	/** Ids of the subscriptions that hold a message; undefined if none does. `subscriptions`: those that brought it, if known. */
	holdersOf(topic: string, subscriptions: readonly string[] | undefined): readonly string[] | undefined;
	/** The broker repeats a message at QoS 2 that is still held. */
	isContinued(id: number): boolean;
	/** Logs a message, which gets `flag.held`, and holds it. */
	add(message: Incoming, qos: 1 | 2, id: number, holders: readonly string[], arrived?: Arrived): void;
	/** The session was resumed for subscriptions that hold: what it has stored waits for them. */
	resumed(): void;
	/** Whether a message of no known subscription waits for one that holds. */
	isUnclaimed(message: Incoming, qos: 1 | 2, id: number): boolean;
	settle(seqs: readonly number[], outcome: 'done' | 'again'): void;
	/** A subscription is made. One that holds gets what it, or one that has ended, has held before on this link. */
	subscribed(id: string, filter: string, holds: boolean): void;
	/** A subscription has ended: the broker delivers its messages again after the next connect. */
	unsubscribed(id: string): void;
	/** The broker has started a new session. */
	forget(): void;
	/** The link has ended. */
	lost(): void;
}

export function createHeldMessages({ memory, holding, sink, acks, unreleased, settled }: HeldOptions): HeldMessages {
	const { bySeq, exactly } = memory;
	/** By the id of the subscription that holds. `ids`: the list of it alone, which its messages share. */
	const active = new Map<string, { matches(topic: string): boolean; ids: readonly string[] }>();
	function activate(id: string, filter: string): (topic: string) => boolean {
		const matches = compileFilter(filter);
		active.set(id, { matches, ids: [id] });
		return matches;
	}
	for (const { id, subscription } of holding ?? []) activate(id, subscription.target);
	/** Ids of subscriptions that were made on this link. */
	const made = new Set<string>();
	/** Messages that are about to be delivered again. */
	let repeats: Held[] = [];
	/** Messages of subscriptions that have ended. The broker counts them against the receive maximum of this link. */
	let orphans: Held[] = [];
	let unclaimed: Unclaimed | undefined;
	let hasEnded = false;
	let left = 0;

	/** Copies the bytes of a message, unless too many are kept. Hot path: no object for each message. */
	function keep(held: Held, payload: Uint8Array, meta: Uint8Array | undefined): void {
		const size = payload.length + (meta?.length ?? 0);
		if (memory.keptBytes + size > maxKept) return;
		memory.keptBytes += size;
		if (memory.block.length - memory.used < size) {
			memory.block = Buffer.allocUnsafeSlow(Math.max(size, blockSize));
			memory.used = 0;
		}
		held.kept = memory.block;
		held.start = memory.used;
		held.payloadEnd = held.start + payload.length;
		memory.block.set(payload, held.start);
		if (meta) {
			held.end = held.payloadEnd + meta.length;
			memory.block.set(meta, held.payloadEnd);
		}
		memory.used += size;
	}

	function unkeep(held: Held): void {
		if (held.kept) memory.keptBytes -= Math.max(held.payloadEnd, held.end) - held.start;
		held.kept = undefined;
	}

	function messageOf({ target, flags, subscriptions, start, payloadEnd, end }: Held, kept: Buffer): Incoming {
		const meta = end < 0 ? undefined : kept.subarray(payloadEnd, end);
		return { target, flags: flags | duplicateFlag, subscriptions, payload: kept.subarray(start, payloadEnd), meta };
	}

	/** Forgets a message. Its exchange at QoS 2 is over as well, unless it goes on. */
	function remove(held: Held): void {
		bySeq.delete(held.seq);
		if (held.qos === 2 && exactly.get(held.id) === held) exactly.delete(held.id);
		unkeep(held);
	}

	function leave(held: Held): void {
		remove(held);
		if (held.arrived) acks[held.qos].settle(held.arrived, 'left');
	}

	/** Those of a new subscription are delivered again, and acknowledged after what has arrived since. */
	function adopt(id: string, matches: (topic: string) => boolean): void {
		const own = orphans.filter(({ target }) => matches(target));
		orphans = orphans.filter((held) => !own.includes(held));
		for (const held of own) {
			held.arrived = acks[held.qos].hold(held.id);
			held.holders = [id];
			if (held.subscriptions) held.subscriptions = [id];
			if (held.qos === 2) exactly.set(held.id, held);
		}
		repeat(own);
	}

	function done(held: Held): void {
		remove(held);
		if (held.qos === 2) unreleased.add(held.id);
		if (held.arrived) acks[held.qos].settle(held.arrived, 'ready');
	}

	/** Delivers messages again, after the caller has returned. */
	function repeat(messages: readonly Held[]): void {
		for (const held of messages) bySeq.delete(held.seq);
		if (repeats.length === 0 && messages.length > 0) setImmediate(deliverAgain);
		repeats.push(...messages);
	}

	function deliverAgain(): void {
		const now = repeats;
		repeats = [];
		if (hasEnded) return;
		let unkept = 0;
		for (const held of now) {
			if (held.kept) {
				held.seq = sink.message(messageOf(held, held.kept));
				bySeq.set(held.seq, held);
			} else {
				leave(held);
				unkept++;
			}
		}
		if (unkept > 0)
			sink.note(
				`${unkept.toLocaleString('en')} messages are too large to be kept here: they are delivered again after the next connect.`,
				true,
			);
		settled();
	}

	return {
		get isActive() {
			return active.size > 0;
		},
		get size() {
			return hasEnded ? left : bySeq.size + repeats.length;
		},
		holdersOf(topic, subscriptions) {
			let holders: readonly string[] | undefined;
			for (const [id, { matches, ids }] of active)
				if (subscriptions?.includes(id) ?? matches(topic)) holders = holders ? [...holders, id] : ids;
			return holders;
		},
		isContinued(id) {
			const held = exactly.get(id);
			if (held && !held.arrived) held.arrived = acks[2].hold(id);
			return held !== undefined;
		},
		add(message, qos, id, holders, arrived = acks[qos].hold(id)) {
			message.flags |= flag.held;
			const { target, payload, flags, meta, subscriptions } = message;
			const seq = sink.message(message);
			// Hot path: spreading objects here costs as much as the rest.
			const held: Held = {
				seq,
				qos,
				id,
				arrived,
				holders,
				target,
				flags,
				subscriptions,
				kept: undefined,
				start: 0,
				payloadEnd: 0,
				end: -1,
			};
			keep(held, payload, meta as Uint8Array | undefined);
			bySeq.set(seq, held);
			if (qos === 2) exactly.set(id, held);
		},
		resumed() {
			unclaimed = createUnclaimed({ sink, acks, settled, acknowledged: (id) => unreleased.add(id) });
		},
		isUnclaimed: (message, qos, id) =>
			unclaimed !== undefined && message.subscriptions === undefined && unclaimed.keep(message, qos, id),
		settle(seqs, outcome) {
			for (const seq of seqs) {
				const held = bySeq.get(seq);
				if (!held) continue;
				if (outcome === 'done') done(held);
				else if (held.arrived) repeat([held]);
				// Between two links: the broker repeats it.
				else remove(held);
			}
			settled();
		},
		subscribed(id, filter, holds) {
			const isReplaced = made.has(id);
			made.add(id);
			if (!holds) {
				this.unsubscribed(id);
				return;
			}
			const matches = activate(id, filter);
			if (isReplaced) repeat([...bySeq.values()].filter(({ holders, arrived }) => arrived && holders.includes(id)));
			adopt(id, matches);
			for (const one of unclaimed?.claim(matches) ?? []) this.add(one.message, one.qos, one.id, [id], one.arrived);
		},
		unsubscribed(id) {
			if (!active.delete(id) || hasEnded) return;
			for (const held of [...bySeq.values(), ...repeats]) {
				if (!held.holders.includes(id) || held.holders.some((other) => active.has(other))) continue;
				const { kept } = held;
				held.kept = undefined;
				leave(held);
				if (kept) orphans.push({ ...held, kept });
			}
			repeats = repeats.filter(({ holders }) => holders.some((other) => active.has(other)));
			settled();
		},
		forget() {
			for (const held of [...bySeq.values(), ...orphans]) remove(held);
			orphans = [];
			exactly.clear();
		},
		lost() {
			if (hasEnded) return;
			left = bySeq.size + repeats.length;
			hasEnded = true;
			unclaimed?.stop();
			for (const held of orphans) remove(held);
			orphans = [];
			for (const held of [...bySeq.values(), ...repeats]) {
				// The outcome of one at QoS 2 that is being processed still counts.
				if (held.qos === 1 || !bySeq.has(held.seq)) remove(held);
				else held.arrived = undefined;
			}
			repeats = [];
		},
	};
}
