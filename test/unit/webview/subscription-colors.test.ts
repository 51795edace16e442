import assert from 'node:assert/strict';
import test from 'node:test';
import type { SubscriptionState } from '../../../src/model/contracts/session';
import { mqtt } from '../../../src/protocols/mqtt/describe/describe';
import { SubscriptionColors } from '../../../webview/panel/header/subscription-colors';
import type { Saved } from '../../../webview/panel/saved';

const one = (id: string, state: SubscriptionState['state'] = 'active'): SubscriptionState => ({
	id,
	subscription: { target: id },
	state,
});

function state(...subscriptions: SubscriptionState[]) {
	let kept = 0;
	const store = {
		describe: mqtt,
		status: { subscriptions },
		saved: {} as Pick<Saved, 'colors'>,
		keep(change: Pick<Saved, 'colors'>) {
			kept++;
			Object.assign(store.saved, change);
		},
		set() {},
		get kept() {
			return kept;
		},
	};
	const colors = new SubscriptionColors(store as never);
	const names = () => {
		colors.assign();
		return store.status.subscriptions.map(({ id }) => `${id} ${colors.nameOf(id)}`);
	};
	return { store, colors, names };
}

test('each subscription keeps its color when others come and go', () => {
	const { store, names } = state(one('a'), one('b'));
	assert.deepEqual(names(), ['a blue', 'b orange']);
	store.status.subscriptions = [one('b')];
	assert.deepEqual(names(), ['b orange']);
	store.status.subscriptions = [one('b'), one('c'), one('d')];
	assert.deepEqual(names(), ['b orange', 'c blue', 'd green']);
	store.status.subscriptions = [one('a'), one('b')];
	assert.deepEqual(names(), ['a blue', 'b orange']);
});

test('more subscriptions than colors share them evenly, and nothing is saved without a change', () => {
	const { store, names } = state(...Array.from({ length: 12 }, (_, at) => one(`s${at}`)));
	const used = new Map<string, number>();
	for (const name of names()) used.set(name.split(' ')[1] ?? '', (used.get(name.split(' ')[1] ?? '') ?? 0) + 1);
	assert.deepEqual([...used.values()], [2, 2, 2, 2, 2, 2]);
	names();
	assert.equal(store.kept, 1);
});

test('a refused subscription takes no color, and a chosen color stays', () => {
	const { colors, names } = state(one('a'), one('x', 'refused'), one('b'));
	assert.deepEqual(names(), ['a blue', 'x none', 'b orange']);
	colors.choose('a', 'red');
	colors.choose('b', 'none');
	assert.deepEqual(names(), ['a red', 'x none', 'b none']);
});
