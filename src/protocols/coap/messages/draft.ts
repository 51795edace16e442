import { fail } from '../../../base/failure';
import type { Draft } from '../../../model/contracts/message';
import { fromHex } from '../../../model/contracts/payload';
import type { Values } from '../../../model/profile/field';
import { formatNumber } from '../../../model/text/content-formats';
import { shortened } from '../../../model/text/text';
import { methods } from '../describe/codes';
import { checkTarget, normal, targetOptions } from '../describe/target';
import { withBody } from '../describe/verbs';
import { type Option, option, uintBytes } from '../wire/options';

/** A request that may be sent: in blocks if its payload is longer than one. */
export interface Request {
	code: number;
	confirmable: boolean;
	options: Option[];
	payload: Uint8Array;
	/** 0 to 6: of the blocks to send, and to ask for if below 6 (RFC 7959, 2.2). */
	szx: number;
	/** How its answers are filed. */
	target: string;
}

const encoder = new TextEncoder();
/** Options of one request, in bytes: with a block they stay well within a datagram. */
const mostOptionBytes = 32_000;
const mostBlocks = 2 ** 20;

export const szxOf = (size: unknown): number =>
	typeof size === 'number' ? Math.max(0, [16, 32, 64, 128, 256, 512, 1024].indexOf(size)) : 6;

/** Throws in a sentence what is wrong with the draft. `profile`: the values of the connection. */
export function requestOf({ verb, target, values, payload }: Draft, profile: Values): Request {
	const method = Object.entries(methods).find(([id]) => id === verb);
	if (!method) throw fail('bad-verb', `CoAP has no way to send named "${shortened(verb, 40)}".`);
	const [, { code, label }] = method;
	const body = withBody.some((one) => one === verb);
	if (!body && payload.length > 0)
		throw fail(
			'no-payload',
			`A ${label} carries no payload (RFC 7252, 5.8), and this one has ${payload.length} bytes.`,
		);
	const options = requestOptions(target, values, profile);
	if (body) options.push(...format(option.contentFormat, 'Content-Format', values.contentFormat));
	options.push(
		...list(values.ifMatch).map((hex) => opaque(option.ifMatch, 'If-Match', hex, 0, 8)),
		...list(values.etag).map((hex) => opaque(option.etag, 'ETag', hex, 1, 8)),
		...(values.ifNoneMatch === true ? [{ number: option.ifNoneMatch, value: new Uint8Array() }] : []),
	);
	sort(options);
	const size = values.blockSize ? values.blockSize : profile.blockSize;
	const szx = szxOf(size);
	if (payload.length > mostBlocks * (16 << szx))
		throw fail('too-large', `${payload.length} bytes do not fit into ${mostBlocks} blocks of ${16 << szx} bytes.`);
	const confirmable = values.type !== 'non';
	return { code, confirmable, options, payload, szx, target: normal(target) };
}

/** What every request has, observations too: resource, host, Accept and what the user adds. In order of numbers. */
export function requestOptions(target: string, values: Values, profile: Values): Option[] {
	const wrong = checkTarget(target);
	if (wrong) throw fail('bad-target', wrong);
	const host = values.uriHost || profile.uriHost;
	const options = [
		...(typeof host === 'string' ? [{ number: option.uriHost, value: encoder.encode(host) }] : []),
		...targetOptions(target),
		...list(values.query).map((text) => ({ number: option.uriQuery, value: encoder.encode(text) })),
		...format(option.accept, 'Accept', values.accept),
		...pairs(values.options).map(further),
	];
	const bytes = options.reduce((sum, { value }) => sum + value.length + 5, 0);
	if (bytes > mostOptionBytes)
		throw fail('too-large', `The options take ${bytes} bytes, and at most ${mostOptionBytes} are sent.`);
	return sort(options);
}

/** Options stand in the order of their numbers; those of one number keep theirs. */
function sort(options: Option[]): Option[] {
	return options.sort((a, b) => a.number - b.number);
}

function format(number: number, label: string, value: unknown): Option[] {
	if (value === undefined || value === '') return [];
	const known = formatNumber(String(value));
	if (known === undefined)
		throw fail('bad-format', `${label}: no content format is known by the name "${shortened(String(value), 100)}".`, {
			remedy: { text: 'Give its number (0 to 65535).' },
		});
	return [{ number, value: uintBytes(known) }];
}

function opaque(number: number, label: string, hex: string, least: number, most: number): Option {
	const value = bytesOf(label, hex);
	if (value.length < least || value.length > most)
		throw fail('bad-option', `${label} has ${value.length} bytes, and ${least} to ${most} are allowed.`);
	return { number, value };
}

function further([name, hex]: [string, string]): Option {
	const number = /^\d{1,5}$/.test(name.trim()) ? Number(name) : Number.NaN;
	if (!(number <= 65_535)) throw fail('bad-option', `"${shortened(name, 40)}" is no number of an option (0 to 65535).`);
	return { number, value: bytesOf(`Option ${number}`, hex) };
}

function bytesOf(label: string, hex: string): Uint8Array {
	const read = fromHex(hex);
	if ('problem' in read) throw fail('bad-option', `${label}: ${read.problem}`);
	return read.bytes;
}

const list = (value: unknown): string[] =>
	Array.isArray(value) ? value.map(String) : typeof value === 'string' && value !== '' ? [value] : [];
const pairs = (value: unknown): [string, string][] =>
	Array.isArray(value) ? value.filter((one): one is [string, string] => Array.isArray(one) && one.length === 2) : [];
