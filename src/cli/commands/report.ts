import type { Received } from '../../files/run/connection';
import type { Ending, RequestResult } from '../../files/run/results/result';
import { receiptTexts } from '../../files/run/results/summary';
import { toBase64, toText } from '../../model/contracts/payload';
import { createRedactor, redact } from '../../model/text/redact';
import type { FileReport } from './run';

const marks: Record<Ending, string> = { passed: '✓', failed: '✗', invalid: '✗', unconnected: '✗', stopped: '–' };

/** What a terminal shows of one request. Secrets are masked. */
export function inText(result: RequestResult, hidden: ReadonlySet<string>): string {
	const facts = [
		...receiptTexts(result.receipts.map(({ text }) => text)),
		...(result.messages.length > 0
			? [`${result.messages.length} ${result.messages.length === 1 ? 'message' : 'messages'}`]
			: []),
		...(result.runs > 1 ? [`${result.runs} runs`] : []),
		`${Math.round(result.ms)} ms`,
	];
	const lines = [`  ${marks[result.ending]} ${result.title}  (line ${result.line}; ${facts.join('; ')})`];
	for (const one of result.assertions) {
		if (one.ending === 'passed') continue;
		lines.push(`      line ${one.line}: ${one.text}`);
		lines.push(
			one.ending === 'not-run' ? '        was never checked' : `        expected ${one.expected}, got ${one.actual}`,
		);
		if (one.reason) lines.push(`        ${one.reason}`);
	}
	const { failure } = result;
	if (failure) {
		lines.push(`      ${failure.message}${failure.evidence ? ` (${failure.evidence})` : ''}`);
		if (failure.remedy) lines.push(`      ${failure.remedy.text}`);
	}
	return `${redact(lines.map(printable).join('\n'), hidden)}\n`;
}

/** Text of a peer must not steer the terminal. */
function printable(text: string): string {
	return text.replace(/[\p{Cc}\p{Cf}]/gu, (one) => `\\u{${(one.codePointAt(0) ?? 0).toString(16)}}`);
}

/** One request as one line of JSON. Secrets are masked, in payloads, too. */
export function inJson(file: string, result: RequestResult, hidden: ReadonlySet<string>): string {
	const { range, failure, messages, assertions, ...rest } = result;
	const redactor = createRedactor(hidden);
	const clean = (value: unknown): unknown => {
		if (typeof value === 'string') return redactor(value);
		if (Array.isArray(value)) return value.map(clean);
		if (typeof value !== 'object' || value === null) return value;
		return Object.fromEntries(Object.entries(value).map(([name, one]) => [name, clean(one)]));
	};
	return `${JSON.stringify(
		clean({
			type: 'request',
			file,
			...rest,
			ms: Math.round(result.ms * 10) / 10,
			start: range.start,
			end: range.end,
			...(failure && { failure }),
			messages: messages.map((message) => payloadOf(message, hidden)),
			assertions: assertions.map(({ range: place, ...one }) => ({ ...one, start: place.start, end: place.end })),
		}),
	)}\n`;
}

function payloadOf({ payload, ...message }: Received, hidden: ReadonlySet<string>) {
	const text = toText(payload);
	if (text !== undefined) return { ...message, payload: text };
	// Base64 hides nothing: bytes that hold a secret are shown as masked text.
	const latin = Buffer.from(payload).toString('latin1');
	const secret = [...hidden].some((value) => value !== '' && latin.includes(Buffer.from(value).toString('latin1')));
	return secret
		? { ...message, payload: new TextDecoder().decode(payload) }
		: { ...message, base64: toBase64(payload) };
}

/** A JUnit report: one suite per file, one case per request. */
export function inJunit(reports: readonly FileReport[], hidden: ReadonlySet<string>): string {
	const suites = reports.map(({ file, results, problems }) => {
		const cases = [
			...problems.map(
				(problem) =>
					`    <testcase name="${xml(file)}" classname="${xml(file)}"><error message="${xml(redact(problem, hidden))}"/></testcase>`,
			),
			...results.map((result) => junitCase(file, result, hidden)),
		];
		const count = (...endings: Ending[]) => results.filter(({ ending }) => endings.includes(ending)).length;
		const errors = count('invalid', 'unconnected') + problems.length;
		const seconds = results.reduce((sum, { ms }) => sum + ms, 0) / 1000;
		return `  <testsuite name="${xml(file)}" tests="${cases.length}" failures="${count('failed')}" errors="${errors}" skipped="${count('stopped')}" time="${seconds.toFixed(3)}">\n${cases.join('\n')}\n  </testsuite>`;
	});
	return `<?xml version="1.0" encoding="UTF-8"?>\n<testsuites>\n${suites.join('\n')}\n</testsuites>\n`;
}

function junitCase(file: string, result: RequestResult, hidden: ReadonlySet<string>): string {
	const open = `    <testcase name="${xml(redact(result.title, hidden))}" classname="${xml(file)}" line="${result.line}" time="${(result.ms / 1000).toFixed(3)}"`;
	if (result.ending === 'passed') return `${open}/>`;
	const bad = result.assertions.find(({ ending }) => ending !== 'passed');
	const why =
		result.failure?.message ??
		(bad ? `line ${bad.line}: ${bad.text}: expected ${bad.expected}, got ${bad.actual}` : 'It was stopped.');
	const tag = result.ending === 'failed' ? 'failure' : result.ending === 'stopped' ? 'skipped' : 'error';
	const detail = inText(result, hidden);
	return `${open}><${tag} message="${xml(redact(why, hidden))}">${xml(detail)}</${tag}></testcase>`;
}

/** Escaped, and without the characters that XML 1.0 cannot hold. */
function xml(text: string): string {
	const entities: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&apos;' };
	return text
		.replace(/[^\t\n\r\u0020-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/gu, '\uFFFD')
		.replace(/[&<>"']/g, (one) => entities[one] ?? one);
}
