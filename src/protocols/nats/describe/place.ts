import { natsFlag } from './flags';
import { headersOf, readMeta } from './headers';

/** The place of a message in JetStream, as the server states it. Numbers are digits, because they have 64 bits. */
export interface Place {
	stream: string;
	sequence: string;
	domain?: string;
	/** In ISO 8601. */
	time?: string;
	consumer?: string;
	/** How often it was delivered, this one included. */
	delivered?: string;
	consumerSequence?: string;
	pending?: string;
}

/** Headers by which a server describes a message that is read from a stream (ADR-31). */
export const placeHeaders: ReadonlySet<string> = new Set([
	'Nats-Stream',
	'Nats-Subject',
	'Nats-Sequence',
	'Nats-Time-Stamp',
	'Nats-Last-Sequence',
	'Nats-Num-Pending',
]);

/** Undefined for a message that was neither read from a stream nor delivered by a consumer. */
export function placeOf(flags: number, meta: Uint8Array | undefined): Place | undefined {
	if (flags & natsFlag.consumed) return delivered(readMeta(meta).reply ?? '');
	if (!(flags & natsFlag.stored)) return undefined;
	const header = new Map(headersOf(meta).pairs);
	const [stream, sequence] = [header.get('Nats-Stream'), header.get('Nats-Sequence')];
	if (stream === undefined || sequence === undefined) return undefined;
	return { stream, sequence, time: header.get('Nats-Time-Stamp') };
}

/**
 * Reads the subject for the acknowledgement of a delivered message (ADR-15): with nine tokens, or with domain and account
 * hash in front and possibly further tokens behind.
 */
function delivered(reply: string): Place | undefined {
	const tokens = reply.split('.').slice(2);
	const domain = tokens.length > 7 ? tokens[0] : undefined;
	const rest = tokens.length > 7 ? tokens.slice(2) : tokens;
	const [stream, consumer, count, sequence, consumerSequence, time, pending] = rest;
	if (stream === undefined || sequence === undefined) return undefined;
	return {
		...{ stream, sequence, consumer, delivered: count, consumerSequence, pending },
		...(domain !== undefined && domain !== '_' && { domain }),
		...(time !== undefined && { time: timeOf(time) }),
	};
}

/** Nanoseconds since the epoch in ISO 8601, with all of their digits. */
function timeOf(nanoseconds: string): string | undefined {
	if (!/^\d{1,19}$/.test(nanoseconds)) return undefined;
	const seconds = BigInt(nanoseconds) / 1_000_000_000n;
	const fraction = String(BigInt(nanoseconds) % 1_000_000_000n).padStart(9, '0');
	return new Date(Number(seconds) * 1000).toISOString().replace(/\.\d+Z$/, `.${fraction}Z`);
}
