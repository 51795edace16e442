import { isUtf8 } from 'node:buffer';
import { toFailure } from '../../base/failure';
import type { Decoded, Decoding } from '../../model/contracts/message';
import { scanJson } from '../../model/json/json';
import { createOutline, type Outline } from '../../model/json/outline';
import { createBytes } from './bytes';
import { layCbor } from './cbor';
import { base64Lines, hexDump } from './hex';
import { layLinks } from './link-format';
import { readMsgpack } from './msgpack';
import { wholeCharacters } from './preview';
import { senmlFromCbor, senmlFromJson, senmlText } from './senml';
import { layXml, xmlProblem } from './xml';

/** Bytes of a payload that one call decodes; a dump is five times as long as its bytes. */
const mostBytes = 16 * 1024 * 1024;
const mostDumped = 2 * 1024 * 1024;
const mostNumbers = 1000;

/** A payload, or its first `most` bytes, as text. Never throws for what the payload is. */
export function decodePayload(payload: Buffer, decoding: Decoding, most: number): Decoded {
	const limit = Math.max(0, Math.min(most, decoding === 'hex' ? mostDumped : mostBytes));
	const isText = ['json', 'text', 'link-format', 'xml'].includes(decoding);
	const shownBytes = isText ? wholeCharacters(payload, limit) : Math.min(payload.length, limit);
	const shown = payload.subarray(0, shownBytes);
	const sizes = { shownBytes, totalBytes: payload.length };
	switch (decoding) {
		case 'hex':
			return { text: hexDump(shown), language: 'plaintext', ...sizes };
		case 'base64':
			return { text: base64Lines(shown), language: 'plaintext', ...sizes };
		case 'text':
			return withProblem({ text: shown.toString(), language: languageOf(shown), ...sizes }, invalidText(shown));
		case 'json':
			return decodeJson(shown, sizes);
		case 'xml':
			return decodeXml(shown, sizes);
		case 'link-format':
			return decodeLinks(shown, sizes);
		case 'senml':
			return decodeSenml(shown, sizes);
		default:
			return decodeBinary(shown, decoding, sizes);
	}
}

/** Numbers in a payload by their path; empty if it cannot be decoded. */
export function numbersIn(payload: Buffer, decoding: Decoding): ReadonlyMap<string, number> {
	const outline = createOutline({ text: 4 * mostBytes, numbers: mostNumbers });
	try {
		if (decoding === 'json') scanJson(payload.toString(), outline);
		else if (decoding === 'cbor') layCbor(createBytes(payload), outline);
		else if (decoding === 'msgpack') readMsgpack(createBytes(payload), outline);
	} catch {
		// What comes before the fault counts.
	}
	return outline.numbers;
}

type Sizes = Pick<Decoded, 'shownBytes' | 'totalBytes'>;

const outlineFor = (size: number): Outline => createOutline({ text: 1024 * 1024 + 10 * size, numbers: 0 });

function decodeJson(shown: Buffer, sizes: Sizes): Decoded {
	const source = shown.toString();
	const outline = outlineFor(source.length);
	const { end, error } = scanJson(source, outline);
	const isCut = error?.failure.code === 'cut' && sizes.shownBytes < sizes.totalBytes;
	// What could not be laid out follows as it is.
	const text = error ? outline.text() + source.slice(end) : outline.text();
	return withProblem({ text, language: 'json', ...sizes }, isCut ? undefined : error?.message, invalidText(shown));
}

function decodeXml(shown: Buffer, sizes: Sizes): Decoded {
	const source = shown.toString();
	const { text, problem } = layXml(source);
	const malformed = xmlProblem(source, sizes.shownBytes < sizes.totalBytes);
	return withProblem({ text, language: 'xml', ...sizes }, problem, malformed, invalidText(shown));
}

function decodeLinks(shown: Buffer, sizes: Sizes): Decoded {
	const outline = outlineFor(shown.length);
	const source = shown.toString();
	let end = 0;
	let problem: string | undefined;
	try {
		({ end, problem } = layLinks(source, outline));
	} catch (error) {
		problem = toFailure(error, 'This could not be decoded.').message;
	}
	// What could not be laid out follows as it is.
	const text = [outline.text().trimEnd(), source.slice(end).trim()].filter((part) => part !== '').join('\n');
	return withProblem({ text, language: 'plaintext', ...sizes }, problem, invalidText(shown));
}

/** Both forms of it: a pack in JSON starts with a bracket, which is no list in CBOR. */
function decodeSenml(shown: Buffer, sizes: Sizes): Decoded {
	try {
		const isJson = /^\s*\[/.test(shown.toString('latin1', 0, 100));
		const text = senmlText(isJson ? senmlFromJson(shown.toString()) : senmlFromCbor(createBytes(shown)));
		return { text, language: 'plaintext', ...sizes };
	} catch (error) {
		const problem = toFailure(error, 'This could not be decoded.').message;
		return { text: '', language: 'plaintext', ...sizes, problem };
	}
}

function decodeBinary(shown: Buffer, decoding: 'cbor' | 'msgpack', sizes: Sizes): Decoded {
	const outline = outlineFor(shown.length);
	const bytes = createBytes(shown);
	let problem: string | undefined;
	let shownBytes = sizes.shownBytes;
	try {
		if (decoding === 'cbor') layCbor(bytes, outline);
		else readMsgpack(bytes, outline);
	} catch (error) {
		const failure = toFailure(error, 'This could not be decoded.');
		shownBytes = bytes.at;
		if (failure.code !== 'cut' || sizes.shownBytes === sizes.totalBytes) problem = failure.message;
	}
	const decoded: Decoded = { text: outline.text(), language: 'plaintext', shownBytes, totalBytes: sizes.totalBytes };
	return withProblem(decoded, problem, ...outline.doubts);
}

function withProblem(decoded: Decoded, ...problems: (string | undefined)[]): Decoded {
	const all = problems.filter((problem) => problem !== undefined);
	return all.length > 0 ? { ...decoded, problem: all.join(' ') } : decoded;
}

function invalidText(bytes: Buffer): string | undefined {
	return isUtf8(bytes) ? undefined : 'It is not valid UTF-8: bytes that are no text are shown as \ufffd.';
}

function languageOf(bytes: Buffer): string {
	const start = bytes.subarray(0, 100).toString().trimStart();
	if (/^[[{]/.test(start)) return 'json';
	return /^<[?!a-zA-Z]/.test(start) ? 'xml' : 'plaintext';
}
