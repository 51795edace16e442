import { flag } from '../../../model/contracts/message';
import type { Sink, Unfinished } from '../../adapter';
import { tooLarge } from '../../shared/failures';
import { sioFlag } from '../describe/flags';
import { encodeMeta } from '../describe/message-meta';
import { targetOf } from '../describe/target';
import type { MessageListener } from '../wire/engine';
import { type NameCache, type Packet, packetType, readPacket, splitEvent, violation } from '../wire/packet';
import type { Asked } from './acknowledging';
import type { Namespace, Namespaces } from './namespaces';

export interface IncomingOptions {
	sink: Sink;
	namespaces: Namespaces;
	/** Largest event accepted with its attachments, in bytes. */
	limit: number;
	/** The request that an acknowledgement answers. */
	answered(namespace: string, id: string): { seq?: number; target: string } | undefined;
	/** The sender of a logged event waits for an acknowledgement. */
	asked(seq: number, event: Asked): void;
}

export interface Incoming extends MessageListener {
	/** The event of which attachments are missing. */
	unfinished(): Unfinished | undefined;
}

/** Targets that are kept for each namespace. */
const maxTargets = 1000;

/** Reads the packets of a session into the log. */
export function createIncoming({ sink, namespaces, limit, answered, asked }: IncomingOptions): Incoming {
	const names: NameCache = new Map();
	let partial: { packet: Packet; attachments: Buffer[]; size: number; since: number } | undefined;

	function targetFor({ name, targets }: Namespace, event: string): string {
		let target = targets.get(event);
		if (target === undefined) {
			target = targetOf({ namespace: name, event });
			if (targets.size >= maxTargets) targets.clear();
			targets.set(event, target);
		}
		return target;
	}

	function logEvent({ namespace: name, id, data }: Packet, attachments: readonly Uint8Array[]): void {
		const namespace = namespaces.get(name);
		// Left while the event was on its way, or never joined.
		if (!namespace) return;
		const event = splitEvent(data, names);
		const meta = id === undefined && attachments.length === 0 ? undefined : encodeMeta(id, attachments);
		const isHeld = id !== undefined && namespace.isHeld === true;
		const target = targetFor(namespace, event.name);
		const seq = sink.message({
			target,
			payload: event.args,
			flags:
				(id === undefined ? 0 : sioFlag.wantsAck) |
				(attachments.length > 0 ? sioFlag.binary : 0) |
				(event.isNumbered ? sioFlag.numbered : 0) |
				(isHeld ? flag.held : 0),
			meta,
			subscriptions: namespace.subscription === undefined ? undefined : [namespace.subscription],
		});
		if (id !== undefined) asked(seq, { namespace: name, id, target, isHeld });
	}

	function logAck({ namespace, id, data }: Packet, attachments: readonly Uint8Array[]): void {
		if (id === undefined || data[0] !== 0x5b)
			throw violation('The server sent an acknowledgement without its id or its list.', data);
		const request = answered(namespace, id);
		// An acknowledgement for nothing says only where it came from.
		sink.message({
			target: request?.target ?? (namespace === '/' ? '' : namespace.slice(1)),
			payload: data,
			flags: sioFlag.ack | (attachments.length > 0 ? sioFlag.binary : 0),
			meta: encodeMeta(undefined, attachments),
			...(request?.seq !== undefined && { answers: request.seq }),
		});
	}

	function whole(packet: Packet, attachments: readonly Uint8Array[]): void {
		if (packet.type === packetType.event || packet.type === packetType.binaryEvent) logEvent(packet, attachments);
		else logAck(packet, attachments);
	}

	return {
		text(bytes) {
			if (partial) throw violation('The server sent a packet in the middle of the attachments of another one.', bytes);
			const packet = readPacket(bytes, 1);
			if (packet.attachments > 0) {
				const data = Buffer.from(packet.data);
				partial = { packet: { ...packet, data }, attachments: [], size: data.length, since: performance.now() };
			} else if (packet.type === packetType.event) logEvent(packet, []);
			else if (!namespaces.received(packet)) whole(packet, []);
		},
		binary(bytes) {
			if (!partial) throw violation('The server sent an attachment that belongs to no event.');
			partial.size += bytes.length;
			if (partial.size > limit) throw tooLarge('server', 'an event with attachments', partial.size, limit);
			partial.attachments.push(Buffer.from(bytes));
			if (partial.attachments.length < partial.packet.attachments) return;
			const { packet, attachments } = partial;
			partial = undefined;
			whole(packet, attachments);
		},
		unfinished: () => partial && { since: partial.since, bytes: partial.size },
	};
}
