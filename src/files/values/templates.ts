import type { Range } from '../syntax/ast';
import { definitionOf, isOfRule, referenceOf } from '../syntax/names';
import { builtinOf } from './builtins';
import { placedAt, placeholder, replaceIn, type Scope, valueFor } from './variables';

/**
 * A text with its placeholders found once. What is the same for each message is replaced. Functions with another value each
 * time and the parts of a rule's message are evaluated each time.
 */
export interface Template {
	/** The text is the same for each message. */
	constant: boolean;
	/** Throws as `replaceIn` does. */
	text(scope: Scope): string;
}

type Piece = string | ((scope: Scope) => string);

/** Throws as `replaceIn` does. */
export function compileText(text: string, at: number, scope: Scope): Template {
	// Finds circles and texts that grow without end, so that the pieces are finite.
	replaceIn(text, at, scope);
	const pieces = joined(piecesOf(text, at, scope));
	const [only = '', more] = pieces;
	if (more === undefined && typeof only === 'string') return { constant: true, text: () => only };
	return {
		constant: false,
		text(own) {
			let whole = '';
			for (const piece of pieces) whole += typeof piece === 'string' ? piece : piece(own);
			return whole;
		},
	};
}

/** `shown`: the outermost placeholder, which is the one that the user sees. */
function piecesOf(text: string, at: number, scope: Scope, shown?: Range): Piece[] {
	const pieces: Piece[] = [];
	let done = 0;
	for (const match of text.matchAll(placeholder)) {
		const start = at + match.index;
		const own = { start, end: start + match[0].length };
		const place = shown ?? own;
		pieces.push(text.slice(done, match.index));
		done = match.index + match[0].length;
		const content = (match[1] ?? '').trim();
		const call = builtinOf(content);
		const definition = definitionOf(scope.file, content, start);
		const reference = scope.environment.values.has(content) ? undefined : referenceOf(content);
		if (call?.builtin.fresh) pieces.push(({ around }) => placedAt(place, () => call.builtin.run(call.args, around)));
		else if (definition) pieces.push(...piecesOf(definition.value.text, definition.value.start, scope, place));
		else if (reference && isOfRule(reference.request)) {
			const { request, part, path } = reference;
			pieces.push((each) => {
				const found = each.result(request, part, path);
				return found?.found ? found.text : placedAt(place, () => valueFor(content, each, own));
			});
		} else pieces.push(valueFor(content, scope, own));
	}
	pieces.push(text.slice(done));
	return pieces;
}

/** Texts next to each other as one. */
function joined(pieces: readonly Piece[]): Piece[] {
	const result: Piece[] = [];
	for (const piece of pieces) {
		const last = result.at(-1);
		if (typeof piece === 'string' && typeof last === 'string') result[result.length - 1] = last + piece;
		else if (piece !== '') result.push(piece);
	}
	return result;
}
