import assert from 'node:assert/strict';
import test from 'node:test';
import { createLineReader } from '../../../src/lines/read';
import { headLine, readHead, readRecorded, recordedLine } from '../../../src/lines/recording';
import { toLine } from '../../../src/lines/write';
import type { Mark } from '../../../src/model/checks/mark';
import { flag } from '../../../src/model/contracts/message';
import type { ProtocolDescription } from '../../../src/protocols/description';
import { describe } from '../../../src/protocols/descriptions';

const started = Date.UTC(2026, 10, 29, 13, 0);
const time = started + 12.345;
const mqtt = describe('mqtt') as ProtocolDescription;
const bytes = (...values: number[]) => Buffer.from(values);

const messages = {
	text: { target: 'a/b', payload: Buffer.from('23.5'), flags: 0 },
	'no target, no payload': { target: '', payload: bytes(), flags: 0 },
	'bytes that are no text': { target: 'ä', payload: bytes(0xff, 0, 1), flags: 0x300 },
	'one byte that is no text': { target: 'ä', payload: bytes(0xff), flags: 0 },
	'sent, with flags': { target: 'a', payload: Buffer.from('"1"'), flags: flag.out | 0x100 },
	note: { target: '', payload: Buffer.from('Connected.'), flags: flag.note },
	failure: { target: '', payload: Buffer.from('Lost.'), flags: flag.note | flag.bad },
	'properties as bytes': {
		target: 'a',
		payload: Buffer.from('{"a": 1.0}'),
		flags: 0,
		meta: new Uint8Array([38, 0, 1, 97, 0, 1, 98]),
	},
	'properties as an object': {
		...{ target: 'a', payload: Buffer.from('x'), flags: 0 },
		meta: { from: 'x', list: [1, { bytes: new Uint8Array([1, 2]) }], sequence: 2n ** 63n, __proto__: null },
	},
};

for (const [name, message] of Object.entries(messages))
	test(`a recorded message is read as it was: ${name}`, () => {
		const line = recordedLine(mqtt, message, { time, started });
		assert.equal(line.indexOf('\n'), line.length - 1);
		const read = readRecorded(line.slice(0, -1), started);
		assert.deepEqual({ at: read.at, time: read.time }, { at: 12.345, time });
		assert.equal(read.target, message.target);
		assert.equal(read.flags, message.flags);
		assert.deepEqual(Buffer.from(read.payload), message.payload);
		assert.deepEqual(
			read.meta && (read.meta instanceof Uint8Array ? [...read.meta] : { ...read.meta }),
			'meta' in message ? (message.meta instanceof Uint8Array ? [...message.meta] : { ...message.meta }) : undefined,
		);
	});

test('a recorded line can be published, except notes and the head', () => {
	const read = createLineReader(mqtt.verbs[0] as NonNullable<(typeof mqtt.verbs)[0]>);
	const line = (message: (typeof messages)['text']) => Buffer.from(recordedLine(mqtt, message, { time, started }));
	assert.deepEqual(read(line(messages.text)), {
		target: 'a/b',
		payload: Buffer.from('23.5'),
		values: { qos: 0, retain: false },
	});
	assert.equal(read(line(messages.note)), undefined);
	assert.equal(read(line(messages.failure)), undefined);
	assert.equal(read(Buffer.from(headLine({ protocol: 'mqtt', connection: 'x', url: '', started }))), undefined);
});

test('marks are written, and read unless they are none; a line with marks can be published', () => {
	const marks: Mark[] = [{ kind: 'replayed', reason: 'Nonce seen 2 s ago: 1' }];
	const line = recordedLine(mqtt, { ...messages.text, marks }, { time, started });
	assert.deepEqual(readRecorded(line, started).marks, marks);
	const read = createLineReader(mqtt.verbs[0] as NonNullable<(typeof mqtt.verbs)[0]>);
	assert.equal(read(Buffer.from(line))?.target, 'a/b');
	const other = (value: unknown) => readRecorded(JSON.stringify({ at: 0, payload: 'x', marks: value }), started).marks;
	for (const value of ['x', {}, [null], [{ kind: 'evil', reason: '' }], [{ kind: 'gap', reason: 1 }], []])
		assert.equal(other(value), undefined, JSON.stringify(value));
	const long = { kind: 'gap', reason: 'x'.repeat(10_000) };
	assert.equal(other(new Array(50).fill(long))?.length, 10);
	assert.equal(other([long])?.[0]?.reason.length, 1000);
});

test('the output of listen is a recording without a head', () => {
	const line = toLine(mqtt, messages.text, time);
	assert.equal(readHead(line), undefined);
	const { at, time: read, target } = readRecorded(line, undefined);
	assert.deepEqual({ at, time: read, target }, { at: 0, time: Math.floor(time), target: 'a/b' });
});

test('a payload that is no text is the JSON that is written', () => {
	const line = '{"at": 0, "payload": {"big": 12345678901234567890, "a":  [1.0]}}';
	assert.equal(readRecorded(line, started).payload.toString(), '{"big": 12345678901234567890, "a":  [1.0]}');
});

test('a head is read as it was written, without credentials', () => {
	const line = headLine({
		protocol: 'kafka',
		connection: 'Farm "1"',
		url: 'kafka://user:secret@host:9092/?token=1',
		started,
	});
	assert.ok(!/secret|token/.test(line), line);
	const read = readHead(line);
	assert.deepEqual(read, { head: { protocol: 'kafka', connection: 'Farm "1"', url: 'kafka://•••', started } });
});

test('heads that cannot be used say why', () => {
	for (const [line, problem] of [
		['{"recording":2,"protocol":"mqtt","started":"2026-11-29T13:00:00Z"}', /version 2 of the format/],
		['{"recording":"x","protocol":"mqtt","started":"2026-11-29T13:00:00Z"}', /version x of the format/],
		['{"recording":1,"protocol":7,"started":"2026-11-29T13:00:00Z"}', /names no protocol/],
		['{"recording":1,"protocol":"mqtt","started":"yesterday"}', /no start/],
	] as const) {
		const read = readHead(line);
		assert.match(read && 'problem' in read ? read.problem : '', problem);
	}
});

test('lines that cannot be read say why', () => {
	for (const [line, problem] of [
		['{"at":1,"payload":"cu', /no JSON object/],
		['[]', /no JSON object/],
		['{"at":1}', /either "payload" or "base64"/],
		['{"at":1,"payload":"a","base64":"YQ=="}', /either/],
		['{"at":1,"base64":"Y*Q="}', /not Base64/],
		['{"at":1,"payload":"a","direction":"up"}', /"direction"/],
		['{"at":1,"payload":"a","target":[]}', /"target"/],
		['{"payload":"a"}', /no time/],
		['{"at":1e300,"payload":"a"}', /no time/],
		[
			`{"at":1,"payload":"a","log":{"meta":${'['.repeat(10_000)}${']'.repeat(10_000)}}}`,
			/properties have more than 100 levels/,
		],
		['{"at":1,"time":"soon","payload":"a"}', undefined],
	] as const) {
		if (problem) assert.throws(() => readRecorded(line, started), problem, line);
		else assert.equal(readRecorded(line, started).at, 1);
	}
});
