import { isUtf8 } from 'node:buffer';
import { FailureError } from '../../base/failure';
import type { Coding, Decoding } from '../../model/contracts/message';
import { scanJson } from '../../model/json/json';
import { createOutline, type Outline } from '../../model/json/outline';
import { createBytes, wholeCharacters } from './bytes';
import { layCbor } from './cbor';
import { readMsgpack } from './msgpack';
import { xmlProblem } from './xml';

/** Only this many bytes of a payload are examined. */
const maxBytes = 256 * 1024;

const claims: [Decoding, RegExp][] = [
	['senml', /^application\/(senml|sensml)\+(json|cbor)\b/i],
	['link-format', /^application\/link-format\b(?!\+)/i],
	['json', /^[^;]*[/+]json\b/i],
	['xml', /^[^;]*[/+]xml\b/i],
	['cbor', /^[^;]*[/+]cbor(-seq)?\b/i],
	['msgpack', /^[^;]*[/+](x-|vnd\.)?(msgpack|messagepack)\b/i],
	['text', /^text\//i],
];

/** Decodings that are offered whenever they are claimed; errors are reported on decoding. */
const trusted: readonly Decoding[] = ['text', 'senml', 'link-format'];

/** The decoding that a content type names. */
export const claimedDecoding = (contentType: string | undefined): Decoding | undefined =>
	contentType === undefined ? undefined : claims.find(([, pattern]) => pattern.test(contentType))?.[0];

/** Decodings that fit a payload, the best first: the one its content type claims, then those that its bytes suggest. */
export function fittingDecodings(payload: Buffer, contentType?: string): Decoding[] {
	const claimed = claimedDecoding(contentType);
	const head = payload.subarray(0, maxBytes);
	const isCut = head.length < payload.length;
	const found = new Set<Decoding>();
	if (claimed && (trusted.includes(claimed) || reads(claimed, head, isCut, true))) found.add(claimed);
	if (claimed === 'senml' && /cbor/i.test(contentType ?? '')) found.add('cbor');
	if (isUtf8(isCut ? head.subarray(0, wholeCharacters(payload, maxBytes)) : head)) {
		const isJson = reads('json', head, isCut, false);
		// A single number or word is JSON as well, but gains nothing from a layout.
		if (isJson && /^\s*[[{]/.test(head.toString('latin1', 0, 100))) found.add('json');
		if (!isJson && reads('xml', head, isCut, false)) found.add('xml');
		found.add('text');
		if (isJson) found.add('json');
		return [...found, 'hex', 'base64'];
	}
	for (const decoding of ['cbor', 'msgpack'] as const) if (reads(decoding, head, isCut, false)) found.add(decoding);
	return [...found, 'hex', 'base64'].filter((decoding, at, all) => all.indexOf(decoding) === at) as Decoding[];
}

/** The decodings of a compressed payload: its decompressed bytes can be shown in hexadecimal as well. */
export const withUnpacked = (decodings: Decoding[], coding: Coding | undefined): Decoding[] =>
	coding ? decodings.flatMap((one) => (one === 'hex' ? (['unpacked', 'hex'] as const) : [one])) : decodings;

/**
 * Whether a payload can be decoded in this way. Unless it was claimed, the content must also be plausible. `outline`
 * receives the content.
 */
export function reads(
	decoding: Decoding,
	head: Buffer,
	isCut: boolean,
	isClaimed: boolean,
	outline: Outline = createOutline({ text: 8 * maxBytes, numbers: 0 }),
): boolean {
	if (head.length === 0) return false;
	try {
		if (decoding === 'xml') return isXml(head, isCut);
		if (decoding === 'json') {
			const { error } = scanJson(head.toString(), outline);
			if (error) throw error;
		} else if (decoding === 'cbor') {
			if (!isClaimed && !looksLikeCbor(head)) return false;
			layCbor(createBytes(head), outline);
		} else {
			if (!isClaimed && !looksLikeMsgpack(head)) return false;
			readMsgpack(createBytes(head), outline);
		}
	} catch (error) {
		const code = error instanceof FailureError ? error.failure.code : '';
		// Exceeding a limit of the layout is no counterargument, but binary data that nests this deeply is implausible.
		const isTooMuch = code === 'too-long' || (code === 'too-deep' && (isClaimed || decoding === 'json'));
		if (!isTooMuch && !(isCut && code === 'cut')) return false;
	}
	return isClaimed || (outline.doubts.length === 0 && !outline.isOdd && outline.items <= 1);
}

/** Starts with a list, a map or a tag; a single number or text in binary data is not significant. */
const looksLikeCbor = (head: Buffer): boolean =>
	head.length > 1 && (head[0] as number) >= 0x80 && (head[0] as number) <= 0xdb;

/** Starts with a list or a map. */
function looksLikeMsgpack(head: Buffer): boolean {
	const first = head[0] as number;
	return head.length > 1 && ((first >= 0x80 && first < 0xa0) || (first >= 0xdc && first <= 0xdf));
}

/** Starts with a tag or a declaration, and what is present is well-formed. */
const isXml = (head: Buffer, isCut: boolean): boolean =>
	/^\s*<[?!\p{L}_]/u.test(head.toString('utf8', 0, 100)) && xmlProblem(head.toString(), isCut) === undefined;
