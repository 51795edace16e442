import assert from 'node:assert/strict';
import test from 'node:test';
import { createStore } from '../../../../src/engine/store/store';
import { flag } from '../../../../src/model/contracts/message';
import { defaultLimits } from '../../../../src/model/contracts/session';
import { mqtt } from '../../../../src/protocols/mqtt/describe/describe';

test('notes in the log are counted, so that they are not taken for messages', () => {
	const store = createStore(mqtt, { ...defaultLimits, logMessages: 1600 });
	const note = () => store.append('', Buffer.from('Connected'), flag.note);
	note();
	store.append('t', Buffer.from('1'), 0);
	store.append('t', Buffer.from('2'), flag.out);
	store.append('', Buffer.from('lost'), flag.note | flag.bad);
	assert.deepEqual([store.kept, store.notes], [4, 2]);
	const views = [{}, { text: 'Connected' }, { text: '1' }, { directions: ['note' as const] }];
	assert.deepEqual(
		views.map((filter) => store.reader.view('v', filter)).map(({ low, high, notes }) => [high - low, notes]),
		[
			[4, 2],
			[1, 1],
			[1, 0],
			[2, 2],
		],
	);
	for (let at = 0; at < 5000; at++) store.append('t', Buffer.from(`${at}`), 0);
	assert.equal(store.notes, 0, 'they were evicted');
	note();
	assert.equal(store.notes, 1);
	store.clear();
	assert.deepEqual([store.kept, store.notes], [0, 0]);
	note();
	assert.deepEqual([store.kept, store.notes], [1, 1]);
});
