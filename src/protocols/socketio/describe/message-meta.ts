/*
 * What belongs to a message besides its arguments, as bytes for the log: the length of the acknowledgement id (one byte) and
 * its digits, then each attachment with its length (four bytes, big-endian) in front.
 */

export interface MessageMeta {
	/** Digits of the id under which the sender waits for an acknowledgement. */
	ackId?: string;
	attachments: readonly Uint8Array[];
}

/** Undefined if there is nothing to keep. `ackId`: at most 255 digits. */
export function encodeMeta(ackId: string | undefined, attachments: readonly Uint8Array[]): Uint8Array | undefined {
	if (ackId === undefined && attachments.length === 0) return undefined;
	const digits = ackId ?? '';
	let size = 1 + digits.length;
	for (const { length } of attachments) size += 4 + length;
	const bytes = new Uint8Array(size);
	const view = new DataView(bytes.buffer);
	bytes[0] = digits.length;
	for (let at = 0; at < digits.length; at++) bytes[at + 1] = digits.charCodeAt(at);
	let at = 1 + digits.length;
	for (const attachment of attachments) {
		view.setUint32(at, attachment.length);
		bytes.set(attachment, at + 4);
		at += 4 + attachment.length;
	}
	return bytes;
}

export function decodeMeta(bytes: Uint8Array | undefined): MessageMeta {
	if (!bytes) return { attachments: [] };
	const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
	const attachments: Uint8Array[] = [];
	let at = 1 + (bytes[0] ?? 0);
	const ackId = String.fromCharCode(...bytes.subarray(1, at));
	while (at + 4 <= bytes.length) {
		const end = at + 4 + view.getUint32(at);
		attachments.push(bytes.subarray(at + 4, end));
		at = end;
	}
	return { ...(ackId !== '' && { ackId }), attachments };
}
