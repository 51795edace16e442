import { isRecord } from '../../base/check';
import { type RuleMember, type RuleProblem, readRule } from '../checks/rule';
import type { Field } from './field';
import type { ProtocolShape } from './fields';

type CheckField = Extract<Field, { type: 'text' }> & { key: RuleMember };

/** The members of an entry of `checks`, as the form and the settings show them; `checkProblems` judges their values. */
export const checkFields: readonly CheckField[] = [
	{
		...{ key: 'target', label: 'Target', type: 'text' },
		help: 'The messages to check: a target, or a filter of the protocol. Without it, all.',
	},
	{
		...{ key: 'nonce', label: 'Nonce', type: 'text', placeholder: 'e.g. nonce' },
		help: 'Field that is unique for each message. A message with a value that came before is a replay.',
	},
	{
		...{ key: 'timestamp', label: 'Timestamp', type: 'text', placeholder: 'e.g. sentAt' },
		help: 'Field with the time of sending: ISO 8601, or a number of seconds, milliseconds, microseconds or nanoseconds since 1970.',
	},
	{
		...{ key: 'window', label: 'Window', type: 'text', placeholder: '5m', suggest: ['30s', '1m', '5m', '1h'] },
		help: 'How far a timestamp may be from the time of arrival, and how long a nonce is remembered: 30s, 5m. 5 minutes for timestamps unless given.',
	},
	{
		...{ key: 'sequence', label: 'Sequence', type: 'text', placeholder: 'e.g. data.seq' },
		help: 'Field that counts up by one with each message, so that gaps, duplicates and reordering are found.',
	},
	{
		...{ key: 'id', label: 'Message id', type: 'text', placeholder: 'e.g. messageId', advanced: true },
		help: 'Field that is unique for each message. A second message with a value is a duplicate.',
	},
	{
		...{ key: 'by', label: 'Sender', type: 'text', placeholder: 'e.g. header Device', advanced: true },
		help: 'Field that names the sender, each with counters and nonces of its own. Without it, counters belong to a target.',
	},
];

/** Finds all problems of an entry of `checks`. Never throws, whatever the entry is. */
export function checkProblems(entry: unknown, { pattern, subscription }: ProtocolShape): RuleProblem[] {
	const read = readRule(entry);
	const problems = 'problems' in read ? read.problems : [];
	const { target } = isRecord(entry) ? entry : {};
	// A filter that is not valid would match nothing, and its check would find nothing without a sign of it.
	const wrong =
		pattern && typeof target === 'string' && !/\$\{/.test(target) && !pattern.isPattern(target)
			? subscription?.check(target)
			: undefined;
	return wrong === undefined ? problems : [...problems, { member: 'target', message: wrong }];
}
