import type { ProtocolDescription } from '../../protocols/description';
import { messageDecides, noAddress, notAStep } from '../failures';
import { descriptionOf } from '../run/connections/request-connection';
import { hasVariable, literalOf, type MessageFile, type Request, type Section } from '../syntax/ast';
import { whatsOfRule } from '../syntax/expectation/parse';
import { answerName, messageName, referenceOf } from '../syntax/names';
import { isReply, isStepVerb, type VerbWord, verbOf } from '../syntax/words';
import { messagePlaces } from '../values/message-places';
import { type RuleStep, ruleSteps } from '../values/steps';
import type { CheckContext, Report } from './context';

/** What a condition of a rule can look at: the message alone. */
const ofOneMessage = new Set(whatsOfRule.map(([, kind]) => kind));

/** Reports what a rule cannot have, beside the problems of each of its requests. `checkStep`: reports those of a step. */
export function checkRule(
	file: MessageFile,
	section: Section,
	request: Request,
	context: CheckContext,
	report: Report,
	checkStep: (step: RuleStep['section'], word: VerbWord) => void,
): void {
	const steps = ruleSteps(section);
	const { assertions, verb } = request;
	if (steps.length === 0 && assertions.length === 0) {
		const message = 'This rule does nothing. Write a step, such as "=== PUBLISH target", or an expectation.';
		report({ code: 'empty-rule', message }, verb, { severity: 'warning' });
	}
	for (const { expectation, ...range } of assertions) {
		if (!expectation) continue;
		const { what } = expectation;
		const isPossible = ofOneMessage.has(what.kind) && (!('index' in what) || what.index === 0);
		if (isPossible) continue;
		const message = 'A rule judges each message alone, so only its topic, headers, body and code can be checked.';
		report({ code: 'not-a-condition', message }, range);
	}
	for (const { what, range } of messagePlaces(file, section)) report(messageDecides(what), range);
	const source = descriptionOf(file, section, context.describe);
	if (source) checkLevels(file, request, source, report);
	let hasAnswer = false;
	checkAnswers(file, request, hasAnswer, report);
	for (const { section: step } of steps) {
		checkAnswers(file, step.request, hasAnswer, report);
		hasAnswer = checkOne(step, source, report, checkStep);
	}
}

/** Checks a step. Returns whether it has an answer. */
function checkOne(
	step: RuleStep['section'],
	source: ProtocolDescription | undefined,
	report: Report,
	checkStep: (step: RuleStep['section'], word: VerbWord) => void,
): boolean {
	const { request } = step;
	if (isReply(request)) {
		const mayAnswer = !source || source.files?.answer || !source.subscription;
		if (!mayAnswer) report(noAddress(source.words.message), request.verb);
		return false;
	}
	const word = verbOf(request.verb.text);
	if (word && !isStepVerb(word)) report(notAStep(word.name), request.verb);
	else if (word) checkStep(step, word);
	return word?.action === 'request';
}

/** Reports uses of an answer where the step before has none. */
function checkAnswers(file: MessageFile, request: Request, hasAnswer: boolean, report: Report): void {
	if (hasAnswer) return;
	for (const placeholder of file.placeholders) {
		if (placeholder.start < request.start || placeholder.start >= request.end) continue;
		const inStep = request.steps.some(({ request: step }) => step && placeholder.start >= step.start);
		if (inStep || referenceOf(placeholder.content.text.trim())?.request !== answerName) continue;
		const message =
			'There is no answer here: only a step that waits for one, such as REQUEST or GET, has it for the next.';
		report({ code: 'no-answer', message }, placeholder);
	}
}

/** Reports levels that no target of the source has. */
function checkLevels(
	file: MessageFile,
	request: Request,
	{ separator, pattern }: ProtocolDescription,
	report: Report,
): void {
	const { target } = request;
	if (hasVariable(target) || separator === undefined) return;
	const written = literalOf(target);
	const count = written.split(separator).length;
	try {
		// A pattern for any depth also fits one level more.
		if (pattern?.isPattern(written) && pattern.compile(written)(`${written}${separator}x`)) return;
	} catch {
		return;
	}
	for (const placeholder of file.placeholders) {
		if (placeholder.start < request.start || placeholder.start >= request.end) continue;
		const reference = referenceOf(placeholder.content.text.trim());
		if (reference?.request !== messageName || reference.part !== 'level' || Number(reference.path) < count) continue;
		const message = `"${written}" has the levels 0 to ${count - 1}.`;
		report({ code: 'no-level', message }, placeholder);
	}
}
