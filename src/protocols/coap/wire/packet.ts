import { generate } from 'coap-packet';
import { codeText, type MessageType } from '../describe/codes';
import type { Message } from './message';

/** Longest UDP payload over IPv4, in bytes. */
const maxDatagram = 65_507;

/** Writes a message as a datagram. Throws if it is longer than UDP can carry. */
export function writeMessage({ type, code, id, token, options, payload }: Message): Buffer {
	return generate(
		{
			code: codeText(code),
			messageId: id,
			token: asBuffer(token),
			options: options.map(({ number, value }) => ({ name: String(number), value: asBuffer(value) })),
			payload: asBuffer(payload),
			confirmable: type === 0,
			ack: type === 2,
			reset: type === 3,
		},
		maxDatagram,
	);
}

/** An empty acknowledgement or reset. */
export function emptyMessage(type: MessageType, id: number): Buffer {
	return Buffer.of(0x40 | (type << 4), 0, id >> 8, id & 255);
}

function asBuffer(bytes: Uint8Array): Buffer {
	return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
