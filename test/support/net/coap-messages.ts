import { codeOf, type MessageType } from '../../../src/protocols/coap/describe/codes';
import { type Message, readMessage } from '../../../src/protocols/coap/wire/message';
import { blockBytes, type Option, option, uintBytes } from '../../../src/protocols/coap/wire/options';
import { writeMessage } from '../../../src/protocols/coap/wire/packet';

/** A datagram that must be CoAP. */
export function parsed(bytes: Uint8Array | undefined): Message {
	if (!bytes) throw new Error('Nothing was sent.');
	const message = readMessage(Buffer.from(bytes));
	if ('fault' in message) throw new Error(message.fault);
	return message;
}

interface Answer {
	type?: MessageType;
	id?: number;
	options?: Option[];
	payload?: Uint8Array | string;
	token?: Uint8Array;
}

/** The answer to a request: piggybacked on its acknowledgement unless `type` says otherwise. */
export function answer(request: Message, code: string, more: Answer = {}): Buffer {
	const { type = 2, id = request.id, options = [], payload = '', token = request.token } = more;
	const sorted = [...options].sort((a, b) => a.number - b.number);
	return writeMessage({ type, code: codeOf(code), id, token, options: sorted, payload: Buffer.from(payload) });
}

export const uint = (number: number, value: number): Option => ({ number, value: uintBytes(value) });
export const block2 = (num: number, more: boolean, szx = 6): Option => ({
	number: option.block2,
	value: blockBytes({ num, more, szx }),
});
export const block1 = (num: number, more: boolean, szx = 6): Option => ({
	number: option.block1,
	value: blockBytes({ num, more, szx }),
});
export const etag = (text: string): Option => ({ number: option.etag, value: Buffer.from(text) });
