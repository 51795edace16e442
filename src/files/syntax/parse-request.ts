import type { Request, Section, Step } from './ast';
import { parseAssertion } from './expectation/parse';
import { advance, skipBlank, skipWord, trimEnd } from './lines';
import { parseBody } from './parse-body';
import { added, type ParseContext, quotedToken } from './parse-context';
import { isComment, isScript, isSeparator, isStep, parseComment } from './parse-lines';
import { readQuoted } from './quoted';
import { isReply, verbOf, verbOfUrl } from './words';

const url = /([a-z][a-z0-9+.-]*):\/\//iy;

/** Parses a request, from its first line to the end of its section. */
export function parseRequest(context: ParseContext, section: Section, first: number): Request {
	const request = parseHead(context, section, first);
	if (verbOf(request.verb.text)?.rule) parseRule(context, section, request);
	else parseBody(context, section, request);
	return request;
}

/** Parses verb, target and headers. */
function parseHead(context: ParseContext, section: Section, first: number): Request {
	const { text, lines } = context;
	url.lastIndex = first;
	const bare = verbOfUrl(url.exec(text)?.[1] ?? '');
	const verbEnd = bare === undefined ? skipWord(text, first, lines.end) : first;
	const verb = bare === undefined ? context.token(first, verbEnd, true) : { start: first, end: first, text: bare };
	const from = skipBlank(text, verbEnd, lines.end);
	// Verbatim, with trailing spaces, but without the carriage return of the line end.
	const end = text.charCodeAt(lines.end - 1) === 13 ? lines.end - 1 : lines.end;
	const target = context.value(Math.min(from, end), Math.max(from, end));
	const request: Request = { start: first, end: target.end, verb, target, headers: [], steps: [], assertions: [] };
	advance(lines);
	parseHeaders(context, section, request);
	return request;
}

/** Parses the conditions and the steps of a rule. Each step is a request of its own, or a reply. */
function parseRule(context: ParseContext, section: Section, request: Request): void {
	const { text, lines } = context;
	while (lines.open && !isSeparator(text, lines.start)) {
		const { start, end } = lines;
		const first = skipBlank(text, start, end);
		if (isStep(text, start, end)) {
			const step = parseStep(context, section);
			request.steps = added(request.steps, step);
			request.end = Math.max(request.end, step.end);
			continue;
		}
		if (text.startsWith('??', first)) {
			const assertion = parseAssertion(context, first, trimEnd(text, first, end));
			request.assertions = added(request.assertions, assertion);
			request.end = assertion.end;
		} else if (first < end && isComment(text, first)) parseComment(context, section, first);
		else if (first < end) context.report('rule-body', { start: first, end: trimEnd(text, first, end) }, ruleBody);
		advance(lines);
	}
	if (request.steps.length === 0) request.steps = [{ start: request.end, end: request.end, parts: [] }];
}

const ruleBody = 'ON has no body. What it sends stands in a step, such as "=== PUBLISH target" or "=== reply".';

/** Parses a step of a rule, up to the next one. */
function parseStep(context: ParseContext, section: Section): Step {
	const { text, lines } = context;
	const { start } = lines;
	const from = skipBlank(text, start + 3, lines.end);
	const stop = trimEnd(text, from, lines.end);
	const range = { start, end: Math.max(stop, start + 3) };
	if (from >= stop) {
		context.report(
			'bad-step',
			range,
			'A step of a rule is "=== PUBLISH target", with any verb that sends, or "=== reply".',
		);
		advance(lines);
		return { ...range, separator: { kind: 'unknown', ...range }, parts: [] };
	}
	const request = parseHead(context, section, from);
	parseBody(context, section, request, true);
	const kind = isReply(request) ? 'reply' : 'request';
	if (kind === 'reply' && request.target.end > request.target.start)
		context.report('reply-target', request.target, 'A reply goes to the sender of the message, so it has no target.');
	return { start, end: Math.max(range.end, request.end), separator: { kind, ...range }, parts: [], request };
}

/** Parses headers up to the first blank line, which is consumed, or to a line that cannot be a header. */
function parseHeaders(context: ParseContext, section: Section, request: Request): void {
	const { text, lines } = context;
	for (; lines.open && !isSeparator(text, lines.start); advance(lines)) {
		const start = skipBlank(text, lines.start, lines.end);
		if (start === lines.end) {
			advance(lines);
			return;
		}
		if (text.startsWith('??', start) || isStep(text, lines.start, lines.end)) return;
		if (isComment(text, start)) {
			parseComment(context, section, start);
			continue;
		}
		if (isScript(text, start, lines.end)) return;
		const end = trimEnd(text, start, lines.end);
		request.end = end;
		const name = readQuoted(text, start, end);
		const colon = text.indexOf(':', name?.end ?? start);
		const named = name && colon !== -1 && skipBlank(text, name.end, end) === colon;
		if (!named && startsBody(text, start)) {
			context.report('missing-blank-line', { start, end }, 'The body starts after a blank line.', [
				{ title: 'Insert a blank line', range: { start: lines.start, end: lines.start }, text: '\n' },
			]);
			return;
		}
		if (colon === -1 || colon >= end || colon === start) {
			context.report(
				'bad-header',
				{ start, end },
				'A header is written as Name: value, and the body starts after a blank line.',
			);
			continue;
		}
		request.headers = added(request.headers, {
			start,
			end,
			name: named
				? quotedToken(context, start, name.end, name.literal)
				: context.token(start, trimEnd(text, start, colon)),
			value: context.value(Math.min(end, skipBlank(text, colon + 1, end)), end),
		});
	}
}

/** No name of a header starts like JSON, XML or a file. A quoted name is handled before: a colon follows it. */
function startsBody(text: string, start: number): boolean {
	const code = text.charCodeAt(start);
	if (code === 123) return text.charCodeAt(start + 1) !== 123;
	return code === 91 || code === 34 || code === 60;
}
