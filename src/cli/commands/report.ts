import { stopped } from '../../files/failures';
import type { Received } from '../../files/run/connection';
import type { Ending, RequestResult } from '../../files/run/results/result';
import { durationOf, sentOrReceived } from '../../files/run/results/summary';
import { reportLines } from '../../files/simulation/report';
import { toBase64, toText } from '../../model/contracts/payload';
import { createRedactor, redact } from '../../model/text/redact';
import { printable } from '../io/terminal';

/** The results of one file. */
export interface FileReport {
	file: string;
	results: RequestResult[];
	/** Why no request of the file was sent. */
	problems: string[];
}

const marks: Record<Ending, string> = { passed: '✓', failed: '✗', invalid: '✗', unconnected: '✗', stopped: '–' };

/** The result of one request for a terminal. Secrets are masked. */
export function inText(result: RequestResult, hidden: ReadonlySet<string>): string {
	const facts = [`line ${result.line}`, ...sentOrReceived(result), ...durationOf(result)];
	const lines = [`  ${marks[result.ending]} ${result.title}  (${facts.join('; ')})`];
	if (result.simulation) for (const line of reportLines(result.simulation)) lines.push(`      ${line}`);
	for (const one of result.assertions) {
		if (one.ending === 'passed') continue;
		lines.push(`      line ${one.line}: ${one.text}`);
		lines.push(
			one.ending === 'not-run' ? '        was not checked' : `        expected ${one.expected}, got ${one.actual}`,
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

/** The result of one request as one line of JSON. Secrets are masked, also in payloads. */
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

/** The message without the adapter's form of it. */
function payloadOf({ payload, flags: _, meta: __, ...message }: Received, hidden: ReadonlySet<string>) {
	const text = toText(payload);
	if (text !== undefined) return { ...message, payload: text };
	// A secret can be read from Base64: bytes that contain one are written as text, in which it is masked.
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
	const figures = result.simulation && redact(reportLines(result.simulation).join('\n'), hidden);
	const output = figures === undefined ? '' : `<system-out>${xml(figures)}</system-out>`;
	if (result.ending === 'passed') return output === '' ? `${open}/>` : `${open}>${output}</testcase>`;
	const bad = result.assertions.find(({ ending }) => ending !== 'passed');
	const why =
		result.failure?.message ??
		(bad ? `line ${bad.line}: ${bad.text}: expected ${bad.expected}, got ${bad.actual}` : stopped.message);
	const tag = result.ending === 'failed' ? 'failure' : result.ending === 'stopped' ? 'skipped' : 'error';
	const detail = inText(result, hidden);
	return `${open}><${tag} message="${xml(redact(why, hidden))}">${xml(detail)}</${tag}>${output}</testcase>`;
}

/** Escapes a text for XML 1.0 and replaces the characters that it does not allow. */
function xml(text: string): string {
	const entities: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&apos;' };
	return text
		.replace(/[^\t\n\r\u0020-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/gu, '\uFFFD')
		.replace(/[&<>"']/g, (one) => entities[one] ?? one);
}
