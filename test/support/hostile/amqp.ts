import { Writer } from '../../../src/protocols/amqp/wire/bytes';
import { type Table, textValue, writeTable } from '../../../src/protocols/amqp/wire/table';
import { type Dialogue, type Endless, type Step, tcpStep } from './hostile';
import { hostileText } from './websocket';

/** Type, channel, size, payload, end octet (AMQP 0-9-1, section 4.2.3). */
export function frame(
	type: number,
	channel: number,
	payload: Uint8Array,
	declared = payload.length,
	end = 0xce,
): Buffer {
	const head = Buffer.alloc(7);
	head[0] = type;
	head.writeUInt16BE(channel, 1);
	head.writeUInt32BE(declared, 3);
	return Buffer.concat([head, payload, Buffer.of(end)]);
}

export function method(channel: number, classId: number, id: number, write: (to: Writer) => void = () => {}): Buffer {
	const to = new Writer().uint16(classId).uint16(id);
	write(to);
	return frame(1, channel, to.done());
}

/** The end of the first method with this class and number; frames before it are skipped. */
const takes = (classId: number, id: number) => (received: Buffer) => {
	for (let at = 0; received.length >= at + 11; ) {
		const end = at + 8 + received.readUInt32BE(at + 3);
		if (received.length < end) return undefined;
		if (received[at] === 1 && received.readUInt16BE(at + 7) === classId && received.readUInt16BE(at + 9) === id)
			return end;
		at = end;
	}
	return undefined;
};

const close = (channel: number, code: number, text: string, about: [number, number] = [0, 0]) =>
	method(channel, channel ? 20 : 10, channel ? 40 : 50, (to) =>
		to.uint16(code).short(text).uint16(about[0]).uint16(about[1]),
	);

const start = (mechanisms = 'PLAIN EXTERNAL', properties: Table = [['product', textValue('Pretender')]], minor = 9) =>
	method(0, 10, 10, (to) => {
		writeTable(to.uint8(0).uint8(minor), properties);
		to.long(mechanisms).long('en_US');
	});

const tune = (channels = 10, size = 131_072, heartbeat = 60) =>
	method(0, 10, 30, (to) => to.uint16(channels).uint32(size).uint16(heartbeat));

export const deliver = (channel: number, tag = 1, key = 'eu') =>
	method(channel, 60, 60, (to) => to.short('consumer').uint64(tag).uint8(0).short('orders').short(key));
export const header = (channel: number, size: number | bigint, properties: Uint8Array = Buffer.alloc(2)) =>
	frame(2, channel, new Writer().uint16(60).uint16(0).uint64(size).raw(properties).done());
export const message = (channel: number, body: Buffer, properties?: Uint8Array) =>
	Buffer.concat([
		deliver(channel),
		header(channel, body.length, properties),
		body.length > 0 ? frame(3, channel, body) : body,
	]);

const openOk = method(0, 10, 41, (to) => to.short(''));
const heartbeat = Buffer.from('08000000000000ce', 'hex');
const nested = (depth: number): Table => (depth === 0 ? [] : [['a', { type: 'F', value: nested(depth - 1) }]]);
const onlyHeaders = (table: Buffer) => Buffer.concat([Buffer.of(0x20, 0), table]);

/** Faults of size for every step: a frame that announces 4 GB, and one that is filled without end. */
const tooMuch: Pick<Step, 'huge' | 'endless'> = {
	huge: frame(1, 0, Buffer.alloc(100), 0xffff_ffff),
	endless: { start: Buffer.from('0100000000fa00', 'hex'), more: Buffer.alloc(65_536) },
};

/** Bad frames in the same segment as the right answer. */
const after = (right: Buffer) => ({
	'a bad frame glued to it': Buffer.concat([right, frame(1, 0, Buffer.alloc(4), 4, 0)]),
	'an unknown frame glued to it': Buffer.concat([right, frame(77, 0, Buffer.alloc(4))]),
	'a frame on an unknown channel glued to it': Buffer.concat([right, method(9, 20, 41)]),
});

/** The answer to a request on channel 1, and what may arrive instead. */
const onChannel = (name: string, question: [number, number], answer: Buffer): Step => ({
	name,
	takes: takes(...question),
	answer: () => answer,
	wrong: () => ({
		'a refused channel': Buffer.concat([
			close(1, 403, `ACCESS_REFUSED - ${hostileText}`, question),
			method(0, 10, 50, (to) => to.uint16(320).short('bye').uint32(0)),
		]),
		'another answer': method(1, 85, 11),
		'an empty method': frame(1, 1, Buffer.alloc(0)),
		'a method that ends early': frame(1, 1, Buffer.from([0, 20])),
		'an answer twice': Buffer.concat([answer, answer]),
		'a closed connection': close(0, 541, `INTERNAL_ERROR - ${hostileText}`),
		'a message in between': message(1, Buffer.from('early')),
	}),
	...tooMuch,
});

/** RabbitMQ's side of a tap: handshake, channel, queue, binding, consumer and a message. */
export const amqpDialogue: Dialogue = () => [
	tcpStep,
	{
		name: 'start',
		takes: (received) => (received.length >= 8 ? 8 : undefined),
		answer: () => start(),
		wrong: () => ({
			'AMQP 0-8': Buffer.from('414d515001010008', 'hex'),
			'AMQP 1.0': Buffer.from('414d515003010000', 'hex'),
			'another version in it': start('PLAIN', [], 10),
			'no mechanism': start(''),
			'hostile names': start(`${hostileText} X`, [['product', textValue(hostileText)]]),
			'tables in tables': start('PLAIN', nested(200)),
			'a table that ends early': method(0, 10, 10, (to) => to.uint16(9).uint32(1000).raw(Buffer.alloc(10))),
			'a value of an unknown type': method(0, 10, 10, (to) => to.uint16(9).uint32(3).raw(Buffer.from('016151', 'hex'))),
			'tune first': tune(),
			'a heartbeat first': heartbeat,
			'no end octet': frame(1, 0, Buffer.alloc(10), 10, 0),
		}),
		...tooMuch,
	},
	{
		name: 'tune',
		takes: takes(10, 11),
		answer: () => tune(),
		wrong: () => ({
			'wrong credentials': close(0, 403, `ACCESS_REFUSED - ${hostileText}`),
			'another challenge': method(0, 10, 20, (to) => to.long(hostileText)),
			'a second start': start(),
			'frames of 100 bytes': tune(10, 100),
			'a tune that ends early': frame(1, 0, Buffer.from('000a001e000a', 'hex')),
			'open-ok at once': openOk,
			'blocked at once': method(0, 10, 60, (to) => to.short('low')),
		}),
		...tooMuch,
	},
	{
		name: 'open-ok',
		takes: takes(10, 40),
		answer: () => openOk,
		wrong: () => ({
			'no such virtual host': close(0, 530, `NOT_ALLOWED - vhost ${hostileText} not found`),
			'a closing that ends early': frame(1, 0, Buffer.from('000a003202', 'hex')),
			'a second tune': tune(),
			'a message': message(1, Buffer.from('early')),
			...after(openOk),
		}),
		...tooMuch,
	},
	onChannel(
		'channel',
		[20, 10],
		method(1, 20, 11, (to) => to.long('')),
	),
	onChannel(
		'declare',
		[50, 10],
		method(1, 50, 11, (to) => to.short('amq.gen-1').uint32(0).uint32(0)),
	),
	onChannel('bind', [50, 20], method(1, 50, 21)),
	onChannel(
		'consume',
		[60, 20],
		method(1, 60, 21, (to) => to.short('consumer')),
	),
	{
		name: 'open',
		takes: () => 0,
		answer: () => message(1, Buffer.from('hello')),
		wrong: () => ({
			'a body of 2^60 bytes': Buffer.concat([deliver(1), header(1, 2n ** 60n)]),
			'a body of 2^64 - 1 bytes': Buffer.concat([deliver(1), header(1, 2n ** 64n - 1n)]),
			'a body without its header': Buffer.concat([deliver(1), frame(3, 1, Buffer.from('x'))]),
			'a header without its method': header(1, 4),
			'two headers': Buffer.concat([deliver(1), header(1, 4), header(1, 4)]),
			'more body than announced': Buffer.concat([deliver(1), header(1, 1), frame(3, 1, Buffer.from('xx'))]),
			'a method in the middle of a body': Buffer.concat([deliver(1), header(1, 4), method(1, 60, 21)]),
			'properties that end early': message(1, Buffer.from('x'), Buffer.from('8000ff61', 'hex')),
			'headers that end early': message(1, Buffer.from('x'), onlyHeaders(Buffer.from('7fffffff', 'hex'))),
			'headers nested 200 deep': message(1, Buffer.from('x'), onlyHeaders(tableBytes(nested(200)))),
			'headers of an unknown type': message(1, Buffer.from('x'), onlyHeaders(Buffer.from('000000030161ff', 'hex'))),
			'a header named __proto__': message(
				1,
				Buffer.from('x'),
				onlyHeaders(tableBytes([['__proto__', textValue('x')]])),
			),
			'a delivery that ends early': frame(1, 1, Buffer.from('003c003c05', 'hex')),
			'names longer than the frame': method(1, 60, 60, (to) =>
				to.short('c').uint64(1).uint8(0).raw(Buffer.from('ff61', 'hex')),
			),
			'a return of nothing': method(1, 60, 50, (to) => to.uint16(312).short('NO_ROUTE').short('').short('x')),
			'a confirm of nothing': method(1, 60, 80, (to) => to.uint64(5).uint8(1)),
			'an answer to nothing': method(1, 60, 71, (to) => to.uint64(1).uint8(0).short('').short('').uint32(0)),
			'a message on the connection': header(0, 4),
			'a message on another channel': message(7, Buffer.from('x')),
			'an unknown method': method(1, 99, 99),
			'an unknown method on the connection': method(0, 10, 99),
			'close-ok of the connection': method(0, 10, 51),
			'close-ok of the channel': method(1, 20, 41),
			'a connection closed with a hostile text': close(0, 320, hostileText),
			'a channel closed with a hostile text': close(1, 404, hostileText),
			'a cancelled consumer': method(1, 60, 30, (to) => to.short('consumer').uint8(1)),
			'no end octet': frame(1, 1, Buffer.alloc(4), 4, 0x00),
			'ten thousand empty bodies': Buffer.concat([
				deliver(1),
				header(1, 4),
				...Array.from({ length: 10_000 }, () => frame(3, 1, Buffer.alloc(0))),
			]),
			'ten thousand heartbeats': Buffer.concat(Array.from({ length: 10_000 }, () => heartbeat)),
			'one bad frame, then good ones': Buffer.concat([
				frame(1, 1, Buffer.alloc(4), 4, 0),
				...Array.from({ length: 100 }, () => message(1, Buffer.from('x'))),
			]),
		}),
		huge: Buffer.concat([deliver(1), header(1, 2 ** 40)]),
		endless: { start: Buffer.concat([deliver(1), header(1, 1000)]), more: frame(3, 1, Buffer.alloc(60_000)) },
		floods,
	},
];

/** The frame size that the dialogue agrees on. */
const wholeFrame = 131_072 - 8;
const nothing = Buffer.alloc(0);

/** A message with one header that fills a frame; name and key differ for each. */
const wide = (which: number) => {
	const properties = onlyHeaders(tableBytes([[`a${which}`, { type: 'x', value: Buffer.alloc(wholeFrame - 100) }]]));
	return Buffer.concat([deliver(1, 1, `key.${which}`), header(1, 0, properties)]);
};
const small = (which: number) =>
	Buffer.concat([deliver(1, 1, `key.${which}`), header(1, 1), frame(3, 1, Buffer.from('x'))]);
const many = (count: number, of: (which: number) => Buffer) =>
	Buffer.concat(Array.from({ length: count }, (_, at) => of(at)));

const bodies = (properties?: Uint8Array) => () => message(1, Buffer.from('x'), properties);

/** Built on first use and cached, since they are large. */
const builders: Record<string, () => Endless> = {
	'small messages without end': () => ({ start: nothing, more: many(2000, small) }),
	'headers of a whole frame without end': () => ({ start: nothing, more: many(100, wide) }),
	'headers nested 200 deep without end': () => ({
		start: nothing,
		more: many(100, bodies(onlyHeaders(tableBytes(nested(200))))),
	}),
	'empty frames of one body without end': () => ({
		start: Buffer.concat([deliver(1), header(1, 4)]),
		more: many(5000, () => frame(3, 1, nothing)),
	}),
};
export const amqpFloods = Object.keys(builders);
const cached = new Map<string, Endless>();
const floods: Record<string, Endless> = {};
for (const [name, build] of Object.entries(builders))
	Object.defineProperty(floods, name, {
		get() {
			const flood = cached.get(name) ?? build();
			cached.set(name, flood);
			return flood;
		},
	});

function tableBytes(table: Table): Buffer {
	const to = new Writer();
	writeTable(to, table);
	return Buffer.from(to.done());
}
