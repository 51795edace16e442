import type { ConnectionSpec } from '../connection';
import { connectionKey } from './pool';

/** Asks once for each connection: resolving a profile costs more than all else that is done with a message. */
export function perConnection<T>(ask: (spec: ConnectionSpec) => T): (spec: ConnectionSpec) => T {
	const answers = new Map<string, T>();
	return (spec) => {
		const key = connectionKey(spec);
		if (!answers.has(key)) answers.set(key, ask(spec));
		return answers.get(key) as T;
	};
}
