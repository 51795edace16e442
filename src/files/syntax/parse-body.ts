import { parseDuration } from '../../model/text/duration';
import type { BodyPart, Request, Section, Separator, Step } from './ast';
import { parseAssertion } from './expectation/parse';
import { advance, isBlank, skipBlank, trimEnd } from './lines';
import { added, type ParseContext } from './parse-context';
import { isComment, isScript, isSeparator, isStep, parseComment, skipScript } from './parse-lines';

const lessThan = 60;

/** Parses steps and expectations, up to the end of the section. `single`: of a rule's step, up to the next step. */
export function parseBody(context: ParseContext, section: Section, request: Request, single = false): void {
	const { text, lines } = context;
	let builder = newStep(request.end);
	/** False after an expectation, where lines are comments again. */
	let body = true;
	const finish = () => {
		closeText(builder);
		if (builder.step.parts.length > 0 || builder.step.separator) request.end = Math.max(request.end, builder.step.end);
		request.steps = added(request.steps, builder.step);
	};
	while (lines.open && !isSeparator(text, lines.start)) {
		const { start, end } = lines;
		if (isStep(text, start, end)) {
			if (single) break;
			finish();
			const separator = parseSeparator(context);
			builder = newStep(start, separator);
			request.end = Math.max(request.end, separator.end);
			body = true;
		} else if (text.startsWith('??', start)) {
			closeText(builder);
			const assertion = parseAssertion(context, start, trimEnd(text, start, end));
			request.assertions = added(request.assertions, assertion);
			request.end = assertion.end;
			body = false;
		} else if (body) {
			if (isScript(text, start, end)) {
				skipScript(context);
				continue;
			}
			addLine(context, builder);
		} else if (!isBlank(text, start, end)) {
			const first = skipBlank(text, start, end);
			if (isComment(text, first)) parseComment(context, section, first);
			else if (isScript(text, first, end)) {
				skipScript(context);
				continue;
			} else
				context.report(
					'text-after-assertion',
					{ start: first, end: trimEnd(text, first, end) },
					'This line is not sent: the body ends before the first expectation.',
				);
		}
		advance(lines);
	}
	finish();
}

interface StepBuilder {
	step: Step;
	/** The current text part; `filled` is the end of its last line that is not blank. */
	text: { start: number; end: number; filled: number } | undefined;
}

function newStep(at: number, separator?: Separator): StepBuilder {
	const step: Step = separator
		? { start: separator.start, end: separator.end, separator, parts: [] }
		: { start: at, end: at, parts: [] };
	return { step, text: undefined };
}

/** Ends the text part. Blank lines between two parts belong to the body, those at its end do not. */
function closeText(builder: StepBuilder, between = false): void {
	const part = builder.text;
	builder.text = undefined;
	if (!part) return;
	const end = between ? part.end : part.filled;
	if (between || end > part.start) addPart(builder.step, { kind: 'text', start: part.start, end });
}

function addPart(step: Step, part: BodyPart): void {
	if (step.parts.length === 0 && !step.separator) step.start = part.start;
	step.parts = added(step.parts, part);
	step.end = part.end;
}

function addLine(context: ParseContext, builder: StepBuilder): void {
	const { text, lines } = context;
	const { start, end } = lines;
	const blank = isBlank(text, start, end);
	if (!blank && text.charCodeAt(start) === lessThan) {
		const mark = text.charCodeAt(start + 1) === 64 ? start + 2 : start + 1;
		const from = skipBlank(text, mark, end);
		if (from > mark && from < end) {
			closeText(builder, true);
			const stop = trimEnd(text, from, end);
			addPart(builder.step, {
				kind: 'file',
				start,
				end: stop,
				path: context.token(from, stop),
				variables: mark === start + 2,
			});
			return;
		}
	}
	if (!builder.text) {
		if (blank && builder.step.parts.length === 0) return;
		builder.text = { start, end: start, filled: start };
	}
	const stop = text.charCodeAt(end - 1) === 13 && end > start ? end - 1 : end;
	builder.text.end = Math.max(start, stop);
	if (blank) return;
	builder.text.filled = builder.text.end;
	context.scan(start, end);
}

function parseSeparator(context: ParseContext): Separator {
	const { text, lines } = context;
	const { start } = lines;
	const from = skipBlank(text, start + 3, lines.end);
	// JetBrains' HTTP Client allows a remark here: "=== // the answer".
	const remark = /(?:^|\s)\/\/.*$/.exec(text.slice(from, lines.end));
	const end = trimEnd(text, from, remark ? from + remark.index : lines.end);
	const words = text.slice(from, end);
	const range = { start, end: Math.max(end, start + 3) };
	if (words === '') return { kind: 'next', ...range };
	const server = /^wait-for-server(?:\s+(\d{1,6}))?$/.exec(words);
	if (server) return { kind: 'wait-for-server', count: Math.max(1, Number(server[1] ?? 1)), ...range };
	const wait = /^wait\s+(.*)$/.exec(words);
	const duration = wait ? parseDuration(wait[1] ?? '') : undefined;
	if (duration && 'ms' in duration) return { kind: 'wait', ms: duration.ms, ...range };
	const fixes =
		duration?.bare === undefined
			? []
			: ['s', 'ms'].map((unit) => {
					const title = `Wait ${duration.bare} ${unit}`;
					return { title, range: { start: from, end }, text: `wait ${duration.bare}${unit}` };
				});
	context.report(
		duration?.bare === undefined ? 'bad-step' : 'no-unit',
		{ start: from, end },
		duration?.problem ?? 'A step is "===", "=== wait-for-server" or "=== wait 500ms".',
		fixes,
	);
	return { kind: 'unknown', ...range };
}
