import { fail } from '../../base/failure';
import type { ProtocolDescription } from '../../protocols/description';

/** Changes of targets and a filter, as the user writes them. */
export interface TargetRules {
	/**
	 * A target that begins with the first text begins with the second one instead; one that a wildcard filter fits becomes the
	 * second one. The first pair that fits counts.
	 */
	map: readonly (readonly [from: string, to: string])[];
	/** A wildcard filter of the protocol, or the start of a target; undefined: all. */
	only?: string | undefined;
}

/** The target to which a message is sent again; undefined: it is left out. Throws `bad-field` if a filter is wrong. */
export function replayTargets(
	{ map, only = '' }: TargetRules,
	{ pattern }: Pick<ProtocolDescription, 'pattern'>,
): (target: string) => string | undefined {
	const filterOf = (text: string, field: string) => {
		if (!pattern?.isPattern(text)) return (target: string) => target.startsWith(text);
		try {
			return pattern.compile(text);
		} catch (error) {
			throw fail('bad-field', error instanceof Error ? error.message : String(error), { field });
		}
	};
	const wants = only === '' ? () => true : filterOf(only, 'only');
	const pairs = map.map(([from, to]) => {
		const rest = pattern?.isPattern(from) ? Number.POSITIVE_INFINITY : from.length;
		return { fits: filterOf(from, 'map'), to, rest };
	});
	return (target) => {
		if (!wants(target)) return undefined;
		const pair = pairs.find(({ fits }) => fits(target));
		return pair ? pair.to + target.slice(pair.rest) : target;
	};
}
