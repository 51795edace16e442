/**
 * A message's bits 8–15 for NATS. Bits 8–10 hold the status code of its header line ("NATS/1.0 503") as an index into
 * `statusCodes`.
 */
export const natsFlag = {
	/** It has a reply subject. */
	reply: 1 << 11,
	/** It was read from a stream, with the headers by which the server states its place there. */
	stored: 1 << 12,
	/** It was delivered by a consumer. Its reply subject is the one for its acknowledgement. */
	consumed: 1 << 13,
	/** It marks a key of a bucket as deleted or purged. */
	marker: 1 << 14,
} as const;

/** Status codes of the protocol. The last one stands for every other code. */
const statusCodes = ['', '100', '400', '404', '408', '409', '503', 'other'] as const;
const statusShift = 8;

/** `code`: empty for a message without a status. */
export function statusFlags(code: string): number {
	if (code === '') return 0;
	const index = statusCodes.indexOf(code as (typeof statusCodes)[number]);
	return (index > 0 ? index : statusCodes.length - 1) << statusShift;
}

/** The status code of a message; empty if it has none. */
export const statusOf = (flags: number): string => statusCodes[(flags >> statusShift) & 7] ?? '';
