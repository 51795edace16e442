import type { Received } from '../run/connection';
import { partOf } from '../run/references';
import { isOfRule, messageName } from '../syntax/names';
import type { Scope } from '../values/variables';

/** The values for one message, and for the answer of the step before. */
export type ScopeFor = (message?: Received, answer?: Received) => Scope;

/** `separator`: of the levels of the message's target. */
export function createScopes(
	{ file, environment, around, hidden, result }: Omit<Scope, 'result' | 'payload'> & Partial<Pick<Scope, 'result'>>,
	separator: string | undefined,
): ScopeFor {
	return (message, answer) => {
		const named = (name: string) => (name === messageName ? message : answer);
		return {
			...{ file, environment, around, hidden },
			result: (name, part, path) =>
				isOfRule(name) ? partOf(named(name), part, path, separator) : result?.(name, part, path),
			payload: (name) => (isOfRule(name) ? named(name)?.payload : undefined),
		};
	};
}
