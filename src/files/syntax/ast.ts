import type { Failure } from '../../base/failure';

/** Offsets in UTF-16 units from the start of the file's text; `end` is one past the last. */
export interface Range {
	start: number;
	end: number;
}

/** A piece of the text, verbatim. */
export interface Token extends Range {
	text: string;
	/**
	 * Of a target, a header's name or value, or metadata in quotation marks: the characters that it stands for, in which
	 * no variable is replaced. `text` keeps the quotation marks, so that it is never taken for the name of an option.
	 */
	literal?: string;
}

/** The characters of a token whose variables are not replaced. */
export const literalOf = ({ text, literal }: Token): string => literal ?? text;

/** Whether a token has variables that are replaced. */
export const hasVariable = ({ text, literal }: Token): boolean => literal === undefined && text.includes('{{');

/** Whether a header's name may be that of an option: data in it, quoted or from a variable, never chooses one. */
export const mayBeOption = ({ name }: Header): boolean => name.literal === undefined && !hasVariable(name);

/**
 * A parsed file. Every range lies within the range of what holds it, and siblings do not overlap, but for metadata:
 * lines of it may stand among the headers and after the assertions of the section's request, too.
 */
export interface MessageFile extends Range {
	text: string;
	/** In the order of the file. The first starts at 0 and has no separator; it may hold a request, too. */
	sections: Section[];
	/** Every `{{…}}` in order, wherever it stands. */
	placeholders: Placeholder[];
	/** What is wrong with the form of the text. What is wrong with its meaning, `check.ts` says. */
	diagnostics: Diagnostic[];
}

/** From one `###` to the next. */
export interface Section extends Range {
	separator?: Range & { title?: Token };
	metadata: Metadata[];
	variables: Variable[];
	request?: Request;
}

/** `# @name value` */
export interface Metadata extends Range {
	name: Token;
	value?: Token;
}

/** `@name = value` */
export interface Variable extends Range {
	name: Token;
	value: Token;
}

export interface Request extends Range {
	verb: Token;
	/** The rest of the line, verbatim or in quotation marks. Empty where there is none. */
	target: Token;
	headers: Header[];
	/** At least one; the first has no separator. */
	steps: Step[];
	assertions: Assertion[];
}

export interface Header extends Range {
	name: Token;
	value: Token;
}

/** A message of a request, and what comes before it. */
export interface Step extends Range {
	separator?: Separator;
	/** In order. None: there is no body. */
	parts: BodyPart[];
}

export type Separator = Range &
	(
		| { kind: 'next' }
		/** Until this many messages have come since the last wait. */
		| { kind: 'wait-for-server'; count: number }
		| { kind: 'wait'; ms: number }
		/** Not understood; a diagnostic says so. */
		| { kind: 'unknown' }
	);

export type BodyPart =
	/** Whole lines, without the line break after the last. */
	| ({ kind: 'text' } & Range)
	/** `< path`, or `<@ path` with variables replaced in what the file holds. */
	| ({ kind: 'file'; path: Token; variables: boolean } & Range);

/** `?? what op value` */
export interface Assertion extends Range {
	/** Undefined where it is not understood; a diagnostic says why. */
	expectation?: Expectation;
}

export type Operator =
	| '=='
	| '!='
	| '<'
	| '<='
	| '>'
	| '>='
	| 'exists'
	| 'contains'
	| 'startsWith'
	| 'endsWith'
	| 'matches'
	| 'isTrue'
	| 'isFalse';

export type What =
	| { kind: 'length' }
	| { kind: 'code' }
	/** The peer's words when it ended the connection or the subscription. */
	| { kind: 'reason' }
	| { kind: 'duration' }
	| { kind: 'topic'; index: number }
	| { kind: 'header'; index: number; name: string }
	/** `path` as written; empty: the whole body. */
	| { kind: 'body'; index: number; path: string };

export interface Expectation {
	what: What;
	/** As written, without white space at its ends. */
	whatText: string;
	operator: Operator;
	/** Verbatim; empty where the operator takes none. */
	value: Token;
}

/** `{{content}}` */
export interface Placeholder extends Range {
	content: Token;
}

export type Severity = 'error' | 'warning' | 'hint';

export interface Diagnostic extends Range {
	/** Stable, in kebab-case. */
	code: string;
	severity: Severity;
	/** One plain sentence. */
	message: string;
	/** What to do about it, the best first. */
	fixes?: Fix[];
}

/** Replaces a range of the text. */
export interface Fix {
	title: string;
	range: Range;
	text: string;
}

/** A failure that has its place in the file. */
export interface PlacedFailure extends Failure {
	range?: Range;
}

/** A 1-based line and column for what a terminal prints. */
export function lineOf(text: string, offset: number): number {
	let line = 1;
	for (let at = text.indexOf('\n'); at !== -1 && at < offset; at = text.indexOf('\n', at + 1)) line++;
	return line;
}
