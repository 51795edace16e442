import type { LitElement } from 'lit';
import type { BrowseNode } from '../../../src/model/contracts/browse';
import type { Values } from '../../../src/model/profile/field';
import type { Subscription } from '../../../src/model/profile/profile';
import type { Action, ProtocolDescription } from '../../../src/protocols/description';
import { emit, emitFailure } from '../../base/emit';
import { icon } from '../../controls/icons';
import type { MenuItem } from '../../controls/menu';
import type { Session } from '../session';

/** What an action is done to, for `mw-act`. */
export interface ActOn {
	action: Action;
	node?: { id: string; name: string };
	messages?: number[];
}

/** What a compose form is filled with, for `mw-compose-to`. */
export interface ComposeTo {
	target: string;
	verb?: string;
	values?: Values;
}

/** One item for each way to receive that fits, with what it does to the peer; one alone where the protocol has no ways. */
export function subscribeItems(
	from: LitElement,
	{ subscription, words }: ProtocolDescription,
	wanted: Subscription,
	fitting?: readonly string[],
): MenuItem[] {
	if (!subscription) return [];
	const all = subscription.modes ?? [];
	const modes = all.filter(({ id }) =>
		wanted.mode === undefined ? (fitting?.includes(id) ?? true) : id === wanted.mode,
	);
	if (all.length === 0) return [{ label: words.subscribe, run: () => emit(from, 'mw-subscribe', wanted) }];
	return modes.map((mode) => ({
		label: mode.label,
		icon: icon(mode.icon),
		hint: mode.sideEffect,
		warning: mode.intrusive === true,
		run: () => emit(from, 'mw-subscribe', { ...wanted, mode: mode.id }),
	}));
}

export function actionItem(from: LitElement, on: ActOn, label = on.action.label): MenuItem {
	const { action } = on;
	return {
		label,
		...(action.icon ? { icon: icon(action.icon) } : {}),
		...(action.sideEffect ? { hint: action.sideEffect } : {}),
		run: () => emit(from, 'mw-act', on),
	};
}

/** Everything that can be done with something that the peer has. */
export function nodeMenu(from: LitElement, { describe, remote }: Session, node: BrowseNode): MenuItem[] {
	const { words, verbs, actions = [] } = describe;
	const { target, compose, name } = node;
	const items: MenuItem[] = [];
	if (node.subscription) items.push(...subscribeItems(from, describe, node.subscription, node.modes));
	if (compose || (target !== undefined && verbs.some((verb) => verb.target !== 'none')))
		items.push({
			label: `${words.send} here`,
			icon: icon('edit'),
			run: () => emit(from, 'mw-compose-to', { target: target ?? '', ...compose }),
		});
	if (target !== undefined)
		items.push({
			label: `Show only its ${words.messages}`,
			icon: icon('filter'),
			run: () => emit(from, 'mw-target-filter', { kind: 'below', value: target }),
		});
	items.push({
		label: 'Copy the name',
		icon: icon('copy'),
		run: () => remote.copy(target ?? name).catch((error) => emitFailure(from, error)),
	});
	for (const action of actions)
		if (action.on.nodes?.includes(node.kind)) items.push(actionItem(from, { action, node: { id: node.id, name } }));
	return items;
}

/** What can be done with messages of the log. Asks the engine which actions fit them. */
export async function messageMenu(
	from: LitElement,
	{ describe, remote }: Session,
	messages: number[],
): Promise<MenuItem[]> {
	const actions = (describe.actions ?? []).filter((action) => action.on.messages);
	if (actions.length === 0 || messages.length === 0) return [];
	const fitting = new Map(await remote.fitting(messages));
	return actions.flatMap((action) => {
		const fit = fitting.get(action.id) ?? [];
		if (fit.length === 0 || (action.on.messages === 'one' && messages.length > 1)) return [];
		const label = messages.length > 1 ? `${action.label} (${fit.length} of ${messages.length})` : action.label;
		return [actionItem(from, { action, messages: fit }, label)];
	});
}
