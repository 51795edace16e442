import type { Violation } from '../../../files/rules/rule';
import type { PlacedFailure } from '../../../files/syntax/ast';
import { createRedactor, type Redactor, redactFailure } from '../../../model/text/redact';
import type { Log } from '../../ui/log';

/** Masks secrets in what a rule reports. Each object is masked once. */
export interface Cleaner {
	clean(failure: PlacedFailure): PlacedFailure;
	cleanViolation(violation: Violation): Violation;
}

/** `hidden`: secret values of the rule, which may be added later. */
export function createCleaner(log: Pick<Log, 'clean'>, hidden: ReadonlySet<string>): Cleaner {
	const failures = new WeakMap<PlacedFailure, PlacedFailure>();
	const violations = new WeakMap<Violation, Violation>();
	let redactor: Redactor | undefined;
	let size = -1;

	function redact(text: string): string {
		if (!redactor || size !== hidden.size) redactor = createRedactor(hidden);
		size = hidden.size;
		return redactor(text);
	}

	return {
		clean(failure) {
			const cached = failures.get(failure);
			if (cached) return cached;
			const { range } = failure;
			const cleaned = { ...redactFailure(log.clean(failure), redact), ...(range && { range }) };
			failures.set(failure, cleaned);
			return cleaned;
		},
		cleanViolation(violation) {
			const cached = violations.get(violation);
			if (cached) return cached;
			const { text, expected, actual, reason, target } = violation;
			const cleaned = {
				...violation,
				...{ text: redact(text), expected: redact(expected), actual: redact(actual), target: redact(target) },
				...(reason !== undefined && { reason: redact(reason) }),
			};
			violations.set(violation, cleaned);
			return cleaned;
		},
	};
}
