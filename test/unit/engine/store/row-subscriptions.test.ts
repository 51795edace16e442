import assert from 'node:assert/strict';
import test from 'node:test';
import { createStore } from '../../../../src/engine/store/store';
import { defaultLimits } from '../../../../src/model/contracts/session';
import { mqtt } from '../../../../src/protocols/mqtt/describe/describe';

test('a row names the subscriptions that brought it, if the adapter does', () => {
	const store = createStore(mqtt, defaultLimits);
	store.append('a', Buffer.from('1'), 0, undefined, ['one', 'two']);
	store.append('a', Buffer.from('2'), 0);
	store.reader.view('log', {});
	assert.deepEqual(
		store.reader.page('log', 0, 10).rows.map(({ subscriptions }) => subscriptions),
		[['one', 'two'], undefined],
	);
});
