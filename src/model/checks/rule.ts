import { isRecord } from '../../base/check';
import { parseDuration } from '../text/duration';
import { type Field, parseField } from './field';

/** An entry of a profile's `checks`, as in the settings. Further members are kept and ignored. */
export interface CheckRule {
	/** The messages that it is about: a target, or a filter of the protocol; all if undefined. */
	target?: string;
	/** Fields of the message: a path in its JSON body, or "header NAME". */
	nonce?: string;
	timestamp?: string;
	sequence?: string;
	/** Unique for each message. */
	id?: string;
	/** How far a timestamp may be from the time of arrival, and how long a nonce is remembered: "30s". */
	window?: string;
	/** The field that tells senders apart, each with nonces and sequences of its own. */
	by?: string;
}

export const ruleMembers = ['target', 'nonce', 'timestamp', 'sequence', 'id', 'window', 'by'] as const;
export type RuleMember = (typeof ruleMembers)[number];

/** A rule that can be applied. */
export interface ReadRule {
	target?: string;
	nonce?: Field;
	timestamp?: Field;
	sequence?: Field;
	id?: Field;
	by?: Field;
	/** Milliseconds. */
	window?: number;
}

/** The window of timestamps where a rule names none, in milliseconds. */
export const defaultWindow = 5 * 60_000;

export interface RuleProblem {
	/** Undefined: the rule itself. */
	member?: RuleMember;
	/** One plain sentence, without the name of the member. */
	message: string;
}

/** Reads an entry of `checks`. Never throws, whatever it is. */
export function readRule(entry: unknown): { rule: ReadRule } | { problems: RuleProblem[] } {
	if (!isRecord(entry))
		return { problems: [{ message: 'A check is an object with a "nonce", "timestamp", "sequence" or "id".' }] };
	const problems: RuleProblem[] = [];
	const rule: ReadRule = {};
	for (const member of ruleMembers) {
		const value = entry[member];
		if (value === undefined) continue;
		if (typeof value !== 'string' || value === '') {
			problems.push({ member, message: 'A text is expected.' });
			continue;
		}
		if (member === 'target') rule.target = value;
		else if (member === 'window') {
			const duration = parseDuration(value);
			if ('problem' in duration) problems.push({ member, message: duration.problem });
			else if (duration.ms <= 0) problems.push({ member, message: 'A time longer than nothing is expected.' });
			else rule.window = duration.ms;
		} else {
			const field = parseField(value);
			if (field) rule[member] = field;
			else problems.push({ member, message: 'A path such as seq, data.seq or list[0], or "header NAME" is expected.' });
		}
	}
	if (problems.length === 0 && !rule.nonce && !rule.timestamp && !rule.sequence && !rule.id)
		problems.push({ message: 'Name the field of a nonce, a timestamp, a sequence or an id.' });
	return problems.length > 0 ? { problems } : { rule };
}
