/**
 * Properties of a message (`writeBasic`) as they are kept, in Latin-1; `headBytes` gives them back. Small arrays cost many
 * times their bytes, and of large ones V8 lets 64 MB lie dead before it looks for them.
 */
export const keptHead = (bytes: Uint8Array): string =>
	Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('latin1');
