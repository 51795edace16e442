/** Bits 8–15 of a message's flags. */
export const sioFlag = {
	/** An acknowledgement; otherwise an event. */
	ack: 1 << 8,
	/** The sender of the event waits for an acknowledgement. */
	wantsAck: 1 << 9,
	/** It has attachments. */
	binary: 1 << 10,
	/** The user allowed to drop it. */
	volatile: 1 << 11,
	/** The name of the event is a number. */
	numbered: 1 << 12,
} as const;

export const isAck = (flags: number): boolean => (flags & sioFlag.ack) !== 0;
export const wantsAck = (flags: number): boolean => (flags & sioFlag.wantsAck) !== 0;
export const isBinary = (flags: number): boolean => (flags & sioFlag.binary) !== 0;
