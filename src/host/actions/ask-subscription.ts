import type { Subscription } from '../../model/profile/profile';
import type { Mode, ProtocolDescription } from '../../protocols/description';
import { modeOf } from '../connections/confirm';
import type { Services } from '../services';
import type { Node } from '../sidebar/nodes';
import { pickOne } from '../ui/prompt';
import { askFields } from './ask-fields';
import { askTarget } from './pick-target';

/**
 * Asks for the parts of a subscription that neither the node nor the `chosen` mode determines. Undefined if the user
 * cancelled.
 */
export async function askSubscription(
	services: Services,
	id: string,
	description: ProtocolDescription,
	node: Node | undefined,
	name: string,
	chosen?: Mode,
): Promise<Subscription | undefined> {
	const { words, subscription } = description;
	if (!subscription) return undefined;
	const fromNode = node?.kind === 'node' ? node.node.subscription : undefined;
	const picked = chosen
		? { mode: chosen }
		: fromNode?.mode === undefined
			? await pickMode(description, node?.kind === 'node' ? node.node.modes : undefined, fromNode?.target ?? name)
			: { mode: modeOf(description, fromNode.mode) };
	if (!picked) return undefined;
	const { mode } = picked;
	const target =
		fromNode?.target ??
		targetOf(description, node) ??
		(await askTarget(services, id, {
			title: `${mode?.label ?? words.subscribe}: ${name}`,
			placeholder: mode?.placeholder ?? subscription.placeholder,
			suggest: subscription.suggest.filter((one) => one.mode === undefined || one.mode === mode?.id),
			check: (text) => subscription.check(text, mode?.id),
		}));
	if (target === undefined) return undefined;
	// Only required fields are asked for. The form of the panel has all others.
	const required = [...subscription.fields, ...(mode?.fields ?? [])].filter(
		(field) => field.required && fromNode?.[field.key] === undefined,
	);
	const values = await askFields(required, `${mode?.label ?? words.subscribe}: ${target}`, mode?.sideEffect);
	return values && { ...fromNode, target, ...(mode ? { mode: mode.id } : {}), ...values };
}

/**
 * Lets the user choose between the modes of the protocol, each with its effect on the peer. A single mode is taken
 * without a question. `{}` if the protocol has no modes, undefined if the user cancelled.
 */
async function pickMode(
	{ subscription, words }: ProtocolDescription,
	allowed: readonly string[] | undefined,
	name: string,
): Promise<{ mode?: Mode } | undefined> {
	const modes = (subscription?.modes ?? []).filter(({ id }) => allowed?.includes(id) ?? true);
	const [only] = modes;
	if (!only) return {};
	if (modes.length === 1) return { mode: only };
	const items = modes.map((mode) => ({
		label: mode.label,
		icon: mode.icon,
		detail: mode.sideEffect,
		...(mode.intrusive ? { mark: { icon: 'warning', text: 'asks first' } } : {}),
		mode,
	}));
	return pickOne(items, { title: `${words.subscribe}: ${name}`, matchOnDetail: true });
}

/** A level of the topic tree stands for everything below it if the protocol has a pattern for that. */
function targetOf({ pattern }: ProtocolDescription, node: Node | undefined): string | undefined {
	if (node?.kind !== 'topic') return undefined;
	const { path, expandable } = node.row;
	return (expandable ? pattern?.below?.(path) : undefined) ?? path;
}
