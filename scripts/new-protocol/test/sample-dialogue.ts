import { type Dialogue, type Step, tcpStep } from './hostile';
import { hostileText } from './websocket';

/** A frame as a server sends it, or would if it could. `declared`: instead of its length. */
function frame(type: number, id: number, target: Buffer | string, payload: Buffer | string, declared?: number): Buffer {
	const bytes = Buffer.concat([Buffer.from(target), Buffer.from(payload)]);
	const head = Buffer.alloc(12);
	head.writeUInt32BE(declared ?? 8 + bytes.length);
	head[4] = type;
	head.writeUInt32BE(id, 6);
	head.writeUInt16BE(Buffer.byteLength(target), 10);
	return Buffer.concat([head, bytes]);
}

const accepted = 0x81;
const refused = 0x82;
const message = 0x83;
const idOf = (asked: Buffer) => (asked.length < 10 ? 0 : asked.readUInt32BE(6));
const huge = frame(message, 0, 'a', Buffer.alloc(1000), 0xffffffff);
const more = Buffer.alloc(65_536);

/** A request that the server accepts, with the faults that every answer can have. */
const answering = (name: string): Step => ({
	name,
	takes: (received) =>
		received.length >= 4 && received.length >= 4 + received.readUInt32BE() ? 4 + received.readUInt32BE() : undefined,
	answer: (asked) => frame(accepted, idOf(asked), '', 'ready'),
	wrong: (asked) => ({
		'a refusal with a hostile text': frame(refused, idOf(asked), '', hostileText),
		'the answer to another request': frame(accepted, idOf(asked) + 7, '', ''),
		'an unknown type': frame(0x7f, idOf(asked), '', ''),
		'a length without a head': Buffer.from('0000000700', 'hex'),
	}),
	huge,
	endless: { start: huge, more },
});

export const sampleDialogue: Dialogue = () => [
	tcpStep,
	answering('hello'),
	answering('subscribe'),
	{
		name: 'open',
		takes: () => 0,
		answer: () => frame(message, 0, 'a', 'hello'),
		wrong: () => ({
			'a message for another target': frame(message, 0, '__proto__', 'x'),
			'a target that is longer than its frame': frame(message, 0, 'a'.repeat(100), '', 20),
			'a target that is not UTF-8': frame(message, 0, Buffer.from('c328', 'hex'), ''),
			'an answer without a request': frame(accepted, 0, '', hostileText),
			'a request': frame(5, 0, 'a', 'x'),
			'one bad frame, then good ones': Buffer.concat([
				frame(0, 0, '', ''),
				...Array.from({ length: 100 }, () => frame(message, 0, 'a', 'x')),
			]),
		}),
		huge,
		endless: { start: huge, more },
	},
];
