import type { Failure } from '../../base/failure';
import type { Field } from '../../model/checks/field';

/** Offsets in UTF-16 units from the start of the file's text; `end` is one past the last. */
export interface Range {
	start: number;
	end: number;
}

/** A piece of the text, verbatim. */
export interface Token extends Range {
	text: string;
	/**
	 * The characters that a text in quotation marks stands for: a target, a header's name or value, or metadata. No variable
	 * is replaced in them. `text` keeps the quotation marks, so that it never equals the name of an option.
	 */
	literal?: string;
}

/** The characters of a token, with its variables as they are written. */
export const literalOf = ({ text, literal }: Token): string => literal ?? text;

/** Returns true if the token has variables to replace. */
export const hasVariable = ({ text, literal }: Token): boolean => literal === undefined && text.includes('{{');

/** Returns true if a header can be an option. A quoted name or one with a variable is data, which never selects an option. */
export const mayBeOption = ({ name }: Header): boolean => name.literal === undefined && !hasVariable(name);

/**
 * A parsed file. Every range lies within the range of its parent, and siblings do not overlap. Metadata is the exception:
 * its lines may also stand among the headers and after the assertions of the section's request.
 */
export interface MessageFile extends Range {
	text: string;
	/** In the order of the file. The first one starts at 0, has no separator and may hold a request. */
	sections: Section[];
	/** Every `{{…}}`, in the order of the file. */
	placeholders: Placeholder[];
	/** Errors of syntax. `check.ts` adds the errors of meaning. */
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

/** One message of a request, with the separator in front of it. */
export interface Step extends Range {
	separator?: Separator;
	/** In order. Empty if the step has no body, or is a request. */
	parts: BodyPart[];
	/**
	 * The request of a rule's step. A reply has the verb "reply" and no target. Its expectations look at the answer. Its
	 * steps are its body only.
	 */
	request?: Request;
}

export type Separator = Range &
	(
		| { kind: 'next' }
		/** Waits until this many messages have been received since the last wait. */
		| { kind: 'wait-for-server'; count: number }
		| { kind: 'wait'; ms: number }
		/** A step of a rule: a request of its own, or a reply to the message. */
		| { kind: 'request' }
		| { kind: 'reply' }
		/** A separator that a diagnostic reports as invalid. */
		| { kind: 'unknown' }
	);

export type BodyPart =
	/** Whole lines, without the line break after the last. */
	| ({ kind: 'text' } & Range)
	/** `< path`, or `<@ path` to replace variables in the content of the file. */
	| ({ kind: 'file'; path: Token; variables: boolean } & Range);

/** `?? what op value` */
export interface Assertion extends Range {
	/** Undefined for an invalid assertion, which a diagnostic reports. */
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
	| 'isFalse'
	/** Of a whole stream, which is not written. */
	| 'none';

export type What =
	| { kind: 'length' }
	| { kind: 'code' }
	/** The reason that the peer gave when it ended the connection or the subscription. */
	| { kind: 'reason' }
	| { kind: 'duration' }
	| { kind: 'topic'; index: number }
	| { kind: 'header'; index: number; name: string }
	/** `path` as written; empty: the whole body. */
	| { kind: 'body'; index: number; path: string }
	/** All messages together: none of them is what it must not be. */
	| { kind: 'stream'; no: StreamWord; by?: Field };

/** What messages must not be. */
export type StreamWord = 'replays' | 'duplicates' | 'gaps' | 'reordering';

export interface Expectation {
	what: What;
	/** As written, without white space at its ends. */
	whatText: string;
	operator: Operator;
	/** Verbatim; empty for an operator without a value. */
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
	/** Possible corrections, the best one first. */
	fixes?: Fix[];
}

/** Replaces a range of the text. */
export interface Fix {
	title: string;
	range: Range;
	text: string;
}

/** A failure with its place in the file. */
export interface PlacedFailure extends Failure {
	range?: Range;
}

/** The 1-based number of the line at an offset. */
export function lineOf(text: string, offset: number): number {
	let line = 1;
	for (let at = text.indexOf('\n'); at !== -1 && at < offset; at = text.indexOf('\n', at + 1)) line++;
	return line;
}
