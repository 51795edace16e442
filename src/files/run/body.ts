import { FailureError } from '../../base/failure';
import { fromBase64, fromHex, toText } from '../../model/contracts/payload';
import type { BodyPart, MessageFile, PlacedFailure, Step } from '../syntax/ast';
import { replaceIn, type Scope } from '../values/variables';

export interface BodyContext {
	scope: Scope;
	/** Throws if it cannot be read, or must not be. */
	readFile(path: string): Promise<Uint8Array>;
}

/**
 * A step's bytes: lines of text joined by "\n" whatever the file's line ends are, so that one repository sends the
 * same bytes from every machine; files as they are. Undefined: the step has no body. `binary`: nothing was typed as
 * text. Throws a PlacedFailure.
 */
export async function stepBytes(
	file: MessageFile,
	step: Step,
	encoding: 'hex' | 'base64' | undefined,
	context: BodyContext,
): Promise<{ bytes: Uint8Array; binary: boolean } | undefined> {
	if (step.parts.length === 0) return undefined;
	const pieces: Uint8Array[] = [];
	for (const part of step.parts) {
		if (pieces.length > 0 && !encoding) pieces.push(Uint8Array.of(10));
		pieces.push(await partBytes(file, part, encoding, context));
	}
	const binary = encoding !== undefined || step.parts.some((part) => part.kind === 'file' && !part.variables);
	return { bytes: join(pieces), binary };
}

async function partBytes(
	file: MessageFile,
	part: BodyPart,
	encoding: 'hex' | 'base64' | undefined,
	context: BodyContext,
): Promise<Uint8Array> {
	if (part.kind === 'file') {
		const path = replaceIn(part.path.text, part.path.start, context.scope);
		const bytes = await placedAt(part, () => context.readFile(path));
		if (!part.variables) return bytes;
		const text = toText(bytes);
		const wrong = 'The file is not text: write "<" instead of "<@" to send it as it is.';
		if (text === undefined) throw placed('binary-file', wrong, part);
		// Its placeholders have no place of their own in this file.
		return placedAt(part, async () => new TextEncoder().encode(replaceIn(text, part.start, context.scope)));
	}
	const text = replaceIn(file.text.slice(part.start, part.end).replace(/\r\n/g, '\n'), part.start, context.scope);
	if (encoding === undefined) {
		if (/\p{Surrogate}/u.test(text))
			throw placed('bad-text', 'Half a character (a lone surrogate) cannot be sent.', part);
		return new TextEncoder().encode(text);
	}
	const encoded = encoding === 'hex' ? fromHex(text) : fromBase64(text);
	if ('bytes' in encoded) return encoded.bytes;
	throw placed('bad-body', encoded.problem, part);
}

function placed(code: string, message: string, { start, end }: BodyPart): FailureError {
	return new FailureError({ code, message, range: { start, end } } as PlacedFailure);
}

async function placedAt<T>({ start, end }: BodyPart, action: () => Promise<T>): Promise<T> {
	try {
		return await action();
	} catch (error) {
		if (!(error instanceof FailureError)) throw error;
		throw new FailureError({ ...error.failure, range: { start, end } } as PlacedFailure);
	}
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
