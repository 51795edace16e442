import { fromBase64, fromHex } from '../../model/contracts/payload';
import { oneEditAway } from '../../model/text/edit-distance';
import { nearest } from '../../model/text/nearest';
import type { ProtocolDescription } from '../../protocols/description';
import { connectionOf, descriptionOf } from '../run/request-connection';
import {
	type Diagnostic,
	type Header,
	hasVariable,
	literalOf,
	type MessageFile,
	mayBeOption,
	type Request,
	type Section,
} from '../syntax/ast';
import { bodyFormatOf } from '../syntax/metadata';
import { verbNames, verbOf } from '../syntax/words';
import { fieldValue, findReserved, plain, reservedFor, valueSuggestions } from '../values/headers';
import { headerOf, ownHeadersField, receivingMode, sendingVerb } from '../values/sending-verb';
import type { CheckContext, Report } from './context';
import { checkMetadata } from './metadata';
import { checkVariables } from './variables';

/** What is wrong with the meaning of a file, together with what is wrong with its form, in the order of the text. */
export function check(file: MessageFile, context: CheckContext): Diagnostic[] {
	const diagnostics: Diagnostic[] = [...file.diagnostics];
	const report: Report = (code, { start, end }, message, { fixes, severity = 'error' } = {}) =>
		diagnostics.push({ code, severity, start, end, message, ...(fixes && fixes.length > 0 && { fixes }) });
	checkMetadata(file, context.connections, report);
	checkVariables(file, context, report);
	for (const section of context.sections ?? file.sections) {
		if (section.request) checkRequest(file, section, section.request, context, report);
	}
	return diagnostics.sort((a, b) => a.start - b.start || a.end - b.end);
}

function checkRequest(
	file: MessageFile,
	section: Section,
	request: Request,
	context: CheckContext,
	report: Report,
): void {
	const { verb, target } = request;
	const word = verbOf(verb.text);
	if (!word) {
		if (/^[a-z][a-z0-9+.-]*:\/\//i.test(verb.text)) {
			const isHttp = /^https?:/i.test(verb.text);
			const missing = 'A verb is missing in front of the URL, such as PUBLISH with the URL in a header "Host".';
			report(isHttp ? 'http' : 'unknown-verb', verb, isHttp ? 'Message files do not speak HTTP.' : missing);
			return;
		}
		const meant = oneEditAway(verb.text, verbNames) ?? nearest(verb.text, verbNames);
		report(
			'unknown-verb',
			verb,
			`"${verb.text}" is not a verb: PUBLISH, SUBSCRIBE, REQUEST, WEBSOCKET and others are.`,
			{
				fixes: meant ? [{ title: `Change to ${meant}`, range: verb, text: meant }] : [],
			},
		);
		return;
	}
	if (/^https?:\/\//i.test(literalOf(target)) && word.protocols?.includes('coap')) {
		report('http', target, 'Message files do not speak HTTP.');
		return;
	}
	const description = descriptionOf(file, section, context.describe);
	checkHeaders(request, description, report);
	checkBody(file, section, request, report);
	if (description) checkTarget(file, section, request, description, report);
	if (/[ \t]$/.test(target.text))
		report(
			'trailing-space',
			{ start: target.end - 1, end: target.end },
			'The target ends with a space, which belongs to it.',
			{
				severity: 'warning',
				fixes: [
					{
						title: 'Remove it',
						range: { start: target.start + target.text.trimEnd().length, end: target.end },
						text: '',
					},
				],
			},
		);
	const looks = request.assertions.find(
		({ expectation }) => expectation && !['duration', 'length', 'code', 'reason'].includes(expectation.what.kind),
	);
	if (word.action === 'send' && looks)
		report(
			'nothing-received',
			looks,
			`${word.name} receives nothing, so this cannot hold. REQUEST waits for a reply.`,
			{
				severity: 'warning',
			},
		);
}

function checkTarget(
	file: MessageFile,
	section: Section,
	request: Request,
	description: ProtocolDescription,
	report: Report,
): void {
	const { verb, target, headers } = request;
	const word = verbOf(verb.text);
	if (!word) return;
	if (word.action === 'mqtt') {
		const named = headers.some((header) => ['topic', 'publish', 'subscribe'].includes(header.name.text.toLowerCase()));
		if (!named) report('no-topic', verb, 'No header says what to do: publish, subscribe or topic.');
		return;
	}
	if (word.action === 'conversation' || word.action === 'amqp') return;
	if (hasVariable(target)) return;
	const connection = connectionOf(file, section);
	const wanted = connection.kind === 'url' ? connection.target : literalOf(target);
	const sending = sendingVerb(word, verb.text, description, { target: wanted, given: headerOf(request, 'verb') });
	const receives = word.action === 'receive';
	const { subscription } = description;
	const unasked = subscription?.unasked !== undefined && headerOf(request, 'mode') === undefined;
	const required = receives ? subscription !== undefined && !unasked : sending?.target === 'required';
	if (wanted === '') {
		if (required) report('bad-target', verb, `The ${description.words.target} is missing.`);
		return;
	}
	if (!receives && sending?.target === 'none') return;
	const mode = receivingMode(verb.text, description, wanted, headerOf(request, 'mode'))?.id;
	const wrong = receives ? description.subscription?.check(wanted, mode) : sending?.checkTarget(wanted);
	if (wrong) report('bad-target', target, wrong);
}

function checkHeaders(request: Request, description: ProtocolDescription | undefined, report: Report): void {
	const word = verbOf(request.verb.text);
	if (!description || !word) return;
	const options = { target: literalOf(request.target), given: headerOf(request, 'verb') };
	const sending = sendingVerb(word, request.verb.text, description, options);
	const reserved = reservedFor(request.verb.text, description, sending?.id);
	const mode = receivingMode(request.verb.text, description, options.target, headerOf(request, 'mode'));
	const seen = new Map<string, Header>();
	for (const header of request.headers) {
		const { name, value } = header;
		if (hasVariable(name)) continue;
		const found = mayBeOption(header) ? findReserved(name.text, reserved) : undefined;
		if (!found) {
			const names = reserved.flatMap((one) => [one.name, ...one.aliases]);
			const meant = oneEditAway(name.text, names) ?? oneEditAway(plain(name.text), names.map(plain));
			const spelled = names.find((one) => one === meant || plain(one) === meant);
			if (spelled && mayBeOption(header))
				report('misspelt-header', name, `"${name.text}" is sent as a header of its own. Did you mean "${spelled}"?`, {
					severity: 'warning',
					fixes: [{ title: `Change to ${spelled}`, range: name, text: spelled }],
				});
			else if (word.action === 'receive' && !ownHeadersField(description, mode))
				report('header-without-effect', name, `${word.name} cannot carry the header "${literalOf(name)}".`);
			continue;
		}
		if (found.sets.what !== 'topic' && !('field' in found.sets && found.sets.field.type === 'list')) {
			if (seen.has(found.name))
				report('duplicate-header', name, `${found.name} is given twice: the last one counts.`, { severity: 'warning' });
			seen.set(found.name, header);
		}
		if (!('field' in found.sets) || hasVariable(value)) continue;
		const { field } = found.sets;
		const converted = fieldValue(field, literalOf(value));
		if (!('problem' in converted)) continue;
		const range = value.end > value.start ? value : name;
		report('bad-value', range, converted.problem, {
			fixes:
				value.end > value.start
					? valueSuggestions(field).map(({ text }) => ({ title: `Change to ${text}`, range: value, text }))
					: [],
		});
	}
}

function checkBody(file: MessageFile, section: Section, request: Request, report: Report): void {
	const body = bodyFormatOf(file, section);
	for (const step of request.steps) {
		if (step.separator?.kind === 'next' && step.parts.length === 0)
			report('empty-step', step.separator, 'No message follows: nothing is sent here.', { severity: 'warning' });
		for (const part of body ? step.parts : []) {
			if (part.kind !== 'text') continue;
			const text = file.text.slice(part.start, part.end);
			if (text.includes('{{')) continue;
			const encoded = body === 'hex' ? fromHex(text) : fromBase64(text);
			if ('problem' in encoded) {
				const start = Math.min(part.start + encoded.at, part.end);
				report('bad-body', { start, end: Math.min(start + 1, part.end) }, encoded.problem);
			}
		}
	}
}
