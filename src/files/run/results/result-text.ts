import { clockWithZone } from '../../../base/clock';
import { toHex, toText } from '../../../model/contracts/payload';
import { scanJson } from '../../../model/json/json';
import { createOutline } from '../../../model/json/outline';
import { redact } from '../../../model/text/redact';
import { reportLines } from '../../simulation/report';
import type { Received } from '../connection';
import type { RequestResult } from './result';
import { summary } from './summary';

/** Limits of what a document shows: messages, and bytes of one message. The log has the rest. */
const maxMessages = 1000;
const maxBytes = 256 * 1024;

/** A result as a readable document in the form of a message file. Secrets are masked. */
export function resultText(result: RequestResult, hidden: ReadonlySet<string>): string {
	const lines = [`# ${result.title}`];
	// The report of a simulation says the same in more lines.
	if (!result.simulation || result.failure) lines.push(`# ${summary(result)}`);
	for (const note of result.notes) lines.push(`# ${note}`);
	if (result.failure?.evidence) lines.push(`# ${result.failure.evidence}`);
	if (result.failure?.remedy) lines.push(`# ${result.failure.remedy.text}`);
	if (result.simulation) for (const line of reportLines(result.simulation)) lines.push(`# ${line}`);
	for (const one of result.assertions) {
		const verdict = one.ending === 'not-run' ? 'was not checked' : `expected ${one.expected}, got ${one.actual}`;
		lines.push(`# ${one.ending === 'passed' ? '✓' : '✗'} ${one.text}${one.ending === 'passed' ? '' : `: ${verdict}`}`);
		if (one.reason && one.ending !== 'passed') lines.push(`#   ${one.reason}`);
	}
	const head = lines.map((line) => line.replace(/[\r\n]+/g, ' '));
	const shown = result.messages.slice(0, maxMessages).map(messageText);
	const left = result.messages.length - shown.length;
	if (left > 0) shown.push(`### ${left} more messages are in the log.\n`);
	return redact([`${head.join('\n')}\n`, ...shown].join('\n'), hidden);
}

function messageText({ target, headers, payload, time, code }: Received): string {
	const text = toText(payload.subarray(0, maxBytes)) ?? (payload.length > maxBytes ? cutText(payload) : undefined);
	const lines = [`### ${clockWithZone(time)}${code ? ` ${code}` : ''}`];
	if (text === undefined) lines.push('# @body hex');
	lines.push(`MESSAGE ${oneLine(target)}`.trim());
	for (const [name, value] of headers) lines.push(`${oneLine(name)}: ${oneLine(value)}`);
	if (payload.length > 0) lines.push('', text === undefined ? hexLines(payload.subarray(0, maxBytes)) : pretty(text));
	if (payload.length > maxBytes) lines.push(`… ${maxBytes} of ${payload.length} bytes are shown.`);
	return `${lines.join('\n')}\n`;
}

const oneLine = (text: string) => text.replace(/[\p{Cc}\u2028\u2029]+/gu, ' ');

/** The text up to the limit, which may lie within a character of up to four bytes. */
function cutText(payload: Uint8Array): string | undefined {
	for (let less = 1; less <= 3; less++) {
		const text = toText(payload.subarray(0, maxBytes - less));
		if (text !== undefined) return text;
	}
	return undefined;
}

function hexLines(bytes: Uint8Array): string {
	const digits = toHex(bytes).replaceAll(' ', '');
	return (digits.match(/.{1,64}/g) ?? []).map((line) => (line.match(/../g) ?? []).join(' ')).join('\n');
}

/** Formats JSON that is on one line, without changing its numbers and texts. */
function pretty(text: string): string {
	if (!/^\s*[[{]/.test(text) || text.includes('\n')) return text;
	const outline = createOutline({ text: 2 * maxBytes + 10 * text.length, numbers: 0 });
	return scanJson(text, outline).error ? text : outline.text();
}
