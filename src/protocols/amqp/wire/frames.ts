import { Writer } from './bytes';

/** AMQP 0-9-1, section 4.2.3. */
export const frameType = { method: 1, header: 2, body: 3, heartbeat: 8 } as const;
export const frameEnd = 0xce;
/** Type, channel, size in front; the end octet behind. */
export const frameOverhead = 8;

export const protocolHeader = Buffer.from('414d515000000901', 'hex');
export const heartbeat = Buffer.from([8, 0, 0, 0, 0, 0, 0, frameEnd]);

export function frame(type: number, channel: number, payload: Uint8Array): Buffer {
	const bytes = Buffer.allocUnsafe(payload.length + frameOverhead);
	bytes[0] = type;
	bytes.writeUInt16BE(channel, 1);
	bytes.writeUInt32BE(payload.length, 3);
	bytes.set(payload, 7);
	bytes[payload.length + 7] = frameEnd;
	return bytes;
}

/** A message: its method, its properties as in `Basic`, its body in frames of at most `frameMax` bytes. */
export function content(
	channel: number,
	method: Uint8Array,
	head: Uint8Array,
	body: Uint8Array,
	frameMax: number,
): Buffer[] {
	const header = new Writer().uint16(60).uint16(0).uint64(body.length).raw(head).done();
	const frames = [frame(frameType.method, channel, method), frame(frameType.header, channel, header)];
	const most = frameMax - frameOverhead;
	for (let at = 0; at < body.length; at += most)
		frames.push(frame(frameType.body, channel, body.subarray(at, at + most)));
	return frames;
}
