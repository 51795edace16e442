import { fromBase64, fromHex } from '../../model/contracts/payload';
import { nearest, oneEditAway } from '../../model/text/nearest';
import type { ProtocolDescription } from '../../protocols/description';
import { httpUrl, missingTarget, noRequests, unknownVerb } from '../failures';
import { connectionOf, descriptionOf } from '../run/connections/request-connection';
import { type Diagnostic, hasVariable, literalOf, type MessageFile, type Request, type Section } from '../syntax/ast';
import { bodyFormatOf } from '../syntax/metadata';
import { type VerbWord, verbNames, verbOf } from '../syntax/words';
import { headerOf, receivingMode, sendingVerb } from '../values/sending-verb';
import { ruleSteps } from '../values/steps';
import { type CheckContext, change, type Report } from './context';
import { checkHeaders } from './headers';
import { checkMetadata } from './metadata';
import { checkRule } from './rules';
import { checkSimulation } from './simulation';
import { checkVariables } from './variables';

/** The problems of a file in the order of the text: those of its meaning, and those that the parser has found. */
export function check(file: MessageFile, context: CheckContext): Diagnostic[] {
	const diagnostics: Diagnostic[] = [...file.diagnostics];
	const report: Report = ({ code, message }, { start, end }, { fixes, severity = 'error' } = {}) =>
		diagnostics.push({ code, severity, start, end, message, ...(fixes && fixes.length > 0 && { fixes }) });
	checkMetadata(file, context.connections, report);
	checkVariables(file, context, report);
	for (const section of context.sections ?? file.sections) {
		const { request } = section;
		const word = request && verbOf(request.verb.text);
		if (!request) continue;
		if (!word) {
			checkVerb(request, report);
			continue;
		}
		checkRequest(file, section, { ...request, word }, context, report);
		if (!word.rule) continue;
		for (const { section: step, reply } of ruleSteps(section))
			if (!reply && !verbOf(step.request.verb.text)) checkVerb(step.request, report);
		checkRule(file, section, request, context, report, (step, verb) =>
			checkRequest(file, step, { ...step.request, word: verb }, context, report),
		);
	}
	return diagnostics.sort((a, b) => a.start - b.start || a.end - b.end);
}

function checkVerb({ verb }: Request, report: Report): void {
	if (/^https?:\/\//i.test(verb.text)) report(httpUrl, verb);
	else if (/^[a-z][a-z0-9+.-]*:\/\//i.test(verb.text)) {
		const message = 'The request has a URL but no verb. Write a verb such as PUBLISH, and the URL in a header "Host".';
		report({ code: 'unknown-verb', message }, verb);
	} else {
		const meant = oneEditAway(verb.text, verbNames) ?? nearest(verb.text, verbNames);
		report(unknownVerb(verb.text), verb, { fixes: change(verb, meant) });
	}
}

function checkRequest(
	file: MessageFile,
	section: Section,
	request: Request & { word: VerbWord },
	context: CheckContext,
	report: Report,
): void {
	const { target, word, assertions } = request;
	if (/^https?:\/\//i.test(literalOf(target)) && word.protocols && word.action === 'request') {
		report(httpUrl, target);
		return;
	}
	checkSimulation(file, section, word, report);
	const description = descriptionOf(file, section, context.describe);
	const reason = word.action === 'request' ? description?.files?.noRequests : undefined;
	if (reason !== undefined) report(noRequests(reason), request.verb);
	if (description) checkHeaders(request, word, description, report);
	checkBody(file, section, request, report);
	if (description) checkTarget(file, section, request, description, report);
	if (/[ \t]$/.test(target.text)) {
		const spaces = { start: target.start + target.text.trimEnd().length, end: target.end };
		report(
			{ code: 'trailing-space', message: 'The target ends with a space, which is sent as a part of it.' },
			{ start: target.end - 1, end: target.end },
			{ severity: 'warning', fixes: [{ title: 'Remove the space', range: spaces, text: '' }] },
		);
	}
	const ofSending = ['duration', 'length', 'code', 'reason'];
	const impossible = assertions.find(({ expectation }) => expectation && !ofSending.includes(expectation.what.kind));
	if (word.action === 'send' && impossible) {
		const message = `${word.name} receives no message, so this expectation fails. Use REQUEST to wait for a reply.`;
		report({ code: 'nothing-received', message }, impossible, { severity: 'warning' });
	}
}

function checkTarget(
	file: MessageFile,
	section: Section,
	request: Request & { word: VerbWord },
	description: ProtocolDescription,
	report: Report,
): void {
	const { verb, word, target, headers } = request;
	const missing = word.form?.missing?.(headers.map(({ name }) => name.text.toLowerCase()));
	if (missing) report({ code: 'no-topic', message: missing }, verb);
	if (word.url) return;
	if (hasVariable(target)) return;
	const connection = connectionOf(file, section);
	const wanted = connection.kind === 'url' ? connection.target : literalOf(target);
	const sending = sendingVerb(word, verb.text, description, { target: wanted, given: headerOf(request, 'verb') });
	const receives = word.action === 'receive';
	const { subscription } = description;
	const unasked = subscription?.unasked !== undefined && headerOf(request, 'mode') === undefined;
	const required = receives ? subscription !== undefined && !unasked : sending?.target === 'required';
	if (wanted === '') {
		if (required) report(missingTarget(description.words.target), verb);
		return;
	}
	if (!receives && sending?.target === 'none') return;
	const mode = receivingMode(verb.text, description, wanted, headerOf(request, 'mode'))?.id;
	const wrong = receives ? subscription?.check(wanted, mode) : sending?.checkTarget(wanted);
	if (wrong) report({ code: 'bad-target', message: wrong }, target);
}

function checkBody(file: MessageFile, section: Section, request: Request, report: Report): void {
	const body = bodyFormatOf(file, section);
	for (const step of request.steps) {
		if (step.separator?.kind === 'next' && step.parts.length === 0) {
			const message = 'No message follows, so nothing is sent here.';
			report({ code: 'empty-step', message }, step.separator, { severity: 'warning' });
		}
		for (const part of body ? step.parts : []) {
			if (part.kind !== 'text') continue;
			const text = file.text.slice(part.start, part.end);
			if (text.includes('{{')) continue;
			const encoded = body === 'hex' ? fromHex(text) : fromBase64(text);
			if (!('problem' in encoded)) continue;
			const start = Math.min(part.start + encoded.at, part.end);
			report({ code: 'bad-body', message: encoded.problem }, { start, end: Math.min(start + 1, part.end) });
		}
	}
}
