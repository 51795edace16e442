import { isUtf8 } from 'node:buffer';
import { toFailure } from '../../base/failure';
import type { Decoded, Decoding, HexWidth } from '../../model/contracts/message';
import { scanJson } from '../../model/json/json';
import { createOutline, type Outline } from '../../model/json/outline';
import { createBytes, wholeCharacters } from './bytes';
import { layCbor } from './cbor';
import { base64Lines, hexDump } from './hex';
import { layLinks } from './link-format';
import { readMsgpack } from './msgpack';
import { senmlFromCbor, senmlFromJson, senmlText } from './senml';
import { layXml, xmlProblem } from './xml';

/** Maximum number of bytes that one call decodes; a hex dump is five times as long as its bytes. */
const maxBytes = 16 * 1024 * 1024;
const maxDumped = 2 * 1024 * 1024;
const maxNumbers = 1000;

/**
 * Decodes a payload, or its first `max` bytes, as text. `perLine`: bytes per line of a hex dump. Never throws because of
 * the payload's content.
 */
export function decodePayload(payload: Buffer, decoding: Decoding, max: number, perLine: HexWidth = 16): Decoded {
	const limit = Math.max(0, Math.min(max, decoding === 'hex' || decoding === 'unpacked' ? maxDumped : maxBytes));
	const isText = ['json', 'text', 'link-format', 'xml'].includes(decoding);
	const shownBytes = isText ? wholeCharacters(payload, limit) : Math.min(payload.length, limit);
	const shown = payload.subarray(0, shownBytes);
	const sizes = { shownBytes, totalBytes: payload.length };
	switch (decoding) {
		case 'hex':
		case 'unpacked':
			return { text: hexDump(shown, perLine), language: 'hex', ...sizes };
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

/** A number in a payload: the nearest double, and its digits as they are written there. */
export interface ChartedNumber {
	value: number;
	digits: string;
}

/** Numbers in a payload by their path, up to the first error. */
export function numbersIn(payload: Buffer, decoding: Decoding): ReadonlyMap<string, number> {
	return outlineOf(payload, decoding).numbers;
}

/** The number at a path of a payload. */
export function numberIn(payload: Buffer, decoding: Decoding, path: string): ChartedNumber | undefined {
	const { numbers, digits } = outlineOf(payload, decoding);
	const value = numbers.get(path);
	return value === undefined ? undefined : { value, digits: digits.get(path) ?? String(value) };
}

function outlineOf(payload: Buffer, decoding: Decoding): Outline {
	const outline = createOutline({ text: 4 * maxBytes, numbers: maxNumbers });
	try {
		if (decoding === 'json') scanJson(payload.toString(), outline);
		else if (decoding === 'cbor') layCbor(createBytes(payload), outline);
		else if (decoding === 'msgpack') readMsgpack(createBytes(payload), outline);
	} catch {
		// Numbers before the error are kept.
	}
	return outline;
}

type Sizes = Pick<Decoded, 'shownBytes' | 'totalBytes'>;

const outlineFor = (size: number): Outline => createOutline({ text: 1024 * 1024 + 10 * size, numbers: 0 });

function decodeJson(shown: Buffer, sizes: Sizes): Decoded {
	const source = shown.toString();
	const outline = outlineFor(source.length);
	const { end, error } = scanJson(source, outline);
	const isCut = error?.failure.code === 'cut' && sizes.shownBytes < sizes.totalBytes;
	// The rest that could not be laid out is appended unchanged.
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
		problem = toFailure(error, 'The payload could not be decoded.').message;
	}
	// The rest that could not be laid out is appended unchanged.
	const text = [outline.text().trimEnd(), source.slice(end).trim()].filter((part) => part !== '').join('\n');
	return withProblem({ text, language: 'plaintext', ...sizes }, problem, invalidText(shown));
}

/** SenML in JSON or CBOR: a pack in JSON starts with a bracket, which is no list in CBOR. */
function decodeSenml(shown: Buffer, sizes: Sizes): Decoded {
	try {
		const isJson = /^\s*\[/.test(shown.toString('latin1', 0, 100));
		const text = senmlText(isJson ? senmlFromJson(shown.toString()) : senmlFromCbor(createBytes(shown)));
		return { text, language: 'plaintext', ...sizes };
	} catch (error) {
		const problem = toFailure(error, 'The payload could not be decoded.').message;
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
		const failure = toFailure(error, 'The payload could not be decoded.');
		shownBytes = bytes.at;
		if (failure.code !== 'cut' || sizes.shownBytes === sizes.totalBytes) problem = failure.message;
	}
	const decoded: Decoded = { text: outline.text(), language: 'diagnostic', shownBytes, totalBytes: sizes.totalBytes };
	return withProblem(decoded, problem, ...outline.doubts);
}

function withProblem(decoded: Decoded, ...problems: (string | undefined)[]): Decoded {
	const all = problems.filter((problem) => problem !== undefined);
	return all.length > 0 ? { ...decoded, problem: all.join(' ') } : decoded;
}

function invalidText(bytes: Buffer): string | undefined {
	return isUtf8(bytes) ? undefined : 'It is not valid UTF-8: invalid bytes are shown as \ufffd.';
}

function languageOf(bytes: Buffer): string {
	const start = bytes.subarray(0, 100).toString().trimStart();
	if (/^[[{]/.test(start)) return 'json';
	return /^<[?!a-zA-Z]/.test(start) ? 'xml' : 'plaintext';
}
