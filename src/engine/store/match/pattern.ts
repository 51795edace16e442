import { fail } from '../../../base/failure';
import type { ProtocolDescription } from '../../../protocols/description';

/** Compiles the protocol's wildcard filter to a test of targets. Throws `bad-filter`. */
export function compilePattern(description: ProtocolDescription, pattern: string): (target: string) => boolean {
	if (!description.pattern)
		throw fail('bad-filter', `${description.label} has no wildcards for ${description.words.targets}.`);
	try {
		return description.pattern.compile(pattern);
	} catch (error) {
		throw fail('bad-filter', error instanceof Error ? error.message : String(error));
	}
}
