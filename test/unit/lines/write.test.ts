import assert from 'node:assert/strict';
import test from 'node:test';
import { createLineReader } from '../../../src/lines/read';
import { csvHead, toCsvRecord, toLine } from '../../../src/lines/write';
import { flag } from '../../../src/model/contracts/message';
import type { ProtocolDescription } from '../../../src/protocols/description';
import { describe } from '../../../src/protocols/descriptions';

const mqtt = describe('mqtt') as ProtocolDescription;
const time = Date.UTC(2026, 10, 28, 18, 32, 57, 277);

test('a line says the direction of a sent message, who wrote it and when', () => {
	const room: ProtocolDescription = { ...mqtt, authorship: () => ({ sender: 'alice', written: time - 1000 }) };
	const message = { target: 'barn', payload: Buffer.from('hay'), flags: flag.out };
	assert.deepEqual(JSON.parse(toLine(room, message, time)), {
		time: '2026-11-28T18:32:57.277Z',
		direction: 'out',
		target: 'barn',
		sender: 'alice',
		written: '2026-11-28T18:32:56.277Z',
		payload: 'hay',
		qos: 0,
		retain: false,
	});
	assert.ok(!('direction' in JSON.parse(toLine(mqtt, { ...message, flags: 0 }, time))));
	const [verb] = mqtt.verbs;
	assert.ok(verb);
	const again = createLineReader(verb)(Buffer.from(toLine(room, message, time)));
	assert.deepEqual([again?.target, Buffer.from(again?.payload ?? '').toString()], ['barn', 'hay']);
});

test('a record of CSV keeps every payload in one cell', () => {
	assert.equal(csvHead.trimEnd().split(',').length, 8);
	const cases: [payload: string | Uint8Array, cell: string][] = [
		['plain', 'text,plain'],
		['a,b', 'text,"a,b"'],
		['say "x"\nbye', 'text,"say ""x""\nbye"'],
		['', 'text,'],
		[Uint8Array.of(0xff, 0), 'base64,/wA='],
		// Numbers stay, formulas become text.
		['-12.5', 'text,-12.5'],
		['+3e-7', 'text,+3e-7'],
		['=1+2', "text,'=1+2"],
		['-1+cmd', "text,'-1+cmd"],
		['@SUM(A1)', "text,'@SUM(A1)"],
	];
	for (const [payload, cell] of cases) {
		const message = { target: 'a/b', payload: Buffer.from(payload as string), flags: 0 };
		const properties = '"{""qos"":0,""retain"":false}"';
		assert.equal(toCsvRecord(mqtt, message, time), `2026-11-28T18:32:57.277Z,in,a/b,,,${cell},${properties}\r\n`);
	}
});
