import type { BrowseNode } from '../../src/model/contracts/browse';
import type { Subscription } from '../../src/model/profile/profile';
import type { Mode } from '../../src/protocols/description';
import { isOffered, type MenuEntry, nodeEntries } from '../../src/protocols/menus';
import { icon } from '../controls/icons';
import type { MenuItem } from '../controls/menu';
import { pinItem } from './pins/pin-item';
import type { PanelStore } from './store';
import type { ActOn } from './views';

/** Starts receiving in a mode, after its form where that decides what is read. */
function receive(store: PanelStore, subscription: Subscription, mode: Mode): void {
	const wanted = { ...subscription, mode: mode.id };
	if (mode.form) store.receive(wanted, mode);
	else store.subscribe(wanted);
}

/**
 * One item for each mode of receiving; a single item where the protocol has no modes. `allowed` limits the modes;
 * undefined allows all.
 */
export function subscribeItems(store: PanelStore, subscription: Subscription, allowed?: readonly string[]): MenuItem[] {
	const node = { subscription, ...(allowed ? { modes: [...allowed] } : {}) };
	return nodeEntries(store.describe).flatMap((entry) =>
		entry.kind === 'receive' ? receiveItems(store, node, entry) : [],
	);
}

type Receiving = Pick<BrowseNode, 'subscription' | 'modes'>;

function receiveItems(
	store: PanelStore,
	{ subscription, modes }: Receiving,
	entry: Extract<MenuEntry, { kind: 'receive' }>,
): MenuItem[] {
	if (!subscription) return [];
	const { mode } = entry;
	const isAllowed =
		mode === undefined ||
		(subscription.mode === undefined ? (modes?.includes(mode.id) ?? true) : mode.id === subscription.mode);
	if (!isAllowed) return [];
	const hint = mode?.sideEffect ?? store.describe.subscription?.sideEffect;
	return [
		{
			...base(entry),
			...(hint ? { hint } : {}),
			...(mode?.intrusive ? { warning: true } : {}),
			run: () => (mode ? receive(store, subscription, mode) : store.subscribe(subscription)),
		},
	];
}

const base = ({ label, icon: name, group }: MenuEntry): Omit<MenuItem, 'run'> => ({
	...{ label, group },
	...(name ? { icon: icon(name) } : {}),
});

export function actionItem(store: PanelStore, on: ActOn, label = on.action.label): MenuItem {
	const { action } = on;
	return {
		...{ label, group: action.group ?? 'change' },
		...(action.icon ? { icon: icon(action.icon) } : {}),
		...(action.sideEffect ? { hint: action.sideEffect } : {}),
		run: () => store.act(on),
	};
}

/** The menu of a node of the browse tree: those entries of the protocol that apply to it. */
export function nodeMenu(store: PanelStore, node: BrowseNode): MenuItem[] {
	return nodeEntries(store.describe).flatMap((entry) => nodeItems(store, node, entry));
}

function nodeItems(store: PanelStore, node: BrowseNode, entry: MenuEntry): MenuItem[] {
	const { target, compose, name, id } = node;
	const item = (run: MenuItem['run']) => [{ ...base(entry), run }];
	switch (entry.kind) {
		case 'action': {
			const { action } = entry;
			const isFitting = action.on.nodes?.includes(node.kind) && isOffered(action, store.status.states);
			return isFitting ? [actionItem(store, { action, node: { id, name } })] : [];
		}
		case 'receive':
			return receiveItems(store, node, entry);
		case 'compose': {
			const canSend = compose || (target !== undefined && store.describe.verbs.some((verb) => verb.target !== 'none'));
			return canSend ? item(() => store.compose.to({ target: target ?? '', ...compose })) : [];
		}
		case 'show':
			return target === undefined ? [] : item(() => store.filterTarget({ kind: 'below', value: target }));
		case 'copy':
			if (target === undefined && node.expandable) return [];
			return [
				...item(() => store.run(store.remote.copy(target ?? name))),
				...pinItem(store, target).map((pin) => ({ ...pin, group: entry.group })),
			];
	}
}

/** The protocol's actions on messages of the log. The engine decides which messages each action applies to. */
export async function messageMenu(store: PanelStore, messages: number[]): Promise<MenuItem[]> {
	const actions = (store.describe.actions ?? []).filter((action) => action.on.messages);
	if (actions.length === 0 || messages.length === 0) return [];
	const fitting = new Map(await store.remote.fitting(messages));
	return actions.flatMap((action) => {
		const fit = fitting.get(action.id) ?? [];
		if (fit.length === 0 || (action.on.messages === 'one' && messages.length > 1)) return [];
		const label = messages.length > 1 ? `${action.label} (${fit.length} of ${messages.length})` : action.label;
		return [actionItem(store, { action, messages: fit }, label)];
	});
}
