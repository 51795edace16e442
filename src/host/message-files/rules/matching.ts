import { connectionOf, type RequestConnection } from '../../../files/run/connections/request-connection';
import type { MessageFile, Range, Request, Section } from '../../../files/syntax/ast';
import { optionsOf } from '../../../files/syntax/metadata';
import { isRule } from '../../../files/syntax/names';
import { type VerbWord, verbOf } from '../../../files/syntax/words';
import { ruleSteps } from '../../../files/values/steps';
import { keyOf } from '../parsed';
import type { RuleRun } from './rule-run';

export const rulesOf = (file: MessageFile): Section[] => file.sections.filter(isRule);

/** A rule without an end of its own, which is not a test. */
export function isEndlessRule(file: MessageFile, section: Section): boolean {
	if (!isRule(section)) return false;
	const { maxMessages, timeout } = optionsOf(file, section);
	return maxMessages === undefined && timeout === undefined;
}

/**
 * Everything in a file that a rule depends on: its own lines, the variables and the metadata of the file's first lines.
 * While it is the same, the running rule is what the file says.
 */
export function signatureOf(file: MessageFile, section: Section): string {
	const text = ({ start, end }: Range) => file.text.slice(start, end);
	const head = file.sections[0];
	const shared = file.sections.flatMap(({ variables }) => variables.map(text));
	const metadata = [...(head && head !== section ? head.metadata : []), ...section.metadata].map(text);
	return [...metadata, ...shared, section.request ? text(section.request) : ''].join('\n');
}

/**
 * The run of each rule of a file: by its title, otherwise by its text, for a rule whose title was changed. `runs`: those of
 * this file.
 */
export function matchRuns(file: MessageFile, runs: readonly RuleRun[]): Map<Section, RuleRun> {
	const found = new Map<Section, RuleRun>();
	if (runs.length === 0) return found;
	const left = new Set(runs);
	const sections = rulesOf(file);
	const take = (section: Section, fits: (run: RuleRun) => boolean) => {
		const run = found.has(section) ? undefined : [...left].find(fits);
		if (!run) return;
		found.set(section, run);
		left.delete(run);
	};
	for (const section of sections) take(section, ({ key }) => key === keyOf(file, section));
	for (const section of sections) take(section, ({ signature }) => signature === signatureOf(file, section));
	return found;
}

/** Whether the rule goes on with a text that is not the file's any more. */
export const isChanged = (file: MessageFile, section: Section, { signature }: RuleRun): boolean =>
	signature !== signatureOf(file, section);

/** The source of a rule and its steps, each with its connection. A reply goes to the source and is left out. */
export function usesOf(
	file: MessageFile,
	section: Section,
): { request: Request; word: VerbWord; connection: RequestConnection }[] {
	const steps = ruleSteps(section).filter(({ reply }) => !reply);
	return [section, ...steps.map((step) => step.section)].flatMap((one) => {
		const word = one.request && verbOf(one.request.verb.text);
		return one.request && word ? [{ request: one.request, word, connection: connectionOf(file, one) }] : [];
	});
}
