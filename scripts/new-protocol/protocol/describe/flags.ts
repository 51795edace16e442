/** Bits 8–15 of a message's flags belong to the protocol. */
export const sampleFlag = { urgent: 1 << 8 } as const;

export const isUrgent = (flags: number): boolean => (flags & sampleFlag.urgent) !== 0;
