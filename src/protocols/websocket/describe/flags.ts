/** Bits 8–15 of a message's flags: the frame's opcode where it is not text (RFC 6455, section 5.2). */
export const wsFlag = { binary: 1 << 8, ping: 1 << 9, pong: 1 << 10, close: 1 << 11 } as const;

/** What a close frame carries besides its text in the log. */
export interface CloseMeta {
	code: number;
	reason: string;
}

/** The type of the frame: text, binary, ping, pong or close. */
export function frameType(flags: number): string {
	if (flags & wsFlag.ping) return 'ping';
	if (flags & wsFlag.pong) return 'pong';
	if (flags & wsFlag.close) return 'close';
	return flags & wsFlag.binary ? 'binary' : 'text';
}

/** Whether the frame carries a message; the others are control frames. */
export const isData = (flags: number): boolean => (flags & (wsFlag.ping | wsFlag.pong | wsFlag.close)) === 0;
