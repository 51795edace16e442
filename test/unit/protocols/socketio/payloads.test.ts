import assert from 'node:assert/strict';
import test from 'node:test';
import { encodeUnit, joinPackets, payloadReader } from '../../../../src/protocols/socketio/wire/payloads';
import { type Revision, revision3, revision4 } from '../../../../src/protocols/socketio/wire/revision';

/** Packets that a reader finds in a body that comes in pieces of `size` bytes; binary ones in hexadecimal. */
function read(revision: Revision, body: string | Buffer, size: number, limit = 1000): string[] {
	const found: string[] = [];
	const reader = payloadReader(revision, limit, {
		text: (bytes) => found.push(bytes.toString()),
		binary: (bytes) => found.push(`#${bytes.toString('hex')}`),
	});
	const bytes = Buffer.from(body);
	for (let at = 0; at < bytes.length; at += size) reader.push(bytes.subarray(at, at + size));
	reader.end();
	return found;
}

const good: [title: string, revision: Revision, body: string, packets: string[]][] = [
	['one packet', revision4, '42["a"]', ['42["a"]']],
	['several packets', revision4, '2\x1e42["ä😀"]\x1ebAQID\x1e6', ['2', '42["ä😀"]', '#010203', '6']],
	['nothing', revision4, '', []],
	['Base64 with padding', revision4, 'bAQ==\x1ebAQI=', ['#01', '#0102']],
	['an empty attachment', revision4, 'b\x1e42[1]', ['#', '42[1]']],
	['version 2: one packet', revision3, '7:42["a"]', ['42["a"]']],
	['version 2: characters of two units', revision3, '9:42["ä😀"]1:6', ['42["ä😀"]', '6']],
	['version 2: attachments', revision3, '6:b4AQID4:b4AQ1:3', ['#010203', '#01', '3']],
	['version 2: an empty payload', revision3, '0:', []],
];
for (const [title, revision, body, packets] of good)
	test(`payload: ${title}, cut at every size`, () => {
		for (let size = 1; size <= body.length * 2 + 1; size++)
			assert.deepEqual(read(revision, body, size), packets, `${size}`);
	});

const bad: [title: string, revision: Revision, body: string | Buffer, message: RegExp][] = [
	['an empty packet', revision4, '2\x1e\x1e2', /empty packet/],
	['text that is no UTF-8', revision4, Buffer.from('42c328', 'hex'), /not valid UTF-8/],
	['a packet above the limit', revision4, 'x'.repeat(1001), /1,000 are accepted/],
	['an attachment above the limit', revision4, `b${'A'.repeat(1336)}`, /1,000 are accepted/],
	['version 2: no length', revision3, '42["a"]', /without the lengths/],
	['version 2: a length without end', revision3, '99999999999:a', /without the lengths/],
	['version 2: a negative length', revision3, '-1:a', /without the lengths/],
	['version 2: less than announced', revision3, '9:42["a"]', /middle of a packet/],
	['version 2: half a length', revision3, '1:61', /middle of a packet/],
	['version 2: half a character', revision3, '1:😀', /cut a character/],
	['version 2: a packet above the limit', revision3, `1001:${'x'.repeat(1001)}`, /1,000 are accepted/],
];
for (const [title, revision, body, message] of bad)
	test(`payload: refuses ${title}`, () => {
		for (const size of [1, 3, 10_000]) assert.throws(() => read(revision, body, size), { message });
	});

test('payload: an attachment at the limit is accepted', () => {
	const bytes = Buffer.alloc(1000, 1);
	assert.deepEqual(read(revision4, `b${bytes.toString('base64')}`, 7), [`#${bytes.toString('hex')}`]);
});

for (const revision of [revision3, revision4] as const)
	test(`payload: what revision ${revision} writes is read again`, () => {
		const unit = {
			text: Buffer.from('451-["é😀",{"_placeholder":true,"num":0}]'),
			attachments: [Buffer.of(1, 2, 255)],
		};
		const body = joinPackets([...encodeUnit({ text: '2' }, revision), ...encodeUnit(unit, revision)], revision);
		assert.deepEqual(read(revision, body, 5), ['2', unit.text.toString(), '#0102ff']);
	});
