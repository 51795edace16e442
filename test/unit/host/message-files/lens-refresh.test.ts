import assert from 'node:assert/strict';
import test from 'node:test';
import { createInsistence } from '../../../../src/host/message-files/language/lens-refresh';

function make(t: test.TestContext, visible: string[]) {
	t.mock.timers.enable({ apis: ['setTimeout'] });
	let told = 0;
	const insistence = createInsistence(
		() => visible,
		() => told++,
	);
	t.after(() => insistence.dispose());
	return { insistence, visible, told: () => told, pass: (ms: number) => t.mock.timers.tick(ms) };
}

test('an editor that asks is told once', (t) => {
	const { insistence, told, pass } = make(t, ['a', 'b']);
	insistence.want();
	insistence.got('a');
	insistence.got('b');
	pass(60_000);
	assert.equal(told(), 1);
});

test('an editor that forgets to ask is told again until it does', (t) => {
	const { insistence, told, pass } = make(t, ['a', 'b']);
	insistence.want();
	insistence.got('a');
	pass(1000);
	pass(1000);
	assert.equal(told(), 3);
	insistence.got('b');
	pass(60_000);
	assert.equal(told(), 3);
});

test('where nobody ever asks, it ends; a new change begins anew', (t) => {
	const { insistence, told, pass } = make(t, ['a']);
	insistence.want();
	for (let second = 0; second < 60; second++) pass(1000);
	assert.equal(told(), 11);
	insistence.want();
	pass(1000);
	assert.equal(told(), 13);
});

test('what is not visible any more is not asked for', (t) => {
	const { insistence, visible, told, pass } = make(t, ['a']);
	insistence.want();
	visible.pop();
	pass(60_000);
	assert.equal(told(), 1);
});
