import assert from 'node:assert/strict';
import test from 'node:test';
import type * as picking from '../../../../src/host/actions/pick-target';
import { loadHost } from '../../../support/host/load-host';

interface Item {
	choice: { target: string };
}

/** A list of the editor, whose items are replaced a moment after the text has changed. */
function createPick() {
	const on: Record<string, () => void> = {};
	const event = (name: string) => (listener: () => void) => {
		on[name] = listener;
	};
	const pick = {
		...{ title: '', placeholder: '', value: '', items: [] as Item[], selectedItems: [] as Item[] },
		...{ show() {}, hide() {}, dispose() {} },
		...{ onDidChangeValue: event('value'), onDidAccept: event('accept'), onDidHide: event('hide') },
	};
	return {
		pick,
		type(text: string) {
			pick.value = text;
			on.value?.();
		},
		accept(item: Item | undefined) {
			pick.selectedItems = item ? [item] : [];
			on.accept?.();
		},
	};
}

test('Enter takes what is typed when it comes before the items of the last characters', async () => {
	const cases: [
		what: string,
		typed: string,
		selected: (shown: Item[], before: Item[]) => Item | undefined,
		target: string,
	][] = [
		['no item is shown yet', 'orders', () => undefined, 'orders'],
		['an item of the empty text', 'orders', (_, before) => before[0], 'orders'],
		['the item of the typed text', 'orders', (shown) => shown[0], 'orders'],
		['a recent target that contains the text', 'pay', (shown) => shown[1], 'payments'],
	];
	for (const [what, typed, selected, target] of cases) {
		const list = createPick();
		const { askTarget } = await loadHost<typeof picking>('src/host/actions/pick-target.ts', {
			window: { createQuickPick: () => list.pick },
		});
		const services = {
			context: { workspaceState: { get: () => ['payments'], update: async () => {} } },
			sessions: { get: () => undefined },
		} as never;
		const asked = askTarget(services, 'a', { title: 'Topic', placeholder: '', check: () => undefined });
		const before = list.pick.items;
		list.type(typed);
		list.accept(selected(list.pick.items, before));
		assert.equal(await asked, target, what);
	}
});
