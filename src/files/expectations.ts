import { toBase64, toText } from '../model/payload';
import type { Received } from './connection';
import { compileRegex } from './regex/regex';
import type { Expectation, Operator, What } from './syntax/ast';
import { followPath, parsePath } from './syntax/json-path';

/** What expectations look at. */
export interface Outcome {
	messages: readonly Received[];
	/** Milliseconds. */
	ms: number;
}

export interface Verdict {
	passed: boolean;
	/** In words, for a comparison. */
	expected: string;
	actual: string;
	/** Why it failed, where the two do not say it. */
	reason?: string;
}

/** Something that was found. Text of the wire is compared as text and as a number; JSON keeps its types. */
type Actual = { found: false; reason: string } | { found: true; value: unknown; json: boolean };

/** `value` with its variables replaced. Never throws. */
export function judge(expectation: Expectation, value: string, outcome: Outcome): Verdict {
	const { operator, whatText } = expectation;
	const expected = value === '' ? operator : `${operator} ${value}`;
	const actual = find(expectation.what, outcome);
	if (!actual.found) {
		return { passed: false, expected, actual: 'nothing', reason: actual.reason };
	}
	const shown = inWords(actual.value);
	const verdict = compare(operator, actual.value, actual.json, value);
	if (verdict === true) return { passed: true, expected, actual: shown };
	return { passed: false, expected, actual: shown, reason: verdict === false ? undefined : `${whatText} ${verdict}` };
}

function find(what: What, { messages, ms }: Outcome): Actual {
	if (what.kind === 'length') return { found: true, value: messages.length, json: true };
	if (what.kind === 'duration') return { found: true, value: Math.round(ms * 10) / 10, json: true };
	const index = what.kind === 'code' ? 0 : what.index;
	const message = messages[index];
	if (!message) {
		const came = messages.length === 0 ? 'none came' : `${messages.length} came`;
		return { found: false, reason: index === 0 ? 'There is no message.' : `There is no message[${index}]: ${came}.` };
	}
	switch (what.kind) {
		case 'code':
			if (message.code === undefined) return { found: false, reason: 'The message has no code.' };
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

function bodyAt(payload: Uint8Array, path: string): Actual {
	const text = toText(payload);
	let json: unknown;
	let isJson = false;
	try {
		json = JSON.parse(text ?? '');
		isJson = true;
	} catch {
		// Text then.
	}
	if (path === '') {
		if (isJson) return { found: true, value: json, json: true };
		return { found: true, value: text ?? `base64:${toBase64(payload)}`, json: false };
	}
	if (!isJson) return { found: false, reason: 'The body is not JSON.' };
	const value = followPath(json, parsePath(path) ?? []);
	if (value === undefined) return { found: false, reason: `The body has nothing at "${path}".` };
	return { found: true, value, json: true };
}

const number = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?$/i;

function numberOf(value: unknown): number | undefined {
	if (typeof value === 'number') return value;
	return typeof value === 'string' && number.test(value.trim()) ? Number(value) : undefined;
}

/** What is written: JSON if it is, else text. */
function literal(text: string): unknown {
	try {
		return JSON.parse(text);
	} catch {
		return number.test(text) ? Number(text) : text;
	}
}

/** True, false, or why it cannot be compared. */
function compare(operator: Operator, actual: unknown, json: boolean, expected: string): boolean | string {
	const asText = typeof actual === 'string' ? actual : JSON.stringify(actual);
	const wanted = literal(expected);
	const wantedText = typeof wanted === 'string' ? wanted : expected;
	switch (operator) {
		case 'exists':
			return true;
		case 'isTrue':
		case 'isFalse': {
			const boolean = operator === 'isTrue';
			return actual === boolean || (!json && actual === String(boolean));
		}
		case '==':
			return equal(actual, json, wanted, expected);
		case '!=':
			return !equal(actual, json, wanted, expected);
		case 'contains':
			return Array.isArray(actual)
				? actual.some((one) => equal(one, json, wanted, expected))
				: asText.includes(wantedText);
		case 'startsWith':
			return asText.startsWith(wantedText);
		case 'endsWith':
			return asText.endsWith(wantedText);
		case 'matches': {
			const regex = compileRegex(expected);
			return 'problem' in regex ? `cannot be matched: ${regex.problem}` : regex.test(asText);
		}
	}
	const left = numberOf(actual);
	const right = numberOf(wanted);
	if (left === undefined) return `is ${inWords(actual)}, which is no number.`;
	if (right === undefined) return `cannot be compared to "${expected}", which is no number.`;
	if (operator === '<') return left < right;
	if (operator === '<=') return left <= right;
	return operator === '>' ? left > right : left >= right;
}

function equal(actual: unknown, json: boolean, wanted: unknown, written: string): boolean {
	if (json) return same(actual, wanted);
	if (actual === written || actual === wanted) return true;
	const left = typeof wanted === 'number' ? numberOf(actual) : undefined;
	return left !== undefined && left === wanted;
}

/** Equal as JSON: the order of members does not count. */
function same(a: unknown, b: unknown): boolean {
	if (a === b) return true;
	if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false;
	if (Array.isArray(a) !== Array.isArray(b)) return false;
	const keys = Object.keys(a);
	return (
		keys.length === Object.keys(b).length &&
		keys.every(
			(key) => Object.hasOwn(b, key) && same((a as Record<string, unknown>)[key], (b as Record<string, unknown>)[key]),
		)
	);
}

const longestShown = 2000;

function inWords(value: unknown): string {
	const text = typeof value === 'string' ? value : JSON.stringify(value);
	return text.length > longestShown ? `${text.slice(0, longestShown)}… (${text.length} characters)` : text;
}
