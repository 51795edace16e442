import { FailureError, fail } from '../../base/failure';
import { missingName, undefinedVariable, unknownFunction } from '../failures';
import type { MessageFile, PlacedFailure, Range, Token } from '../syntax/ast';
import { definitionOf, type Reference, referenceOf } from '../syntax/names';
import { badQuotes } from '../syntax/parse-context';
import { builtinOf, type Surroundings } from './builtins';
import type { Environment } from './environments';

/** Everything that `{{…}}` can refer to. */
export interface Scope {
	file: MessageFile;
	environment: Environment;
	around: Surroundings;
	/**
	 * A part of the result of an earlier request. `found: false`: the result has no such part. Undefined: the request has
	 * not run.
	 */
	result(
		request: string,
		part: Reference['part'],
		path: string,
	): { found: true; text: string } | { found: false } | undefined;
	/** The payload of that result, for a body that consists of it alone. */
	payload?(request: string): Uint8Array | undefined;
	/** Values that must not be shown. Each is added when it is used. */
	hidden: Set<string>;
}

/** Nesting of definitions. */
const maxDepth = 20;
/**
 * Values within the value of one placeholder, where each KB counts as one more: definitions that name others several times
 * grow exponentially.
 */
const maxValues = 10_000;

/** The definitions that led to a placeholder. */
interface Path {
	keys: readonly string[];
	/** Values inserted so far, shared by all placeholders within the outermost one. */
	inside: { count: number };
}
const outermost = (): Path => ({ keys: [], inside: { count: 0 } });

/**
 * Replaces every `{{…}}` of a text. `at` is the offset of the text in the file, which selects the definition of a variable.
 * Throws `undefined-variable`, `variable-cycle` or `bad-variable` with the place of the placeholder. Values from outside
 * the file (results, the environment, secrets) are not searched for placeholders.
 */
export function replaceIn(text: string, at: number, scope: Scope): string {
	return replace(text, scope, at);
}

/** The text of a target, a header or the name of a connection. Throws like `replaceIn`, and `bad-quotes`. */
export function textOf({ text, literal, start, end }: Token, scope: Scope): string {
	if (literal !== undefined) return literal;
	if (text.startsWith('"'))
		throw new FailureError({ code: 'bad-quotes', message: badQuotes, range: { start, end } } as PlacedFailure);
	return replaceIn(text, start, scope);
}

/** `{{content}}` */
export const placeholder = /\{\{(?!\{)((?:(?!\{\{)[^\r\n])*?)\}\}/g;

function replace(text: string, scope: Scope, at: number, path?: Path): string {
	let result = '';
	let done = 0;
	for (const match of text.matchAll(placeholder)) {
		const start = match.index;
		const place = { start: at + start, end: at + start + match[0].length };
		result += text.slice(done, start) + valueFor((match[1] ?? '').trim(), scope, place, path);
		done = start + match[0].length;
	}
	return result + text.slice(done);
}

/** The value of a placeholder; `content` is the text between the braces. */
export function valueFor(content: string, scope: Scope, place: Range, path = outermost()): string {
	// The outermost placeholder is the one that the user sees.
	return placedAt(place, () => find(content, scope, place, path));
}

/** Adds the place of a placeholder to a failure of its value. */
export function placedAt(place: Range, value: () => string): string {
	try {
		return value();
	} catch (error) {
		if (!(error instanceof FailureError)) throw error;
		throw new FailureError({ ...error.failure, range: place } as PlacedFailure);
	}
}

function find(content: string, scope: Scope, place: Range, { keys, inside }: Path): string {
	if (content === '') throw new FailureError(missingName);
	if (content.startsWith('$')) {
		const call = builtinOf(content);
		if (!call) throw new FailureError(unknownFunction(content.slice(1).split(/\s/)[0] ?? ''));
		const { secretAt } = call.builtin;
		const secret = secretAt === undefined ? undefined : scope.around.secret(call.args[secretAt] ?? '');
		if (secret !== undefined) scope.hidden.add(secret);
		return call.builtin.run(call.args, scope.around);
	}
	const definition = definitionOf(scope.file, content, place.start);
	if (definition) {
		const { value } = definition;
		const key = `${definition.start}`;
		if (keys.includes(key))
			throw fail('variable-cycle', `The definition of the variable "${content}" refers to itself.`);
		inside.count += 1 + (value.text.length >> 10);
		if (keys.length > maxDepth || inside.count > maxValues)
			throw fail(
				'variable-cycle',
				`The variable "${content}" refers to too many other variables. Replace some of them with their values.`,
			);
		return replace(value.text, scope, value.start, { keys: [...keys, key], inside });
	}
	const value = scope.environment.values.get(content);
	if (value !== undefined) {
		if (scope.environment.secret.has(content)) scope.hidden.add(value);
		return value;
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
