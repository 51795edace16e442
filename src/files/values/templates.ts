import { definitionOf } from '../syntax/names';
import type { Surroundings } from './builtin';
import { builtinOf } from './builtins';
import { placeholder, replaceIn, type Scope, valueFor } from './variables';

/** A text with its placeholders found once: what is the same for each message is replaced, the rest is called each time. */
export interface Template {
	/** The text is the same for each message. */
	constant: boolean;
	text(around: Surroundings): string;
}

type Piece = string | ((around: Surroundings) => string);

/** Throws as `replaceIn` does. */
export function compileText(text: string, at: number, scope: Scope): Template {
	// Finds circles and texts that grow without end, so that the pieces are finite.
	replaceIn(text, at, scope);
	const pieces = joined(piecesOf(text, at, scope));
	const [only = '', more] = pieces;
	if (more === undefined && typeof only === 'string') return { constant: true, text: () => only };
	return {
		constant: false,
		text(around) {
			let whole = '';
			for (const piece of pieces) whole += typeof piece === 'string' ? piece : piece(around);
			return whole;
		},
	};
}

function piecesOf(text: string, at: number, scope: Scope): Piece[] {
	const pieces: Piece[] = [];
	let done = 0;
	for (const match of text.matchAll(placeholder)) {
		const start = at + match.index;
		pieces.push(text.slice(done, match.index));
		done = match.index + match[0].length;
		const content = (match[1] ?? '').trim();
		const call = builtinOf(content);
		const definition = definitionOf(scope.file, content, start);
		if (call?.builtin.fresh) pieces.push((around) => call.builtin.run(call.args, around));
		else if (definition) pieces.push(...piecesOf(definition.value.text, definition.value.start, scope));
		else pieces.push(valueFor(content, scope, { start, end: start + match[0].length }));
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
