import type { BrowseNode } from '../../src/model/contracts/browse';
import type { Subscription } from '../../src/model/profile/profile';
import { capital } from '../base/words';
import { icon } from '../controls/icons';
import type { MenuItem } from '../controls/menu';
import type { ActOn, PanelStore } from './store';

/**
 * One item for each mode of receiving, with its effect on the peer; a single item where the protocol has no modes.
 * `allowed` limits the modes; undefined allows all.
 */
export function subscribeItems(store: PanelStore, subscription: Subscription, allowed?: readonly string[]): MenuItem[] {
	const { subscription: described, words } = store.describe;
	if (!described) return [];
	const all = described.modes ?? [];
	if (all.length === 0) return [{ label: words.subscribe, run: () => store.subscribe(subscription) }];
	const modes = all.filter(({ id }) =>
		subscription.mode === undefined ? (allowed?.includes(id) ?? true) : id === subscription.mode,
	);
	return modes.map((mode) => ({
		label: mode.label,
		icon: icon(mode.icon),
		hint: mode.sideEffect,
		warning: mode.intrusive === true,
		run: () => store.subscribe({ ...subscription, mode: mode.id }),
	}));
}

export function actionItem(store: PanelStore, on: ActOn, label = on.action.label): MenuItem {
	const { action } = on;
	return {
		label,
		...(action.icon ? { icon: icon(action.icon) } : {}),
		...(action.sideEffect ? { hint: action.sideEffect } : {}),
		run: () => store.act(on),
	};
}

/** The menu of a node of the browse tree. */
export function nodeMenu(store: PanelStore, node: BrowseNode): MenuItem[] {
	const { words, verbs, actions = [] } = store.describe;
	const { target, compose, name } = node;
	const items: MenuItem[] = [];
	if (node.subscription) items.push(...subscribeItems(store, node.subscription, node.modes));
	if (compose || (target !== undefined && verbs.some((verb) => verb.target !== 'none')))
		items.push({
			label: `${words.send} Here`,
			icon: icon('send'),
			run: () => store.composeTo({ target: target ?? '', ...compose }),
		});
	if (target !== undefined)
		items.push({
			label: `Show Only Its ${capital(words.messages)}`,
			icon: icon('filter'),
			run: () => store.filterTarget({ kind: 'below', value: target }),
		});
	items.push({ label: 'Copy Name', icon: icon('copy'), run: () => store.run(store.remote.copy(target ?? name)) });
	for (const action of actions)
		if (action.on.nodes?.includes(node.kind)) items.push(actionItem(store, { action, node: { id: node.id, name } }));
	return items;
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
