import assert from 'node:assert/strict';
import test from 'node:test';
import type { Failure } from '../../../../src/base/failure';
import { createClient } from '../../../../src/protocols/coap/dtls/client';
import { plainRecord, readRecords } from '../../../../src/protocols/coap/dtls/records';
import { isSentence } from '../../../contract/suite/attempt';
import { fakeClock } from '../../../support/net/coap-clock';

function started() {
	const clock = fakeClock();
	const sent: Buffer[] = [];
	const ends: Failure[] = [];
	const messages: Buffer[] = [];
	const client = createClient({
		...{ clock, identity: Buffer.from('me'), key: Buffer.from('the key') },
		send: (datagram) => sent.push(datagram),
		opened: () => assert.fail('opened without proof of the key'),
		message: (bytes) => messages.push(bytes),
		ended: (failure) => ends.push(failure),
	});
	return { client, clock, sent, ends, messages };
}

/** A complete handshake message in a record. */
function said(type: number, seq: number, body: Buffer, number = seq): Buffer {
	const head = Buffer.from([type, 0, 0, body.length, 0, seq, 0, 0, 0, 0, 0, body.length]);
	return plainRecord(22, number, Buffer.concat([head, body]));
}

test('a hello without an answer is repeated with new record numbers, ever less often', () => {
	const { clock, sent, ends } = started();
	const times: number[] = [];
	for (let second = 0; second <= 70; second++, clock.pass(1000)) if (sent.length > times.length) times.push(second);
	assert.deepEqual(times, [0, 1, 3, 7, 15, 31, 63]);
	const records = sent.flatMap(readRecords);
	assert.deepEqual(
		records.map(({ number }) => number),
		[0, 1, 2, 3, 4, 5, 6],
	);
	assert.ok(records.every(({ body }) => body.equals(records[0]?.body ?? Buffer.alloc(0))));
	assert.deepEqual(ends, []);
});

test('a server that goes silent when it should prove the key is given up after 7 s', () => {
	const { client, clock, sent, ends } = started();
	client.receive(said(3, 0, Buffer.from('fefd0401020304', 'hex')));
	assert.ok(sent.at(-1)?.includes(Buffer.from('0401020304', 'hex')), 'the cookie is sent back');
	assert.ok(!client.greeted);
	client.receive(
		said(2, 1, Buffer.concat([Buffer.from('fefd', 'hex'), Buffer.alloc(32), Buffer.from('00c0a800', 'hex')])),
	);
	client.receive(said(14, 2, Buffer.alloc(0)));
	assert.ok(client.greeted);
	const flight = readRecords(sent.at(-1) ?? Buffer.alloc(0)).map(({ type, epoch, number }) => [type, epoch, number]);
	assert.deepEqual(flight, [
		[22, 0, 2],
		[20, 0, 3],
		[22, 1, 0],
	]);
	const before = sent.length;
	clock.pass(1000);
	const again = sent.slice(before).flatMap(readRecords);
	assert.deepEqual(
		again.map(({ type, epoch, number }) => [type, epoch, number]),
		[
			[22, 0, 4],
			[20, 0, 5],
			[22, 1, 1],
		],
	);
	clock.pass(5999);
	assert.equal(ends.length, 0);
	clock.pass(1);
	assert.deepEqual([ends[0]?.code, ends[0]?.final, clock.waiting], ['wrong-key', true, 0]);
	client.receive(plainRecord(21, 9, Buffer.of(2, 40)));
	assert.equal(ends.length, 1);
});

test('what the server says when it breaks off, in words', () => {
	const table: [number, code: string, final: boolean | undefined][] = [
		[115, 'unknown-identity', true],
		[20, 'wrong-key', true],
		[51, 'wrong-key', true],
		[40, 'no-common-cipher', true],
		[71, 'no-common-cipher', true],
		[70, 'dtls-version', true],
		[80, 'dtls-alert', undefined],
		[200, 'dtls-alert', undefined],
	];
	for (const [description, code, final] of table) {
		const { client, ends, clock } = started();
		client.receive(plainRecord(21, 0, Buffer.of(2, description)));
		assert.deepEqual([ends[0]?.code, ends[0]?.final, clock.waiting], [code, final, 0]);
		assert.ok(isSentence(ends[0]?.message ?? ''), ends[0]?.message);
	}
	const { client, ends } = started();
	client.receive(plainRecord(21, 0, Buffer.of(1, 100)));
	client.receive(plainRecord(21, 1, Buffer.of(2)));
	assert.deepEqual(ends, [], 'a warning, or none at all');
});

test('what is no answer to a hello has none, and nothing leaves before there is a session', () => {
	const { client, sent, ends, messages } = started();
	// The cookie claims to be longer than it is: memory behind it must not be sent back.
	client.receive(said(3, 0, Buffer.from('fefdff01020304', 'hex')));
	client.receive(plainRecord(20, 1, Buffer.of(1)));
	client.receive(plainRecord(23, 2, Buffer.from('early')));
	client.receive(said(20, 0, Buffer.alloc(12)));
	client.receive(said(14, 1, Buffer.alloc(0)));
	client.write(Buffer.from('early'));
	client.close();
	client.write(Buffer.from('late'));
	assert.deepEqual([sent.length, ends.length, messages.length], [1, 0, 0]);
});

test('a hello without the messages that belong before its end settles in words', () => {
	const { client, ends } = started();
	client.receive(said(14, 0, Buffer.alloc(0)));
	assert.equal(ends[0]?.code, 'dtls-broken');
});
