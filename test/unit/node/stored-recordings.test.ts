import assert from 'node:assert/strict';
import { existsSync, readFileSync, statSync } from 'node:fs';
import test from 'node:test';
import { wrongValue } from '../../../src/model/profile/fields';
import { createStoredRecordings, keepingVerb, readingMode } from '../../../src/node/stored-recordings';
import type { ProtocolDescription } from '../../../src/protocols/description';
import { describe, descriptions } from '../../../src/protocols/descriptions';

const head = (connection: string, version = 1) =>
	JSON.stringify({ recording: version, protocol: 'mqtt', connection, url: '', started: '2026-11-29T13:00:00Z' });
const bytes = (text: string) => Buffer.from(text);

test('the recordings of a target follow one another, those of two targets do not mix', () => {
	const stored = createStoredRecordings();
	const add = (target: string, ...lines: string[]) => {
		for (const line of lines) stored.add(target, bytes(line));
	};
	add('a', head('first'), '{"at":0,"payload":"1"}');
	add('b', head('other'));
	add('a', '{"at":1,"payload":"2"}\n', head('second'));
	add('b', '{"at":0,"payload":"3"}');
	const found = stored.finish();
	assert.deepEqual(
		found.map(({ head: one, lines }) => [one?.connection, lines]),
		[
			['first', 2],
			['other', 1],
			['second', 0],
		],
	);
	const [first] = found;
	assert.ok(first);
	assert.equal(readFileSync(first.path, 'utf8'), `${head('first')}\n{"at":0,"payload":"1"}\n{"at":1,"payload":"2"}\n`);
	assert.equal(statSync(first.path).mode & 0o777, 0o600);
	stored.remove();
	assert.ok(!existsSync(first.path));
});

test('a recording whose beginning is gone is kept, and what is no line is counted', () => {
	const stored = createStoredRecordings();
	for (const line of ['{"at":5,"payload":"1"}', 'hello', '', '{"at":\n1}', '{"order":1}']) stored.add('a', bytes(line));
	const [only, ...others] = stored.finish();
	assert.deepEqual([only?.head, only?.lines, others.length, stored.foreign], [undefined, 1, 0, 4]);
	stored.remove();
});

test('a recording of a later version is left out, and named where there is no other', () => {
	const stored = createStoredRecordings();
	const lines = [head('x', 9), '{"at":0,"payload":"1"}', head('readable'), '{"at":0,"payload":"2"}'];
	for (const line of lines) stored.add('a', bytes(line));
	assert.deepEqual(
		stored.finish().map((one) => [one.head?.connection, one.lines]),
		[['readable', 1]],
	);
	assert.equal(stored.foreign, 2);
	stored.remove();
	const later = createStoredRecordings();
	for (const line of lines.slice(0, 2)) later.add('a', bytes(line));
	assert.throws(() => later.finish(), /version 9/);
	later.remove();
});

test('the values with which a protocol keeps and reads everything are valid for its fields', () => {
	let count = 0;
	for (const { verbs, subscription } of descriptions) {
		const modes = subscription?.modes ?? [];
		for (const [fields, values] of [
			...verbs.map(({ fields, keeps }) => [fields, keeps] as const),
			...modes.map(({ fields = [], readsAll }) => [[...(subscription?.fields ?? []), ...fields], readsAll] as const),
		])
			for (const [key, value] of Object.entries(values ?? {})) {
				const field = fields.find((one) => one.key === key);
				assert.ok(field, key);
				assert.equal(wrongValue(field, value), undefined, key);
				count++;
			}
	}
	assert.ok(count > 3);
});

test('a protocol that keeps nothing says so', () => {
	const mqtt = describe('mqtt') as ProtocolDescription;
	assert.throws(() => keepingVerb(mqtt), /MQTT keeps no messages in order/);
	assert.throws(() => readingMode(mqtt), /MQTT keeps no messages that could be read/);
});
