/** Bits 8–15 of a message's flags: the frame's opcode where it is not text (RFC 6455, section 5.2). */
export const wsFlag = { binary: 1 << 8, ping: 1 << 9, pong: 1 << 10 } as const;

/** The type of the frame: text, binary, ping or pong. */
export function frameType(flags: number): string {
	if (flags & wsFlag.ping) return 'ping';
	if (flags & wsFlag.pong) return 'pong';
	return flags & wsFlag.binary ? 'binary' : 'text';
}
