import { fail } from '../../base/failure';
import type { ProtocolDescription } from '../../protocols/description';

/** Changes of targets and a filter, as the user writes them. */
export interface TargetRules {
	/** A target that begins with the first text begins with the second one instead. The first pair that fits counts. */
	map: readonly (readonly [from: string, to: string])[];
	/** A wildcard filter of the protocol, or the start of a target; undefined: all. */
	only?: string | undefined;
}

/** The target to which a message is sent again; undefined: it is left out. Throws `bad-field` if the filter is wrong. */
export function replayTargets(
	{ map, only }: TargetRules,
	{ pattern }: Pick<ProtocolDescription, 'pattern'>,
): (target: string) => string | undefined {
	const wants = filterOf(only, pattern);
	return (target) => {
		if (!wants(target)) return undefined;
		const pair = map.find(([start]) => target.startsWith(start));
		return pair ? pair[1] + target.slice(pair[0].length) : target;
	};
}

function filterOf(only: string | undefined, pattern: ProtocolDescription['pattern']): (target: string) => boolean {
	if (only === undefined || only === '') return () => true;
	if (!pattern?.isPattern(only)) return (target) => target.startsWith(only);
	try {
		return pattern.compile(only);
	} catch (error) {
		throw fail('bad-field', error instanceof Error ? error.message : String(error), { field: 'only' });
	}
}
