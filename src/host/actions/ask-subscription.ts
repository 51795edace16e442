import type { Subscription } from '../../model/profile/profile';
import type { ProtocolDescription } from '../../protocols/description';
import { modeOf } from '../connections/confirm';
import type { Services } from '../services';
import type { Node } from '../sidebar/nodes';
import { askFields } from './ask-fields';
import { pickMode } from './pick-mode';
import { askTarget } from './pick-target';

/** What to subscribe to, asked for as far as the node does not say it. Undefined: given up. */
export async function askSubscription(
	services: Services,
	id: string,
	description: ProtocolDescription,
	node: Node | undefined,
	name: string,
): Promise<Subscription | undefined> {
	const { words, subscription } = description;
	if (!subscription) return undefined;
	const given = node?.kind === 'node' ? node.node.subscription : undefined;
	const picked =
		given?.mode === undefined
			? await pickMode(description, node?.kind === 'node' ? node.node.modes : undefined, given?.target ?? name)
			: { mode: modeOf(description, given.mode) };
	if (!picked) return undefined;
	const { mode } = picked;
	const target =
		given?.target ??
		targetOf(description, node) ??
		(await askTarget(services, id, {
			title: `${mode?.label ?? words.subscribe}: ${name}`,
			placeholder: mode?.placeholder ?? subscription.placeholder,
			suggest: subscription.suggest.filter((one) => one.mode === undefined || one.mode === mode?.id),
			check: (text) => subscription.check(text, mode?.id),
		}));
	if (target === undefined) return undefined;
	// Only what cannot be left as it is by default is asked for; the panel's form has the rest.
	const needed = [...subscription.fields, ...(mode?.fields ?? [])].filter(
		(field) => field.required && given?.[field.key] === undefined,
	);
	const values = await askFields(needed, `${mode?.label ?? words.subscribe}: ${target}`, mode?.sideEffect);
	return values && { ...given, target, ...(mode ? { mode: mode.id } : {}), ...values };
}

/** A level on the way stands for all below it, where the protocol can say so. */
function targetOf({ pattern }: ProtocolDescription, node: Node | undefined): string | undefined {
	if (node?.kind !== 'topic') return undefined;
	const { path, expandable } = node.row;
	return (expandable ? pattern?.below?.(path) : undefined) ?? path;
}
