import { FailureError } from '../../base/failure';
import { fromBase64, fromHex, toText } from '../../model/contracts/payload';
import { binaryFile, loneSurrogate, placed } from '../failures';
import type { BodyPart, MessageFile, Range, Step, Token } from '../syntax/ast';
import type { RequestOptions } from '../syntax/metadata';
import { replaceIn, type Scope } from '../values/variables';

export interface BodyContext {
	scope: Scope;
	/** Throws if the file cannot be read or may not be read. */
	readFile(path: string): Promise<Uint8Array>;
}

/** `binary`: no part of the bytes is written as text in the message file. */
export interface Body {
	bytes: Uint8Array;
	binary: boolean;
}

/**
 * The bytes of a step; undefined if it has no body. Lines of text are joined by "\n" whatever the file's line ends are, so
 * that a repository sends the same bytes from every machine. Files are sent unchanged. Throws a PlacedFailure.
 */
export async function stepBytes(
	file: MessageFile,
	step: Step,
	encoding: RequestOptions['body'],
	context: BodyContext,
): Promise<Body | undefined> {
	if (step.parts.length === 0) return undefined;
	const pieces: Uint8Array[] = [];
	for (const part of step.parts) {
		if (pieces.length > 0 && !encoding) pieces.push(Uint8Array.of(10));
		pieces.push(part.kind === 'file' ? await fileBytes(part, context) : textBytes(file, part, encoding, context.scope));
	}
	const binary = encoding !== undefined || step.parts.some((part) => part.kind === 'file' && !part.variables);
	return { bytes: join(pieces), binary };
}

async function fileBytes(part: Extract<BodyPart, { kind: 'file' }>, context: BodyContext) {
	const bytes = await readFileAt(part.path, part, context);
	if (!part.variables) return bytes;
	const text = toText(bytes);
	if (text === undefined) throw placed(binaryFile, part);
	try {
		return new TextEncoder().encode(replaceIn(text, part.start, context.scope));
	} catch (error) {
		// A placeholder in the other file has no place in this one: the failure stands at the file's name.
		throw error instanceof FailureError ? placed(error.failure, part) : error;
	}
}

/** Reads the file that a token of the message file names. `place`: where a failure is shown. */
export async function readFileAt(path: Token, place: Range, { scope, readFile }: BodyContext): Promise<Uint8Array> {
	const named = replaceIn(path.text, path.start, scope);
	try {
		return await readFile(named);
	} catch (error) {
		throw error instanceof FailureError ? placed(error.failure, place) : error;
	}
}

function textBytes(
	file: MessageFile,
	part: Extract<BodyPart, { kind: 'text' }>,
	encoding: RequestOptions['body'],
	scope: Scope,
): Uint8Array {
	const written = file.text.slice(part.start, part.end);
	// The payload of a message as it is, which need not be text.
	const whole =
		encoding === undefined && scope.payload ? /^\{\{\s*([^\s.{}]+)\.body\s*\}\}$/.exec(written.trim()) : null;
	const payload = whole ? scope.payload?.(whole[1] ?? '') : undefined;
	if (payload) return payload;
	const text = replaceIn(written.replace(/\r\n/g, '\n'), part.start, scope);
	if (encoding === undefined) {
		if (/\p{Surrogate}/u.test(text)) throw placed(loneSurrogate, part);
		return new TextEncoder().encode(text);
	}
	const encoded = encoding === 'hex' ? fromHex(text) : fromBase64(text);
	if ('bytes' in encoded) return encoded.bytes;
	throw placed({ code: 'bad-body', message: encoded.problem }, part);
}

function join(pieces: Uint8Array[]): Uint8Array {
	const [only] = pieces;
	if (only && pieces.length === 1) return only;
	const whole = new Uint8Array(pieces.reduce((sum, piece) => sum + piece.length, 0));
	let at = 0;
	for (const piece of pieces) {
		whole.set(piece, at);
		at += piece.length;
	}
	return whole;
}
