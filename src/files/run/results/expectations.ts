import type { PeerEnd } from '../../../base/failure';
import { toBase64 } from '../../../model/contracts/payload';
import { compareDecimals, isDecimal } from '../../../model/json/decimal';
import { followPath, parsePath } from '../../../model/json/path';
import { type Json, parseJson, sameJson, textOf } from '../../../model/json/value';
import { shortened } from '../../../model/text/text';
import type { Expectation, Operator, What } from '../../syntax/ast';
import { type Pattern, readPattern } from '../../syntax/expectation/pattern';
import type { Received } from '../connection';
import { jsonBody } from '../json-body';
import { judgeStream, type StreamSource } from './stream-judge';

/** Whether the pattern matches anywhere in the text; `timeout`: the matcher stopped it at its time limit. */
export type Match = (pattern: Pattern, text: string) => boolean | 'timeout';

/** The facts about a run that expectations are compared with. */
export interface Outcome {
	messages: readonly Received[];
	/** Milliseconds. */
	ms: number;
	/** How the peer ended the connection or the subscription, or refused it. */
	end?: PeerEnd;
	/** The connection on which the messages came; undefined: there was none. */
	connection?: StreamSource;
}

export interface Verdict {
	passed: boolean;
	/** The texts to compare. */
	expected: string;
	actual: string;
	/** Why it failed, where the texts do not show it. */
	reason?: string;
}

/**
 * The value that an expectation refers to. `value`: its text as received, decoded if it is a string within a body. `json`:
 * the typed value; false for text without a type, such as a header. `inside`: it is a part of a body.
 */
type Actual = { found: false; reason: string } | { found: true; value: string; json: Json | false; inside?: true };
type Found = Extract<Actual, { found: true }>;

/** Compares an expectation with the outcome. `value`: its value with variables replaced. Never throws. */
export function judge(expectation: Expectation, value: string, outcome: Outcome, match: Match): Verdict {
	const { operator, whatText, what } = expectation;
	if (what.kind === 'stream') return { expected: operator, ...judgeStream(what, outcome) };
	const expected = value === '' ? operator : `${operator} ${value}`;
	const actual = find(what, outcome);
	if (!actual.found) {
		return { passed: false, expected, actual: 'nothing', reason: actual.reason };
	}
	const { json } = actual;
	// Quoted, so that the string "12" cannot be taken for the number 12.
	const shown = inWords(json && json.kind === 'string' ? quoted(json.text) : actual.value);
	const verdict = operator === 'none' || compare(operator, actual, value, match);
	if (verdict === true) return { passed: true, expected, actual: shown };
	return { passed: false, expected, actual: shown, reason: verdict === false ? undefined : `${whatText} ${verdict}` };
}

function find(what: Exclude<What, { kind: 'stream' }>, { messages, ms, end }: Outcome): Actual {
	if (what.kind === 'reason' || (what.kind === 'code' && end?.code !== undefined)) {
		const value = end?.[what.kind];
		if (value !== undefined) return { found: true, value, json: false };
		return { found: false, reason: end ? 'No reason was given.' : 'The connection has not ended.' };
	}
	if (what.kind === 'length') return counted(messages.length);
	if (what.kind === 'duration') return counted(Math.round(ms * 10) / 10);
	const index = what.kind === 'code' ? 0 : what.index;
	const message = messages[index];
	if (!message) {
		const came = messages.length === 0 ? 'none came' : `${messages.length} came`;
		return { found: false, reason: index === 0 ? 'There is no message.' : `There is no message[${index}]: ${came}.` };
	}
	switch (what.kind) {
		case 'code':
			if (message.code === undefined)
				return { found: false, reason: 'The message has no code, and the connection has not ended with one.' };
			return { found: true, value: message.code, json: false };
		case 'topic':
			return { found: true, value: message.target, json: false };
		case 'header': {
			const wanted = what.name.toLowerCase();
			const pair =
				message.headers.find(([name]) => name === what.name) ??
				message.headers.find(([name]) => name.toLowerCase() === wanted);
			if (!pair) return { found: false, reason: `The message has no header "${what.name}".` };
			return { found: true, value: pair[1], json: false };
		}
		case 'body':
			return bodyAt(message.payload, what.path);
	}
}

function counted(value: number): Actual {
	const source = String(value);
	return { found: true, value: source, json: { kind: 'number', source } };
}

function bodyAt(payload: Uint8Array, path: string): Actual {
	const { text, body } = jsonBody(payload);
	if (path === '') {
		const value = text ?? `base64:${toBase64(payload)}`;
		return { found: true, value, json: 'value' in body && body.value };
	}
	if ('problem' in body) return { found: false, reason: `The body cannot be read as JSON. ${body.problem}` };
	const json = followPath(body.value, parsePath(path) ?? []);
	if (json === undefined) return { found: false, reason: `The body has nothing at "${path}".` };
	return { found: true, value: textOf(json), json, inside: true };
}

/** The value of an expectation. */
interface Wanted {
	written: string;
	/** Undefined if it is not JSON and therefore text, such as `high` and `07`. */
	json: Json | undefined;
}

/** Returns whether the comparison holds, or as text why the values cannot be compared. */
function compare(operator: Exclude<Operator, 'none'>, actual: Found, written: string, match: Match): boolean | string {
	const { value, json } = actual;
	const parsed = parseJson(written);
	const wanted: Wanted = { written, json: 'value' in parsed ? parsed.value : undefined };
	const text = wanted.json?.kind === 'string' ? wanted.json.text : written;
	// A body that is a JSON string is compared as received, and decoded.
	const texts = json && json.kind === 'string' ? [value, json.text] : [value];
	switch (operator) {
		case 'exists':
			return true;
		case 'isTrue':
		case 'isFalse': {
			const word = operator === 'isTrue' ? 'true' : 'false';
			return json ? json.kind === 'word' && json.source === word : value === word;
		}
		case '==':
			return equal(actual, wanted);
		case '!=':
			return !equal(actual, wanted);
		case 'contains':
			if (json && json.kind === 'list' && json.items.some((item) => equalJson(item, wanted))) return true;
			// Compared as text, the list [12] would contain 1.
			return !(actual.inside && json && json.kind === 'list') && texts.some((one) => one.includes(text));
		case 'startsWith':
			return texts.some((one) => one.startsWith(text));
		case 'endsWith':
			return texts.some((one) => one.endsWith(text));
		case 'matches': {
			const pattern = readPattern(written);
			if ('problem' in pattern) return `cannot be matched: ${pattern.problem}`;
			const results = texts.map((one) => match(pattern, one));
			if (results.includes(true)) return true;
			return results.includes('timeout') && tooSlow;
		}
	}
	const left = (json ? textOf(json) : value).trim();
	if (!isDecimal(left))
		return `is ${json && json.kind === 'string' ? quoted(inWords(value)) : inWords(value)}, which is not a number.`;
	const order = compareDecimals(left, text.trim());
	if (order === undefined) return `cannot be compared to "${written}", which is not a number.`;
	if (operator === '<') return order < 0;
	if (operator === '<=') return order <= 0;
	return operator === '>' ? order > 0 : order >= 0;
}

function equal({ value, json }: Found, wanted: Wanted): boolean {
	return json ? equalJson(json, wanted) : equalText(value, wanted);
}

/** JSON keeps its types: the string "7" is not the number 7. A value that is not JSON is text, or a number such as `07`. */
function equalJson(actual: Json, { written, json }: Wanted): boolean {
	if (json) return sameJson(actual, json);
	if (actual.kind === 'string') return actual.text === written;
	return actual.kind === 'number' && compareDecimals(actual.source, written.trim()) === 0;
}

/** Text without a type is compared as text, then as a number if both are numbers and none is quoted. */
function equalText(actual: string, { written, json }: Wanted): boolean {
	if (actual === written) return true;
	if (json?.kind === 'string') return actual === json.text;
	return compareDecimals(actual.trim(), written.trim()) === 0;
}

const tooSlow =
	'cannot be matched: the pattern takes too long for this text. Avoid a repetition within a repetition, such as (a+)+.';

/** Longest value in a verdict, in UTF-16 units. */
const maxShown = 2000;

const quoted = (text: string) => `"${text}"`;

function inWords(text: string): string {
	return text.length > maxShown ? `${shortened(text, maxShown)} (${text.length} characters)` : text;
}
