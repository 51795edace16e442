import type { Mode, ProtocolDescription } from '../../protocols/description';
import { pickOne } from '../ui/prompt';

/**
 * Lets the user choose a way to receive, each with what it does to the peer; without a choice to make, nothing is asked.
 * Undefined: given up. `{}`: the protocol has one way only.
 */
export async function pickMode(
	{ subscription, words }: ProtocolDescription,
	fitting: readonly string[] | undefined,
	name: string,
): Promise<{ mode?: Mode } | undefined> {
	const modes = (subscription?.modes ?? []).filter(({ id }) => fitting?.includes(id) ?? true);
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
