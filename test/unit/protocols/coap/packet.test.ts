import assert from 'node:assert/strict';
import test from 'node:test';
import { generate, parse } from 'coap-packet';
import { codeText } from '../../../../src/protocols/coap/describe/codes';
import { coapProperties } from '../../../../src/protocols/coap/describe/properties';
import { type Message, readMessage } from '../../../../src/protocols/coap/wire/message';
import { optionName, optionText } from '../../../../src/protocols/coap/wire/options';
import { writeMessage } from '../../../../src/protocols/coap/wire/packet';
import { parsed } from '../../../support/net/coap-messages';

/** Random numbers that are the same in every run. */
function chance(seed: number): (below: number) => number {
	let state = seed;
	return (below) => {
		state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
		return (state >>> 8) % below;
	};
}

function random(seed: number) {
	const next = chance(seed);
	const bytes = (count: number) => Uint8Array.from({ length: count }, () => next(256));
	const numbers = Array.from(
		{ length: next(6) },
		() => [1, 4, 11, 12, 13, 27, 60, 268, 269, 300, 65_535][next(11)] ?? 1,
	);
	return {
		type: next(4) as 0 | 1 | 2 | 3,
		code: [1, 2, 69, 132][next(4)] ?? 1,
		id: next(65_536),
		token: bytes(next(9)),
		options: numbers
			.sort((a, b) => a - b)
			.map((number) => ({ number, value: bytes([0, 1, 12, 13, 14, 300][next(6)] ?? 0) })),
		payload: bytes(next(3) * 20),
	};
}

const plain = (bytes: Uint8Array) => Buffer.from(bytes).toString('hex');

test('what is written is read again, and the codec reads the same', () => {
	for (let seed = 1; seed < 500; seed++) {
		const message = random(seed);
		const bytes = writeMessage(message);
		const read = parsed(bytes);
		const show = ({ type, code, id, token, options, payload }: Message) => ({
			...{ type, code, id },
			...{ token: plain(token), payload: plain(payload) },
			options: options.map(({ number, value }) => [number, plain(value)]),
		});
		assert.deepEqual(show(read), show(message));
		const kept = readMessage(read.head ?? new Uint8Array());
		assert.ok(!('fault' in kept));
		assert.deepEqual(show(kept), { ...show(message), payload: '' });
		const theirs = parse(Buffer.from(bytes));
		assert.deepEqual(
			[theirs.code, theirs.messageId, plain(theirs.token), plain(theirs.payload)],
			[codeText(message.code), message.id, plain(message.token), plain(message.payload)],
		);
		assert.deepEqual(
			theirs.options.map(({ value }) => plain(value)),
			read.options.map(({ value }) => plain(value)),
		);
	}
});

test('a message cut at every byte is read or named, and never read beyond its end', () => {
	for (let seed = 1; seed < 60; seed++) {
		const message = random(seed);
		const bytes = writeMessage(message);
		const ends = new Set<number>();
		let at = 4 + message.token.length;
		ends.add(at);
		for (const [index] of message.options.entries()) {
			at = writeMessage({ ...message, options: message.options.slice(0, index + 1), payload: new Uint8Array() }).length;
			ends.add(at);
		}
		for (let end = 0; end < bytes.length; end++) {
			const read = readMessage(bytes.subarray(0, end));
			// A cut is detected everywhere but where the message could end, and in the payload.
			const couldEnd = ends.has(end) || (message.payload.length > 0 && end > at + 1);
			assert.equal('fault' in read, !couldEnd, `seed ${seed}, ${end} of ${bytes.length} bytes`);
		}
	}
});

test('any bytes are read or named', () => {
	const next = chance(3);
	for (let round = 0; round < 20_000; round++) {
		const bytes = Buffer.from(Array.from({ length: next(40) }, () => next(256)));
		if (bytes.length > 0) bytes[0] = 0x40 | ((bytes[0] as number) & 0x3f);
		const read = readMessage(bytes);
		if ('fault' in read) assert.match(read.fault, /^[a-z].+[a-z0-9]$/);
		else {
			for (const one of read.options) assert.ok(optionName(one.number) && optionText(one) !== undefined);
			assert.ok(coapProperties(0, { options: read.options }).length > 0);
		}
	}
});

const faults: [bytes: number[], says: RegExp][] = [
	[[0x40, 1, 0], /shorter than a header/],
	[[0x80, 1, 0, 0], /version is 2/],
	[[0x49, 1, 0, 0, 1, 1, 1, 1, 1, 1, 1, 1, 1], /token length is reserved/],
	[[0x42, 1, 0, 0, 1], /ends in its token/],
	[[0x40, 0, 0, 0, 1], /empty message has content/],
	[[0x40, 0x20, 0, 0], /code 1\.00 is reserved/],
	[[0x40, 0xc0, 0, 0], /code 6\.00 is reserved/],
	[[0x40, 1, 0, 0, 0xff], /payload is announced/],
	[[0x40, 1, 0, 0, 0xf0], /option cannot be read/],
	[[0x40, 1, 0, 0, 0x0f], /option cannot be read/],
	[[0x40, 1, 0, 0, 0xd0], /option cannot be read/],
	[[0x40, 1, 0, 0, 0xe0, 1], /option cannot be read/],
	[[0x40, 1, 0, 0, 0xb4, 1, 2, 3], /ends in an option/],
	[[0x40, 1, 0, 0, 0xe0, 255, 255], /above 65,535/],
	[[0x40, 1, 0, 0, ...Array(201).fill(0)], /more than 200 options/],
];
for (const [bytes, says] of faults)
	test(`names what is wrong: ${says.source}`, () => {
		const read = readMessage(Buffer.from(bytes));
		assert.match('fault' in read ? read.fault : 'read', says);
	});

test('the codec alone takes a cut option for whole: the reason for our own reader', () => {
	const cut = generate({ code: 'GET', messageId: 1, options: [{ name: 'Uri-Path', value: Buffer.from('abcdef') }] });
	assert.equal(parse(cut.subarray(0, cut.length - 3)).options[0]?.value.toString(), 'abc');
});
