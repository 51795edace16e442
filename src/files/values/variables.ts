import { FailureError, fail } from '../../base/failure';
import { missingName, undefinedVariable, unknownFunction } from '../failures';
import type { MessageFile, PlacedFailure, Range, Token } from '../syntax/ast';
import { definitionOf, referenceOf } from '../syntax/names';
import { badQuotes } from '../syntax/parse-context';
import { builtinOf, type Surroundings } from './builtins';
import type { Environment } from './environments';

/** What `{{…}}` can mean. */
export interface Scope {
	file: MessageFile;
	environment: Environment;
	around: Surroundings;
	/**
	 * The result of an earlier request: `found: false` says that it ran and has no such part; undefined that there is
	 * no result.
	 */
	result(
		request: string,
		part: 'body' | 'header',
		path: string,
	): { found: true; text: string } | { found: false } | undefined;
	/** Values that must not be shown, added to as they are used. */
	hidden: Set<string>;
}

const deepest = 20;
/** Of values within the value of one placeholder, each KB of one counted again: what names others several times grows without end. */
const mostInside = 10_000;

/** How one placeholder came to where it is. */
interface Path {
	/** Definitions on the way. */
	keys: readonly string[];
	/** Values put in so far, shared by all that belong to it. */
	inside: { count: number };
}
const outermost = (): Path => ({ keys: [], inside: { count: 0 } });

/**
 * The text with every `{{…}}` replaced. `at` is the text's place in the file, which decides which definition of a
 * variable counts. Throws `undefined-variable`, `variable-cycle` or `bad-variable` with the place of the placeholder.
 * What comes from outside (results, the environment, secrets) is not searched for placeholders again.
 */
export function replaceIn(text: string, at: number, scope: Scope): string {
	return replace(text, scope, at);
}

/** What a target, a header or a connection's name stands for. Throws as `replaceIn` does, and `bad-quotes`. */
export function textOf({ text, literal, start, end }: Token, scope: Scope): string {
	if (literal !== undefined) return literal;
	if (text.startsWith('"'))
		throw new FailureError({ code: 'bad-quotes', message: badQuotes, range: { start, end } } as PlacedFailure);
	return replaceIn(text, start, scope);
}

function replace(text: string, scope: Scope, at: number, path?: Path): string {
	let result = '';
	let done = 0;
	for (const match of text.matchAll(/\{\{(?!\{)((?:(?!\{\{)[^\r\n])*?)\}\}/g)) {
		const start = match.index;
		const place = { start: at + start, end: at + start + match[0].length };
		result += text.slice(done, start) + valueFor((match[1] ?? '').trim(), scope, place, path);
		done = start + match[0].length;
	}
	return result + text.slice(done);
}

/** The value of what stands between the braces. */
export function valueFor(content: string, scope: Scope, place: Range, path = outermost()): string {
	try {
		return find(content, scope, place, path);
	} catch (error) {
		if (!(error instanceof FailureError)) throw error;
		// The outermost placeholder is where the user looks.
		throw new FailureError({ ...error.failure, range: place } as PlacedFailure);
	}
}

function find(content: string, scope: Scope, place: Range, { keys, inside }: Path): string {
	if (content === '') throw new FailureError(missingName);
	if (content.startsWith('$')) {
		const call = builtinOf(content);
		if (!call) throw new FailureError(unknownFunction(content.slice(1).split(/\s/)[0] ?? ''));
		const value = call.builtin.run(call.args, scope.around);
		if (call.builtin.secret) scope.hidden.add(value);
		return value;
	}
	const definition = definitionOf(scope.file, content, place.start);
	if (definition) {
		const { value } = definition;
		const key = `${definition.start}`;
		if (keys.includes(key)) throw fail('variable-cycle', `The variable "${content}" is defined by itself.`);
		inside.count += 1 + (value.text.length >> 10);
		if (keys.length > deepest || inside.count > mostInside)
			throw fail(
				'variable-cycle',
				`The variable "${content}" is defined by too many others: write some of their values out.`,
			);
		return replace(value.text, scope, value.start, { keys: [...keys, key], inside });
	}
	const known = scope.environment.values.get(content);
	if (known !== undefined) {
		if (scope.environment.secret.has(content)) scope.hidden.add(known);
		return known;
	}
	const reference = referenceOf(content);
	const result = reference && scope.result(reference.request, reference.part, reference.path);
	if (result?.found) return result.text;
	if (result)
		throw fail('undefined-variable', `The result of "${reference?.request}" has nothing at "${reference?.path}".`);
	if (reference)
		throw fail('undefined-variable', `There is no result of a request "${reference.request}" before this one.`);
	throw new FailureError(undefinedVariable(content));
}
