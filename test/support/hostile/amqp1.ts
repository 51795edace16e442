import type { Value } from '../../../src/protocols/amqp1/wire/codec/values';
import { encodeValue, Writer } from '../../../src/protocols/amqp1/wire/codec/writer';
import { type Dialogue, type Endless, type Step, tcpStep } from './hostile';
import { hostileText } from './websocket';

const none: Value = { type: 'null' };
const text = (value: string): Value => ({ type: 'string', value });
const symbol = (value: string): Value => ({ type: 'symbol', value });
const uint = (value: number): Value => ({ type: 'uint', value });
const ushort = (value: number): Value => ({ type: 'ushort', value });
const yes: Value = { type: 'boolean', value: true };
const no: Value = { type: 'boolean', value: false };
const list = (...value: Value[]): Value => ({ type: 'list', value });
const described = (code: number, value: Value): Value => ({
	...{ type: 'described', descriptor: { type: 'ulong', value: BigInt(code) }, value },
});

/** Size, data offset, type, channel, body. `declared`: instead of its size. */
export function frame(type: number, channel: number, body: Uint8Array, declared = 8 + body.length, offset = 2): Buffer {
	const head = Buffer.alloc(8);
	head.writeUInt32BE(declared);
	head[4] = offset;
	head[5] = type;
	head.writeUInt16BE(channel, 6);
	return Buffer.concat([head, body]);
}

const sasl = (code: number, ...fields: Value[]) => frame(1, 0, encodeValue(described(code, list(...fields))));
export const amqp = (code: number, ...fields: Value[]) => frame(0, 0, encodeValue(described(code, list(...fields))));
export const header = (id: number, major = 1) => Buffer.from([0x41, 0x4d, 0x51, 0x50, id, major, 0, 0]);

/** The end of the first frame with this descriptor; protocol headers and other frames are skipped. */
export const takes = (code: number) => (received: Buffer) => {
	for (let at = 0; received.length >= at + 8; ) {
		const isHeader = received.toString('latin1', at, at + 4) === 'AMQP';
		const end = at + (isHeader ? 8 : received.readUInt32BE(at));
		if (received.length < end) return undefined;
		if (!isHeader && end > at + 11 && received[at + 10] === code) return end;
		at = end;
	}
	return undefined;
};

/** An array that announces 2^31 nulls in a few bytes. */
const nulls = Buffer.from('f00000000580000000' + '40', 'hex');
const raw = (type: number, code: number, fields: Buffer, count = 1) =>
	frame(
		type,
		0,
		new Writer()
			.raw(Uint8Array.of(0, 0x53, code, 0xd0))
			.uint32(4 + fields.length)
			.uint32(count)
			.raw(fields)
			.done(),
	);
const nested = (depth: number): Value => (depth === 0 ? none : list(nested(depth - 1)));

const mechanisms = (...names: string[]) =>
	sasl(0x40, { type: 'array', of: 'symbol', value: names.map((name) => ({ type: 'symbol', value: name })) });
const error = (condition: string, description = hostileText): Value =>
	described(0x1d, list(symbol(condition), text(description)));
export const open = (product: Value = text('qpid-cpp'), channelMax = 10, frameMax = 65_536, idle: Value = none) =>
	amqp(0x10, text('pretender'), none, uint(frameMax), ushort(channelMax), idle, none, none, none, none, {
		type: 'map',
		value: [[symbol('product'), product]],
	});
export const begin = (remote: Value = ushort(0)) => amqp(0x11, remote, uint(0), uint(1000), uint(1000));

/** The name in the client's attach. */
const nameIn = (asked: Buffer) => /mw-[0-9a-f]{16}/.exec(asked.toString('latin1'))?.[0] ?? 'mw-0000000000000000';
export const attach = (asked: Buffer, mode: Value = symbol('copy'), name = nameIn(asked)) =>
	amqp(
		...([0x12, text(name), uint(0), no, none, none] as const),
		described(0x28, list(text('a'), none, none, none, none, none, mode)),
		described(0x29, list(text('me'))),
		none,
		none,
		uint(0),
	);
export const transfer = (id: number, payload: Uint8Array, more = false, tag = Buffer.from([id & 0xff])): Buffer =>
	frame(
		...([0, 0] as const),
		Buffer.concat([
			encodeValue(
				described(
					0x14,
					list(uint(0), uint(id), { type: 'binary', value: tag }, uint(0), no, { type: 'boolean', value: more }),
				),
			),
			payload,
		]),
	);
export const data = (payload: string) =>
	new Writer().section(0x75, { type: 'binary', value: Buffer.from(payload) }).done();

const tooMuch: Pick<Step, 'huge' | 'endless'> = {
	huge: frame(0, 0, Buffer.alloc(100), 0x7fff_fff0),
	endless: { start: frame(0, 0, Buffer.alloc(0), 0x7fff_fff0), more: Buffer.alloc(65_536) },
};

const badFrames = (right: Buffer) => ({
	'a frame without a head glued to it': Buffer.concat([right, frame(0, 0, Buffer.alloc(0), 4)]),
	'a wrong data offset glued to it': Buffer.concat([right, frame(0, 0, Buffer.alloc(4), 12, 1)]),
	'a data offset behind the frame glued to it': Buffer.concat([right, frame(0, 0, Buffer.alloc(4), 12, 200)]),
	'a frame of an unknown type glued to it': Buffer.concat([right, frame(7, 0, Buffer.alloc(4))]),
	'an unknown body glued to it': Buffer.concat([right, amqp(0x7f)]),
	'two billion nulls glued to it': Buffer.concat([right, raw(0, 0x10, nulls)]),
	'a list that announces too many elements glued to it': Buffer.concat([
		right,
		raw(0, 0x10, Buffer.alloc(0), 0xffff_ffff),
	]),
	'values nested too deeply glued to it': Buffer.concat([right, amqp(0x10, nested(200))]),
	'a value that ends early glued to it': Buffer.concat([right, raw(0, 0x10, Buffer.from('b1000000ff61', 'hex'))]),
});

/** A server that grants copies: headers, login, open, a session, a link and a message. */
export const amqp1Dialogue: Dialogue = () => [
	tcpStep,
	{
		name: 'mechanisms',
		takes: (received) => (received.length >= 8 ? 8 : undefined),
		answer: () => Buffer.concat([header(3), mechanisms('ANONYMOUS', 'PLAIN')]),
		wrong: () => ({
			'AMQP 0-9-1': header(0, 0).fill(9, 6, 7).fill(1, 7, 8),
			'AMQP 2.0': header(3, 2),
			'no SASL': header(0),
			'TLS inside': header(2),
			'no mechanism': Buffer.concat([header(3), sasl(0x40)]),
			'another mechanism': Buffer.concat([header(3), mechanisms(hostileText)]),
			'an outcome first': Buffer.concat([header(3), sasl(0x44, { type: 'ubyte', value: 0 })]),
			'open first': Buffer.concat([header(3), open()]),
			'two billion mechanisms': Buffer.concat([header(3), raw(1, 0x40, nulls)]),
		}),
		...tooMuch,
	},
	{
		name: 'outcome',
		takes: takes(0x41),
		answer: () => sasl(0x44, { type: 'ubyte', value: 0 }),
		wrong: () => ({
			'wrong credentials': sasl(0x44, { type: 'ubyte', value: 1 }),
			'a fault of the server': sasl(0x44, { type: 'ubyte', value: 2 }),
			'an unknown outcome': sasl(0x44, { type: 'ubyte', value: 77 }),
			'an outcome that is text': sasl(0x44, text(hostileText)),
			'challenges without end': Buffer.concat(
				Array.from({ length: 100 }, () => sasl(0x42, { type: 'binary', value: Buffer.from(hostileText) })),
			),
			'mechanisms again': mechanisms('ANONYMOUS'),
			'SASL again': Buffer.concat([sasl(0x44, { type: 'ubyte', value: 0 }), header(3)]),
			'no header': Buffer.concat([sasl(0x44, { type: 'ubyte', value: 0 }), open()]),
		}),
		...tooMuch,
	},
	{
		name: 'greeting',
		takes: takes(0x10),
		answer: () => Buffer.concat([header(0), open()]),
		wrong: () => ({
			...badFrames(Buffer.concat([header(0), open()])),
			'a refusal': Buffer.concat([header(0), open(), amqp(0x18, error('amqp:unauthorized-access'))]),
			'a refusal without a reason': Buffer.concat([header(0), open(), amqp(0x18)]),
			'close first': Buffer.concat([header(0), amqp(0x18, error(hostileText))]),
			'an open without fields': Buffer.concat([header(0), frame(0, 0, Buffer.from('00531045', 'hex')), amqp(0x18)]),
			'open twice': Buffer.concat([header(0), open(), open()]),
			'a login frame': Buffer.concat([header(0), sasl(0x44, { type: 'ubyte', value: 0 })]),
			'a session that was not requested': Buffer.concat([header(0), open(), begin(none)]),
			'a session on another channel': Buffer.concat([header(0), open(), begin(ushort(77))]),
			'a transfer at once': Buffer.concat([header(0), transfer(0, data('early'))]),
			'an error of strange types': Buffer.concat([header(0), open(), amqp(0x18, described(0x1d, list(uint(1), yes)))]),
		}),
		...tooMuch,
	},
	{
		name: 'attach',
		takes: takes(0x12),
		answer: (asked) => Buffer.concat([begin(), attach(asked)]),
		wrong: (asked) => ({
			'a refused link': Buffer.concat([
				begin(),
				amqp(0x12, text(nameIn(asked)), uint(0), no, none, none, none, none, none, none, uint(0)),
				amqp(0x16, uint(0), yes, error('amqp:not-found')),
			]),
			'a refused session': Buffer.concat([begin(), amqp(0x17, error('amqp:not-allowed'))]),
			'no copies': Buffer.concat([begin(), attach(asked, none)]),
			'a link that was not requested': Buffer.concat([begin(), attach(asked, none, 'own')]),
			'an attach twice': Buffer.concat([begin(), attach(asked), attach(asked)]),
			'an attach without a session': attach(asked),
			'a detach of an unknown link': Buffer.concat([begin(), amqp(0x16, uint(9))]),
			'a flow for an unknown link': Buffer.concat([
				begin(),
				attach(asked),
				amqp(0x13, uint(0), uint(10), uint(0), uint(10), uint(9), uint(0), uint(10)),
			]),
		}),
		...tooMuch,
	},
	{
		name: 'open',
		takes: takes(0x13),
		answer: () => transfer(0, data('hello')),
		wrong: () => ({
			...badFrames(transfer(0, data('hello'))),
			'a message that cannot be read': transfer(0, Buffer.from('ffffffff', 'hex')),
			'a message of two billion nulls': transfer(0, Buffer.concat([Buffer.from('005377', 'hex'), nulls])),
			'a message without a body': transfer(0, Buffer.alloc(0)),
			'an aborted message': Buffer.concat([
				transfer(0, data('a'), true),
				amqp(0x14, uint(0), none, none, none, none, no, none, none, none, yes),
			]),
			'a message too large in parts': Buffer.concat(
				Array.from({ length: 40 }, () => transfer(0, Buffer.alloc(60_000), true)),
			),
			'a delivery out of order': Buffer.concat([transfer(0, data('a')), transfer(7, data('b'))]),
			'a transfer on an unknown link': amqp(0x14, uint(9), uint(0), { type: 'binary', value: Buffer.of(1) }),
			'a delivery tag too long': transfer(0, data('a'), false, Buffer.alloc(200)),
			'four billion settled messages': amqp(0x15, no, uint(0), uint(0xffff_ffff), yes),
			'a disposition that ends before it begins': amqp(0x15, no, uint(9), uint(1), yes),
			'a forced detach': amqp(0x16, uint(0), yes, error('amqp:link:detach-forced')),
			'an ended session': amqp(0x17, error('amqp:internal-error')),
			'a forced close': amqp(0x18, error('amqp:connection:forced')),
			'one bad frame, then good ones': Buffer.concat([
				frame(0, 0, Buffer.of(1, 2, 3)),
				...Array.from({ length: 100 }, (_, at) => transfer(at, data('x'))),
			]),
		}),
		...tooMuch,
		floods,
	},
];

const parts = Buffer.alloc(1000);
const heartbeats = Buffer.concat(Array.from({ length: 1000 }, () => frame(0, 0, Buffer.alloc(0))));

/** What is allowed each, and is sent without end. */
const floods: Record<string, Endless> = {
	'heartbeats without end': { start: heartbeats, more: heartbeats },
	'flows without end': {
		start: Buffer.alloc(0),
		more: Buffer.concat(Array.from({ length: 1000 }, () => amqp(0x13, uint(0), uint(10), uint(0), uint(10)))),
	},
	'a message in parts without end': {
		start: transfer(0, parts, true),
		more: Buffer.concat(Array.from({ length: 100 }, () => transfer(0, parts, true))),
	},
};

export const amqp1Floods = Object.keys(floods);
