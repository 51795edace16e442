import assert from 'node:assert/strict';
import test from 'node:test';
import { createLensRefresh } from '../../../../src/host/message-files/language/lens-refresh';

function create(t: test.TestContext, visible: string[]) {
	t.mock.timers.enable({ apis: ['setTimeout'] });
	let events = 0;
	const refresh = createLensRefresh(
		() => visible,
		() => events++,
	);
	t.after(() => refresh.dispose());
	return { refresh, visible, events: () => events, pass: (ms: number) => t.mock.timers.tick(ms) };
}

test('an editor that requests the lenses gets one event', (t) => {
	const { refresh, events, pass } = create(t, ['a', 'b']);
	refresh.request();
	refresh.provided('a');
	refresh.provided('b');
	pass(60_000);
	assert.equal(events(), 1);
});

test('the event is repeated until the editor has requested all lenses', (t) => {
	const { refresh, events, pass } = create(t, ['a', 'b']);
	refresh.request();
	refresh.provided('a');
	pass(1000);
	pass(1000);
	assert.equal(events(), 3);
	refresh.provided('b');
	pass(60_000);
	assert.equal(events(), 3);
});

test('where lenses are never requested, the events end; the next change starts again', (t) => {
	const { refresh, events, pass } = create(t, ['a']);
	refresh.request();
	for (let second = 0; second < 60; second++) pass(1000);
	assert.equal(events(), 11);
	refresh.request();
	pass(1000);
	assert.equal(events(), 13);
});

test('the event is not repeated for a document that is no longer visible', (t) => {
	const { refresh, visible, events, pass } = create(t, ['a']);
	refresh.request();
	visible.pop();
	pass(60_000);
	assert.equal(events(), 1);
});
