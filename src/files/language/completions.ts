import type { CheckContext } from '../check/context';
import { descriptionOf } from '../run/connections/request-connection';
import type { MessageFile, Range, Section } from '../syntax/ast';
import { binaryOperators, unaryOperators, whatHelp, whats, whatsOfRule } from '../syntax/expectation/parse';
import { streamWords } from '../syntax/expectation/stream';
import { optionText } from '../syntax/metadata';
import { isRule } from '../syntax/names';
import { isPlain, quote, quoteIfNeeded } from '../syntax/quoted';
import { isReply, metadataWords, verbOf, verbs } from '../syntax/words';
import { builtins } from '../values/builtins';
import type { Environment } from '../values/environments';
import { findReserved, reservedFor, valueSuggestions } from '../values/headers';
import { lineStart, sectionAt, stepAt } from './place';

export interface Completion {
	kind: 'verb' | 'header' | 'value' | 'variable' | 'metadata' | 'connection' | 'target' | 'operator' | 'step' | 'file';
	label: string;
	detail: string;
	/** The text that replaces `range`. */
	text: string;
	range: Range;
}

export interface CompletionContext {
	describe: CheckContext['describe'];
	environment: Environment;
	/** Names of saved connections. */
	connections: readonly string[];
	/** Known targets of the request's connection that start with a text. */
	targets(section: Section, start: string): readonly string[];
	/** Paths of files that start with a text, relative to the message file. */
	files(start: string): readonly string[];
}

/** The completions at an offset. They depend only on the text before it. */
export function completions(file: MessageFile, offset: number, context: CompletionContext): Completion[] {
	const whole = sectionAt(file, offset);
	if (!whole) return [];
	const start = lineStart(file.text, offset);
	// A step without a verb yet belongs to what stands before it.
	const section = stepAt(whole, start);
	const line = file.text.slice(start, offset);
	const make =
		(kind: Completion['kind'], from: number) =>
		(label: string, detail = '', text = label): Completion => {
			return { kind, label, detail, text, range: { start: from, end: offset } };
		};
	const brace = line.lastIndexOf('{{');
	if (brace !== -1 && !line.slice(brace).includes('}}')) {
		const from = start + brace + 2 + (/^\s*/.exec(line.slice(brace + 2))?.[0].length ?? 0);
		return variables(file, section, offset, context, make('variable', from));
	}
	const mark = /^\s*(?:#+|\/\/)\s*@(\S*)$/.exec(line);
	if (mark) {
		const one = make('metadata', offset - (mark[1] ?? '').length);
		return metadataWords.map(({ name, help, value }) => one(name, help, value === 'none' ? name : `${name} `));
	}
	const metadata = /^\s*(?:#+|\/\/)\s*@(\S+)\s+(\S*)$/.exec(line);
	if (metadata) return metadataValues(metadata[1] ?? '', make('value', offset - (metadata[2] ?? '').length), context);
	const { request } = section;
	if (!request || (section === whole && offset <= request.verb.end)) {
		if (!/^\s*[A-Za-z]*$/.test(line)) return [];
		const one = make('verb', start + (/^\s*/.exec(line)?.[0].length ?? 0));
		return verbs.map(({ name, help }) => one(name, help, `${name} `));
	}
	const isStep = /^===\s*\S*$/.test(line);
	if (!isStep && offset <= request.target.end && start <= request.verb.start) {
		return targets(file, section, Math.min(request.target.start, offset), offset, context);
	}
	const known = section === whole && isRule(whole) ? whatsOfRule : whats;
	if (line.startsWith('??')) return expectations(line, offset, known, make);
	if (isStep) {
		const one = make('step', start);
		if (isRule(whole)) return ruleSteps(one);
		return ['===', '=== wait-for-server', '=== wait 1s'].map((step) => one(step));
	}
	const path = /^<@?\s+(.*)$/.exec(line)?.[1];
	if (path !== undefined) return files(path, offset, context, make);
	return headers(file, section, line, start, offset, context, make);
}

const ruleSteps = (one: One): Completion[] => [
	one('=== reply', 'Answers the message in the way of its protocol.'),
	...verbs
		.filter(({ action }) => action === 'send' || action === 'request')
		.map(({ name, help }) => one(`=== ${name}`, help, `=== ${name} `)),
];

const files = (path: string, offset: number, context: CompletionContext, make: Make): Completion[] =>
	context
		.files(path)
		.filter(isPlain)
		.map((one) => make('file', offset - path.length)(one));

/** Completes targets, which include those of received messages: texts that need quotation marks get them. */
function targets(
	file: MessageFile,
	section: Section,
	from: number,
	offset: number,
	context: CompletionContext,
): Completion[] {
	const typed = file.text.slice(from, offset);
	const isQuoted = typed.startsWith('"');
	// The editor inserts a closing quotation mark behind the cursor.
	const end = isQuoted && file.text.charAt(offset) === '"' ? offset + 1 : offset;
	return context.targets(section, isQuoted ? typed.slice(1) : typed).map((label) => ({
		kind: 'target',
		label,
		detail: '',
		text: isQuoted ? quote(label) : quoteIfNeeded(label),
		range: { start: from, end },
	}));
}

type Make = (kind: Completion['kind'], from: number) => (label: string, detail?: string, text?: string) => Completion;
type One = ReturnType<Make>;

function variables(
	file: MessageFile,
	section: Section,
	offset: number,
	context: CompletionContext,
	one: One,
): Completion[] {
	const own = file.sections
		.flatMap((each) => each.variables)
		.map(({ name, value }) => [name.text, value.text] as const);
	const environment = [...context.environment.values].map(
		([name, value]) => [name, context.environment.secret.has(name) ? 'a secret' : value] as const,
	);
	const earlier = file.sections.filter((each) => each !== section && each.start < offset);
	const names = earlier.flatMap((each) => optionText(file, each, 'name') ?? []);
	const all = new Map([...environment, ...own]);
	const ofRule = sectionAt(file, offset);
	const message = ofRule && isRule(ofRule) ? messageParts : [];
	return [
		...message.map(([name, help]) => one(name, help)),
		...[...all].map(([name, detail]) => one(name, detail)),
		...names.map((name) => one(`${name}.body`, 'the reply of an earlier request')),
		...builtins.map((builtin) =>
			one(`$${builtin.name}`, builtin.help, `$${builtin.name}${builtin.arguments ? ' ' : ''}`),
		),
	];
}

/** What the steps of a rule refer to. */
const messageParts = [
	['message.body', 'the payload of the message, or with a path a part of it: message.body.mode'],
	['message.target', 'the target of the message'],
	['message.level.0', 'a level of its target, counted from 0'],
	['message.header.', 'an option or a header of the message'],
	['message.time', 'when the message arrived'],
	['answer.body', 'the payload of the answer to the step before'],
	['answer.header.', 'an option or a header of the answer'],
	['answer.code', 'the code of the answer'],
] as const;

function metadataValues(name: string, one: One, context: CompletionContext): Completion[] {
	switch (name.toLowerCase()) {
		case 'connection':
			return context.connections.map((each) => one(each, '', quoteIfNeeded(each)));
		case 'body':
			return [one('hex'), one('base64')];
		case 'loop':
			return [one('for 10')];
		case 'clients':
			return ['10', '50', '1000'].map((each) => one(each));
		case 'rate':
			return ['100/s', '500/s', '30/min'].map((each) => one(each));
		case 'timeout':
		case 'every':
		case 'for':
			return ['500ms', '1s', '5s', '1m'].map((each) => one(each));
		default:
			return [];
	}
}

function expectations(line: string, offset: number, known: typeof whats, make: Make): Completion[] {
	const words = line.slice(2).trimStart();
	if (!/\s/.test(words))
		return known.map(([what, kind]) =>
			make('operator', offset - words.length)(what, whatHelp[kind], `${what.trimEnd()} `),
		);
	const last = /\S*$/.exec(words)?.[0] ?? '';
	const one = make('operator', offset - last.length);
	const stream = /^no\s+(?:(\w+)\s+)?(?:(by)\s+)?(?:(body|header)\s+)?\S*$/.exec(words);
	if (stream) {
		const [, word, by, field] = stream;
		if (word === undefined) return Object.entries(streamWords).map(([name, help]) => one(name, help));
		if (by === undefined) return [one('by', 'By a field of the messages.', 'by ')];
		if (field !== undefined) return [];
		return [one('body', 'A path in the JSON body.', 'body '), one('header', 'A header or property.', 'header ')];
	}
	return [...binaryOperators, ...unaryOperators].map((each) => one(each));
}

/** Completes names of headers at the start of a line, and their values behind the colon. */
function headers(
	file: MessageFile,
	section: Section,
	line: string,
	start: number,
	offset: number,
	context: CompletionContext,
	make: Make,
): Completion[] {
	const { request } = section;
	if (!request || /\n[ \t]*\r?\n/.test(file.text.slice(request.target.end, start))) return [];
	const reserved = isReply(request)
		? reservedFor('PUBLISH', descriptionOf(file, sectionAt(file, start) ?? section, context.describe))
		: reservedFor(verbOf(request.verb.text)?.name ?? '', descriptionOf(file, section, context.describe));
	// A name in quotation marks is never an option.
	if (/^\s*"/.test(line)) return [];
	const value = /^\s*([^:]+):\s*(.*)$/.exec(line);
	if (!value) {
		const taken = new Set(
			request.headers
				.filter(({ end }) => end < start || end > offset)
				.map(({ name }) => findReserved(name.text, reserved)?.name),
		);
		const one = make('header', start + (/^\s*/.exec(line)?.[0].length ?? 0));
		return reserved
			.filter(({ name, sets }) => sets.what === 'form' || !taken.has(name))
			.map(({ name, help }) => one(name, help, `${name}: `));
	}
	const found = findReserved((value[1] ?? '').trim(), reserved);
	const from = offset - (value[2] ?? '').length;
	if (found?.sets.what === 'connection')
		return context.connections.map((each) => make('connection', from)(each, '', quoteIfNeeded(each)));
	if (found?.sets.what === 'form') return targets(file, section, from, offset, context);
	if (!found || !('field' in found.sets)) return [];
	const path = found.sets.field.type === 'bytes' ? /^<[ \t]+(.*)$/.exec(value[2] ?? '')?.[1] : undefined;
	if (path !== undefined) return files(path, offset, context, make);
	return valueSuggestions(found.sets.field).map(({ text, help }) => make('value', from)(text, help));
}
