import { clockWithZone } from '../../../base/clock';
import { toHex, toText } from '../../../model/contracts/payload';
import { scanJson } from '../../../model/json/json';
import { createOutline } from '../../../model/json/outline';
import { redact } from '../../../model/text/redact';
import type { Received } from '../connection';
import type { RequestResult } from './result';
import { summary } from './summary';

/** Messages and bytes of one message that a document shows; the log has the rest. */
const mostMessages = 1000;
const mostBytes = 256 * 1024;

/** A result to read, in the form of a message file. Secrets are masked. */
export function resultText(result: RequestResult, hidden: ReadonlySet<string>): string {
	const lines = [`# ${result.title}`, `# ${summary(result)}`];
	for (const note of result.notes) lines.push(`# ${note}`);
	if (result.failure?.evidence) lines.push(`# ${result.failure.evidence}`);
	if (result.failure?.remedy) lines.push(`# ${result.failure.remedy.text}`);
	for (const one of result.assertions) {
		const said = one.ending === 'not-run' ? 'was never checked' : `expected ${one.expected}, got ${one.actual}`;
		lines.push(`# ${one.ending === 'passed' ? '✓' : '✗'} ${one.text}${one.ending === 'passed' ? '' : `: ${said}`}`);
		if (one.reason && one.ending !== 'passed') lines.push(`#   ${one.reason}`);
	}
	const head = lines.map((line) => line.replace(/[\r\n]+/g, ' '));
	const shown = result.messages.slice(0, mostMessages).map(messageText);
	const left = result.messages.length - shown.length;
	if (left > 0) shown.push(`### ${left} more messages: they are in the log.\n`);
	return redact([`${head.join('\n')}\n`, ...shown].join('\n'), hidden);
}

function messageText({ target, headers, payload, time, code }: Received): string {
	const text = toText(payload.subarray(0, mostBytes)) ?? (payload.length > mostBytes ? cutText(payload) : undefined);
	const lines = [`### ${clockWithZone(time)}${code ? ` ${code}` : ''}`];
	if (text === undefined) lines.push('# @body hex');
	lines.push(`MESSAGE ${oneLine(target)}`.trim());
	for (const [name, value] of headers) lines.push(`${oneLine(name)}: ${oneLine(value)}`);
	if (payload.length > 0) lines.push('', text === undefined ? hexLines(payload.subarray(0, mostBytes)) : pretty(text));
	if (payload.length > mostBytes) lines.push(`… ${mostBytes} of ${payload.length} bytes are shown.`);
	return `${lines.join('\n')}\n`;
}

const oneLine = (text: string) => text.replace(/[\p{Cc}\u2028\u2029]+/gu, ' ');

/** Text that was cut within a character. */
function cutText(payload: Uint8Array): string | undefined {
	for (let less = 1; less <= 3; less++) {
		const text = toText(payload.subarray(0, mostBytes - less));
		if (text !== undefined) return text;
	}
	return undefined;
}

function hexLines(bytes: Uint8Array): string {
	const digits = toHex(bytes).replaceAll(' ', '');
	return (digits.match(/.{1,64}/g) ?? []).map((line) => (line.match(/../g) ?? []).join(' ')).join('\n');
}

/** JSON on one line is broken up to be read, its numbers and texts as they came. */
function pretty(text: string): string {
	if (!/^\s*[[{]/.test(text) || text.includes('\n')) return text;
	const outline = createOutline({ text: 2 * mostBytes + 10 * text.length, numbers: 0 });
	return scanJson(text, outline).error ? text : outline.text();
}
