import { type Failure, FailureError, fail } from '../../../base/failure';
import { createFramer, type Framer } from '../../shared/frames';
import { uint32At, Writer } from './bytes';

/** AMQP 0-9-1, section 4.2.3. */
export const frameType = { method: 1, header: 2, body: 3, heartbeat: 8 } as const;
export const frameEnd = 0xce;
/** Bytes of a frame besides its payload: type, channel and size before it, the end octet after it. */
export const frameOverhead = 8;
/** Bytes of a content header before the properties: class, weight and body size (section 4.2.6.1). */
export const contentHeaderSize = 12;

export const heartbeat = Buffer.from([8, 0, 0, 0, 0, 0, 0, frameEnd]);

/** One frame, whose payload is `bytes` from `start` to `end`. Valid only until the function returns. */
export type OnFrame = (type: number, channel: number, bytes: Buffer, start: number, end: number) => void;

/** A violation of the specification by the server. It ends the link, since the rest of the stream cannot be trusted. */
export function broken(message: string, evidence?: string) {
	return fail('protocol-violation', message, { evidence });
}

/** Bytes of a frame before its payload: type, channel and size. */
const headSize = 7;

/**
 * Cuts a stream into frames (AMQP 0-9-1, section 4.2.3). Throws a FailureError before it buffers a frame of more than
 * `maxFrame()` bytes, and must not be used after that.
 */
export function createFrameReader(maxFrame: () => number, onFrame: OnFrame): Framer {
	function size(bytes: Buffer, at: number): number {
		if (at + headSize > bytes.length) return 0;
		const type = bytes[at] as number;
		if (type !== frameType.body && type !== frameType.method && type !== frameType.header)
			if (type !== frameType.heartbeat)
				throw broken(
					`The server sent a frame of the unknown type ${type} (AMQP 0-9-1, 4.2.3).`,
					`first bytes ${bytes.subarray(at, at + 16).toString('hex')}`,
				);
		const payload = uint32At(bytes, at + 3);
		if (payload + frameOverhead > maxFrame())
			throw fail(
				'frame-too-large',
				`The server announced a frame of ${payload.toLocaleString('en')} bytes; ${maxFrame().toLocaleString('en')} were agreed.`,
			);
		return payload + frameOverhead;
	}

	function frame(bytes: Buffer, start: number, end: number): void {
		if (bytes[end - 1] !== frameEnd) throw broken('The server sent a frame without its end octet (AMQP 0-9-1, 4.2.3).');
		const channel = ((bytes[start + 1] as number) << 8) | (bytes[start + 2] as number);
		onFrame(bytes[start] as number, channel, bytes, start + headSize, end - 1);
	}

	return createFramer({ size, frame });
}

/** One frame whose payload consists of `parts`. */
export function frame(type: number, channel: number, ...parts: readonly Uint8Array[]): Buffer {
	const size = parts.reduce((sum, part) => sum + part.length, 0);
	const bytes = Buffer.allocUnsafe(size + frameOverhead);
	bytes[0] = type;
	bytes.writeUInt16BE(channel, 1);
	bytes.writeUInt32BE(size, 3);
	let at = 7;
	for (const part of parts) {
		bytes.set(part, at);
		at += part.length;
	}
	bytes[at] = frameEnd;
	return bytes;
}

/**
 * Why a frame with a payload of this size cannot be sent. Only a body may be divided; methods and content headers must
 * fit into the frame size that was agreed (section 4.2.3).
 */
export function frameTooLarge(subject: string, payload: number, frameMax: number): Failure | undefined {
	const size = payload + frameOverhead;
	if (size <= frameMax) return undefined;
	return {
		code: 'frame-too-large',
		message: `${subject} need a frame of ${size.toLocaleString('en')} bytes; the server accepts ${frameMax.toLocaleString('en')}, so nothing was sent.`,
		remedy: { text: 'Shorten them, or raise the largest frame of the server (frame_max).' },
	};
}

/** Why a message with these encoded properties (`writeBasic`) cannot be sent. */
export const headTooLarge = (head: Uint8Array, frameMax: number): Failure | undefined =>
	frameTooLarge('The properties and headers of the message', contentHeaderSize + head.length, frameMax);

export function throwIf(failure: Failure | undefined): void {
	if (failure) throw new FailureError(failure);
}

/** A method that the library does not send. */
export function methodFrame(channel: number, write: (to: Writer) => void): Buffer {
	const writer = new Writer();
	write(writer);
	return frame(frameType.method, channel, writer.done());
}

/** Class and method numbers (AMQP 0-9-1, section 1.2, and RabbitMQ's extensions), as `class << 16 | method`. */
export const method = {
	connectionStart: 0x0a000a,
	connectionSecure: 0x0a0014,
	connectionTune: 0x0a001e,
	connectionTuneOk: 0x0a001f,
	connectionOpen: 0x0a0028,
	connectionOpenOk: 0x0a0029,
	connectionClose: 0x0a0032,
	connectionCloseOk: 0x0a0033,
	connectionBlocked: 0x0a003c,
	connectionUnblocked: 0x0a003d,
	channelOpen: 0x14000a,
	channelFlow: 0x140014,
	channelFlowOk: 0x140015,
	channelClose: 0x140028,
	channelCloseOk: 0x140029,
	exchangeDeclare: 0x28000a,
	exchangeDelete: 0x280014,
	exchangeBind: 0x28001e,
	exchangeUnbind: 0x280028,
	queueDeclare: 0x32000a,
	queueBind: 0x320014,
	queuePurge: 0x32001e,
	queueDelete: 0x320028,
	queueUnbind: 0x320032,
	consume: 0x3c0014,
	publish: 0x3c0028,
	return: 0x3c0032,
	deliver: 0x3c003c,
	get: 0x3c0046,
	getOk: 0x3c0047,
	getEmpty: 0x3c0048,
	ack: 0x3c0050,
	nack: 0x3c0078,
} as const;

/** Requests that end with a table of arguments. */
const withArguments = new Set<number>([
	method.exchangeDeclare,
	method.exchangeBind,
	method.exchangeUnbind,
	method.queueDeclare,
	method.queueBind,
	method.queueUnbind,
	method.consume,
]);
export const endsWithTable = (id: number): boolean => withArguments.has(id);

/** A method by its numbers, as evidence. */
export const methodName = (id: number): string => `class ${id >>> 16}, method ${id & 0xffff}`;
