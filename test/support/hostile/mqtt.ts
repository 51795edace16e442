import { type Dialogue, tcpStep } from './hostile';
import { hostileText } from './websocket';

/** Builds a packet from type and flags, remaining length (`declared` replaces its bytes) and body. */
function packet(first: number, body: Buffer, declared?: Buffer): Buffer {
	return Buffer.concat([Buffer.of(first), declared ?? variable(body.length), body]);
}

/** Encodes a variable byte integer (MQTT 5, section 1.5.5). */
function variable(value: number): Buffer {
	const bytes: number[] = [];
	do {
		bytes.push((value & 127) | (value > 127 ? 128 : 0));
		value >>>= 7;
	} while (value > 0);
	return Buffer.from(bytes);
}

/** Start and end of the first packet's body, if the packet is complete. */
function whole(received: Buffer): { start: number; end: number } | undefined {
	let length = 0;
	for (let at = 1; at < received.length && at < 5; at++) {
		const byte = received[at] ?? 0;
		length += (byte & 127) * 128 ** (at - 1);
		if (byte < 128) return received.length >= at + 1 + length ? { start: at + 1, end: at + 1 + length } : undefined;
	}
	return undefined;
}

function text(value: string): Buffer {
	const bytes = Buffer.from(value);
	return Buffer.concat([Buffer.of(bytes.length >> 8, bytes.length & 0xff), bytes]);
}

const longest = Buffer.from('ffffff7f', 'hex');

/** Speaks 3.1.1 or 5, by the version in the client's CONNECT. */
export const mqttDialogue: Dialogue = () => {
	let five = true;
	const props = (bytes: Buffer = Buffer.alloc(0)) =>
		five ? Buffer.concat([variable(bytes.length), bytes]) : Buffer.alloc(0);
	const reason = () => (five ? props(Buffer.concat([Buffer.of(0x1f), text(hostileText)])) : Buffer.alloc(0));
	const connack = (code = 0, properties = props()) => packet(0x20, Buffer.concat([Buffer.of(0, code), properties]));
	const publish = (first: number, topic: Buffer, rest: Buffer) => packet(first, Buffer.concat([topic, rest]));
	const takePacket = (type: number) => (received: Buffer) => {
		const found = whole(received);
		return found && (received[0] ?? 0) >> 4 === type ? found.end : undefined;
	};
	return [
		tcpStep,
		{
			name: 'connack',
			takes: takePacket(1),
			answer(asked) {
				// The version follows the protocol's name of four characters (section 3.1.2).
				const body = whole(asked)?.start ?? 0;
				five = asked[body + 6] === 5;
				return connack();
			},
			wrong(asked) {
				this.answer(asked);
				return {
					'another packet first': packet(0xd0, Buffer.alloc(0)),
					'a publish first': publish(0x30, text('a'), Buffer.concat([props(), Buffer.from('early')])),
					'wrong credentials': connack(five ? 0x86 : 4, reason()),
					'not authorized': connack(five ? 0x87 : 5, reason()),
					'server unavailable': connack(five ? 0x88 : 3, reason()),
					'a server reference': connack(
						five ? 0x9c : 3,
						props(Buffer.concat([Buffer.of(0x1c), text('127.0.0.1:22199')])),
					),
					'an unknown reason': connack(0xee),
					'an empty CONNACK': packet(0x20, Buffer.alloc(0)),
					'a length of five bytes': packet(0x20, Buffer.alloc(2), Buffer.from('ffffffff01', 'hex')),
					'a disconnect': packet(0xe0, five ? Buffer.concat([Buffer.of(0x8b), reason()]) : Buffer.alloc(0)),
				};
			},
			huge: packet(0x20, Buffer.alloc(100), longest),
			endless: { start: packet(0x20, Buffer.alloc(0), longest), more: Buffer.alloc(65_536) },
		},
		{
			name: 'suback',
			takes: takePacket(8),
			answer(asked) {
				const at = whole(asked)?.start ?? 0;
				return packet(0x90, Buffer.concat([asked.subarray(at, at + 2), props(), Buffer.of(0)]));
			},
			wrong(asked) {
				const at = whole(asked)?.start ?? 0;
				const id = asked.subarray(at, at + 2);
				return {
					'another packet id': packet(0x90, Buffer.concat([Buffer.of(0xab, 0xcd), props(), Buffer.of(0)])),
					refused: packet(0x90, Buffer.concat([id, reason(), Buffer.of(five ? 0x87 : 0x80)])),
					'no reason codes': packet(0x90, Buffer.concat([id, props()])),
					'too many reason codes': packet(0x90, Buffer.concat([id, props(), Buffer.alloc(1000)])),
					'an unknown reason': packet(0x90, Buffer.concat([id, props(), Buffer.of(0x7b)])),
					'no packet id': packet(0x90, Buffer.alloc(0)),
					'an UNSUBACK': packet(0xb0, Buffer.concat([id, props(), Buffer.of(0)])),
				};
			},
			huge: packet(0x90, Buffer.alloc(100), longest),
			endless: { start: packet(0x90, Buffer.alloc(0), longest), more: Buffer.alloc(65_536) },
		},
		{
			name: 'open',
			takes: () => 0,
			answer: () => publish(0x30, text('a/b'), Buffer.concat([props(), Buffer.from('hello')])),
			wrong: () => ({
				'a QoS 1 publish without packet id': packet(0x32, text('a')),
				'a QoS 2 publish without packet id': packet(0x34, text('a')),
				'a PUBREL without packet id': packet(0x62, Buffer.alloc(0)),
				'QoS 3': publish(0x36, text('a'), Buffer.of(0, 1, 0)),
				'packet id 0': publish(0x32, text('a'), Buffer.concat([Buffer.of(0, 0), props()])),
				'a second CONNACK': connack(),
				'a PUBACK of nothing': packet(0x40, Buffer.of(0x12, 0x34)),
				'a SUBACK of nothing': packet(0x90, Buffer.concat([Buffer.of(0x12, 0x34), props(), Buffer.of(0)])),
				'a CONNECT from the server': packet(0x10, Buffer.concat([text('MQTT'), Buffer.of(4, 2, 0, 60), text('x')])),
				'packet type 0': packet(0x00, Buffer.alloc(0)),
				'packet type 15': packet(0xf0, Buffer.of(0x18)),
				'a length of five bytes': packet(0x30, Buffer.alloc(2), Buffer.from('ffffffff01', 'hex')),
				'a topic longer than its packet': packet(0x30, Buffer.from('ffff61', 'hex')),
				'a topic of 65,535 bytes': publish(0x30, text('t'.repeat(65_535)), props()),
				'a topic of 10,000 levels': publish(0x30, text('/'.repeat(9_999)), props()),
				'a topic with NUL': publish(0x30, text('a\0b'), props()),
				'a topic with wildcards': publish(0x30, text('a/#/+'), props()),
				'a topic that is no UTF-8': publish(0x30, Buffer.from('0002c328', 'hex'), props()),
				'a topic named __proto__': publish(0x30, text('__proto__/constructor'), props()),
				'an empty topic': publish(0x30, text(''), props()),
				'a property length beyond the packet': publish(0x30, text('a'), Buffer.from('ffff7f00', 'hex')),
				'an unknown property': publish(0x30, text('a'), Buffer.from('02fe00', 'hex')),
				'a topic alias that was never set': publish(0x30, text(''), Buffer.from('03230009', 'hex')),
				'a disconnect with a hostile reason': packet(
					0xe0,
					five ? Buffer.concat([Buffer.of(0x98), reason()]) : Buffer.alloc(0),
				),
				'one bad packet, then good ones': Buffer.concat([
					packet(0x32, text('a')),
					...Array.from({ length: 100 }, () => publish(0x30, text('a'), props())),
				]),
				'ten thousand PINGRESPs': Buffer.alloc(20_000, Buffer.of(0xd0, 0)),
			}),
			huge: packet(0x30, Buffer.alloc(1000), longest),
			endless: { start: packet(0x30, text('a'), longest), more: Buffer.alloc(65_536) },
		},
	];
};
