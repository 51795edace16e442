import { FailureError } from '../../../base/failure';
import { fromBase64, fromHex, toText } from '../../../model/contracts/payload';
import { binaryFile, loneSurrogate, placed } from '../../failures';
import type { BodyPart, MessageFile, Range, Step, Token } from '../../syntax/ast';
import type { RequestOptions } from '../../syntax/metadata';
import { replaceIn, type Scope } from '../../values/variables';

const newline = 10;

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
	for (const part of step.parts)
		pieces.push(part.kind === 'file' ? await fileBytes(part, context) : textBytes(file, part, encoding, context.scope));
	return { bytes: joinedBytes(pieces, encoding), binary: isBinary(step, encoding) };
}

export const isBinary = ({ parts }: Step, encoding: RequestOptions['body']): boolean =>
	encoding !== undefined || parts.some((part) => part.kind === 'file' && !part.variables);

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

/** The name of the request whose payload a body consists of: it is sent as it is, since it need not be text. */
export const payloadName = (written: string, encoding: RequestOptions['body']): string | undefined =>
	encoding === undefined ? /^\{\{\s*([^\s.{}]+)\.body\s*\}\}$/.exec(written.trim())?.[1] : undefined;

/** The bytes of lines of text. Throws a PlacedFailure. */
export function textBytes(
	file: MessageFile,
	part: Extract<BodyPart, { kind: 'text' }>,
	encoding: RequestOptions['body'],
	scope: Scope,
): Uint8Array {
	const written = file.text.slice(part.start, part.end);
	const name = payloadName(written, encoding);
	const payload = name === undefined ? undefined : scope.payload?.(name);
	return payload ?? encodedBytes(replaceIn(withLineFeeds(written), part.start, scope), part, encoding);
}

export const withLineFeeds = (written: string): string => written.replace(/\r\n/g, '\n');

const encoder = new TextEncoder();

/** Throws a PlacedFailure for text that is no Unicode, or not in the encoding. */
export function encodedBytes(text: string, part: Range, encoding: RequestOptions['body']): Uint8Array {
	if (encoding === undefined) {
		if (/\p{Surrogate}/u.test(text)) throw placed(loneSurrogate, part);
		return encoder.encode(text);
	}
	const encoded = encoding === 'hex' ? fromHex(text) : fromBase64(text);
	if ('bytes' in encoded) return encoded.bytes;
	throw placed({ code: 'bad-body', message: encoded.problem }, part);
}

/** The parts of a body; each of them is lines of its own, unless the text is encoded. */
export function joinedBytes(pieces: readonly Uint8Array[], encoding: RequestOptions['body']): Uint8Array {
	const [only] = pieces;
	if (only && pieces.length === 1) return only;
	const between = encoding === undefined ? 1 : 0;
	const whole = new Uint8Array(pieces.reduce((sum, { length }) => sum + length + between, -between));
	let at = 0;
	for (const [index, piece] of pieces.entries()) {
		if (index > 0 && between > 0) whole[at++] = newline;
		whole.set(piece, at);
		at += piece.length;
	}
	return whole;
}
