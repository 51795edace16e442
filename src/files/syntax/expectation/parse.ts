import { parsePath } from '../../../model/json/path';
import { oneEditAway } from '../../../model/text/nearest';
import type { Assertion, Operator, Range, What } from '../ast';
import { skipBlank, skipWord } from '../lines';
import type { ParseContext } from '../parse-context';
import { readQuoted } from '../quoted';
import { readPattern } from './pattern';
import { readStream } from './stream';

export const binaryOperators: readonly Operator[] = [
	'==',
	'!=',
	'<=',
	'<',
	'>=',
	'>',
	'contains',
	'startsWith',
	'endsWith',
	'matches',
];
export const unaryOperators: readonly Operator[] = ['exists', 'isTrue', 'isFalse'];
const operators = new Map<string, Operator>([...binaryOperators, ...unaryOperators].map((name) => [name, name]));
// The name of the operator in httpYac.
operators.set('includes', 'contains');

/** The left-hand sides of an expectation, for completion. */
export const whats: readonly [text: string, kind: What['kind']][] = [
	['messages length', 'length'],
	['message[0] topic', 'topic'],
	['message[0] header ', 'header'],
	['message[0] body', 'body'],
	['body', 'body'],
	['code', 'code'],
	['reason', 'reason'],
	['duration', 'duration'],
	['no replays', 'stream'],
	['no duplicates', 'stream'],
	['no gaps by body seq', 'stream'],
	['no reordering by body seq', 'stream'],
];

/** Those of a rule, which judges each message alone. */
export const whatsOfRule: typeof whats = whats
	.filter(([, kind]) => ['topic', 'header', 'body', 'code', 'stream'].includes(kind))
	.map(([text, kind]) => [text.replace('[0]', ''), kind]);

export const whatHelp: Readonly<Record<What['kind'], string>> = {
	length: 'The number of received messages.',
	topic: 'The topic, or the target in another protocol, of a message.',
	header: 'An option or a header of a message.',
	body: 'The payload of a message, or the value at a path in it.',
	code: 'The code with which the peer ended or refused the connection or the subscription (4401, 320, 4.04); otherwise the code of the answer.',
	reason: 'The reason that the peer gave when it ended or refused the connection or the subscription.',
	stream:
		'All messages of the request together, by what the protocol and the checks of the connection say, or by a field of the messages: "by body seq" or "by header X-Seq".',
	duration: 'Milliseconds from sending until the answer, or until all expected messages had arrived.',
};

export function parseAssertion(context: ParseContext, start: number, end: number): Assertion {
	const { text } = context;
	const from = skipBlank(text, start + 2, end);
	const wrong = (message: string, range: Range, fix?: string): Assertion => {
		const fixes = fix === undefined ? undefined : [{ title: `Change to "${fix}"`, range, text: fix }];
		context.report('bad-assertion', range, `${message} It is never checked.`, fixes);
		return { start, end };
	};
	if (from === end || from === start + 2)
		return wrong('An expectation is written as "?? what operator value".', { start, end });
	if (skipWord(text, from, end) === from + 2 && text.startsWith('no', from)) {
		const stream = readStream(text, from, end);
		if ('problem' in stream) return wrong(stream.problem, stream.at, stream.fix);
		const value = context.token(end, end);
		return { start, end, expectation: { what: stream, whatText: text.slice(from, end), operator: 'none', value } };
	}
	const found = readWhat(text, from, end);
	if ('problem' in found) return wrong(found.problem, found.at ?? { start: from, end });
	const whatText = text.slice(from, found.end);
	const at = skipBlank(text, found.end, end);
	const after = skipWord(text, at, end);
	const word = text.slice(at, after);
	const operator = operators.get(word);
	if (!operator && word === '') {
		// "body exist" is read as a path without an operator.
		const last = { start: found.last, end };
		const meant = oneEditAway(text.slice(found.last, end), operators.keys());
		return meant
			? wrong(`"${text.slice(found.last, end)}" is not an operator.`, last, meant)
			: wrong(`"${whatText}" needs an operator, such as == or exists.`, { start: from, end });
	}
	const place = { start: at, end: after };
	if (!operator) return wrong(`"${word}" is not an operator.`, place, oneEditAway(word, operators.keys()));
	const valueStart = skipBlank(text, after, end);
	const takesValue = !unaryOperators.includes(operator);
	if (takesValue && valueStart === end) return wrong(`"${word}" needs a value.`, place);
	if (!takesValue && valueStart < end) return wrong(`"${word}" takes no value.`, { start: valueStart, end });
	const value = context.token(valueStart, end);
	if (operator === 'matches' && !value.text.includes('{{')) {
		const pattern = readPattern(value.text);
		if ('problem' in pattern) return wrong(pattern.problem, value);
	}
	return { start, end, expectation: { what: found.what, whatText, operator, value } };
}

/** `last` is the start of the last word. */
type Found = { what: What; end: number; last: number } | { problem: string; at?: Range };

function readWhat(text: string, start: number, end: number): Found {
	const stop = skipWord(text, start, end);
	const name = text.slice(start, stop);
	const place = { start, end: stop };
	switch (name) {
		case 'body':
			return readBody(text, start, stop, end, 0);
		case 'code':
		case 'reason':
		case 'duration':
			return { what: { kind: name }, end: stop, last: start };
		case 'messages': {
			const at = skipBlank(text, stop, end);
			const after = skipWord(text, at, end);
			if (text.slice(at, after) === 'length') return { what: { kind: 'length' }, end: after, last: at };
			return { problem: 'Only the length of messages can be checked: "messages length".', at: place };
		}
	}
	// In a rule there is only one message.
	const index = name === 'message' ? '0' : /^message\[(\d{1,9})\]$/.exec(name)?.[1];
	if (index === undefined) {
		const known =
			'messages length, message[0] topic, message[0] header X, message[0] body, body, code, reason, duration or no replays';
		return { problem: `"${name}" cannot be checked. Use ${known}.`, at: place };
	}
	return (
		readPart(text, stop, end, Number(index)) ?? {
			problem: 'Only the topic, a header or the body of a message can be checked.',
			at: place,
		}
	);
}

/** Reads the part behind "message[n]". */
function readPart(text: string, from: number, end: number, index: number): Found | undefined {
	const start = skipBlank(text, from, end);
	const stop = skipWord(text, start, end);
	const part = text.slice(start, stop);
	if (part === 'topic') return { what: { kind: 'topic', index }, end: stop, last: start };
	if (part === 'body') return readBody(text, start, stop, end, index);
	if (part !== 'header') return undefined;
	const at = skipBlank(text, stop, end);
	const after = skipWord(text, at, end);
	if (at === end) return { problem: 'The name of the header is missing.', at: { start, end: stop } };
	const quoted = readQuoted(text, at, end);
	if (quoted) return { what: { kind: 'header', index, name: quoted.literal }, end: quoted.end, last: at };
	return { what: { kind: 'header', index, name: text.slice(at, after) }, end: after, last: at };
}

/** Reads "body" and the path behind it, if there is one. */
function readBody(text: string, start: number, stop: number, end: number, index: number): Found {
	const at = skipBlank(text, stop, end);
	const after = skipPath(text, at, end);
	const path = text.slice(at, after);
	if (path === '' || operators.has(path)) return { what: { kind: 'body', index, path: '' }, end: stop, last: start };
	if (!parsePath(path))
		return { problem: `"${path}" is neither a path nor an operator.`, at: { start: at, end: after } };
	return { what: { kind: 'body', index, path }, end: after, last: at };
}

/** Like `skipWord`, but spaces within brackets and quotes belong to the path. */
function skipPath(text: string, at: number, end: number): number {
	const stop = skipWord(text, at, end);
	const bracket = text.indexOf('[', at);
	const quote = bracket !== -1 && bracket < stop ? text.charAt(bracket + 1) : '';
	if (quote !== '"' && quote !== "'") return stop;
	const close = text.indexOf(`${quote}]`, bracket + 2);
	return close !== -1 && close < end ? Math.max(stop, skipWord(text, close + 2, end)) : stop;
}
