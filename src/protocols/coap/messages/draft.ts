import { fail } from '../../../base/failure';
import type { Draft } from '../../../model/contracts/message';
import { fromHex } from '../../../model/contracts/payload';
import type { Values } from '../../../model/profile/field';
import { formatNumber } from '../../../model/text/content-formats';
import { shortened } from '../../../model/text/text';
import { type Method, methods } from '../describe/codes';
import { checkTarget, normal, targetOptions } from '../describe/target';
import { withBody } from '../describe/verbs';
import { type Option, option, uintBytes } from '../wire/options';
import type { Request } from '../wire/transfer';

const encoder = new TextEncoder();
/** Maximum size of a request's options, in bytes: together with a block they stay well within a datagram. */
const maxOptionBytes = 32_000;
const maxBlocks = 2 ** 20;

export const szxOf = (size: unknown): number =>
	typeof size === 'number' ? Math.max(0, [16, 32, 64, 128, 256, 512, 1024].indexOf(size)) : 6;

/** Builds the request of a draft. Throws what is wrong with the draft. `profile`: the values of the connection. */
export function requestOf({ verb, target, values, payload }: Draft, profile: Values): Request {
	if (!Object.hasOwn(methods, verb)) throw fail('bad-verb', `CoAP has no verb "${shortened(verb, 40)}".`);
	const { code, label } = methods[verb as Method];
	const hasBody = withBody.some((method) => method === verb);
	if (!hasBody && payload.length > 0)
		throw fail(
			'no-payload',
			`A ${label} carries no payload (RFC 7252, 5.8), and this one has ${payload.length} bytes.`,
		);
	const options = requestOptions(target, values, profile);
	if (hasBody) options.push(...format(option.contentFormat, 'Content-Format', values.contentFormat));
	options.push(
		...list(values.ifMatch).map((hex) => opaque(option.ifMatch, 'If-Match', hex, 0, 8)),
		...list(values.etag).map((hex) => opaque(option.etag, 'ETag', hex, 1, 8)),
		...(values.ifNoneMatch === true ? [{ number: option.ifNoneMatch, value: new Uint8Array() }] : []),
	);
	sort(options);
	const size = values.blockSize ? values.blockSize : profile.blockSize;
	const szx = szxOf(size);
	if (payload.length > maxBlocks * (16 << szx))
		throw fail('too-large', `${payload.length} bytes do not fit into ${maxBlocks} blocks of ${16 << szx} bytes.`);
	const confirmable = values.type !== 'non';
	return { code, confirmable, options, payload, szx, target: normal(target) };
}

/** Options of every request and observation, in the order of their numbers: resource, host, Accept and additional ones. */
export function requestOptions(target: string, values: Values, profile: Values): Option[] {
	const wrong = checkTarget(target);
	if (wrong) throw fail('bad-target', wrong);
	const host = values.uriHost || profile.uriHost;
	const options = [
		...(typeof host === 'string' ? [{ number: option.uriHost, value: encoder.encode(host) }] : []),
		...targetOptions(target),
		...list(values.query).map((text) => ({ number: option.uriQuery, value: encoder.encode(text) })),
		...format(option.accept, 'Accept', values.accept),
		...pairs(values.options).map(additional),
	];
	const bytes = options.reduce((sum, { value }) => sum + value.length + 5, 0);
	if (bytes > maxOptionBytes)
		throw fail('too-large', `The options take ${bytes} bytes, and at most ${maxOptionBytes} are sent.`);
	return sort(options);
}

/** Sorts options by number; those with the same number keep their order. */
function sort(options: Option[]): Option[] {
	return options.sort((a, b) => a.number - b.number);
}

function format(number: number, label: string, value: unknown): Option[] {
	if (value === undefined || value === '') return [];
	const found = formatNumber(String(value));
	if (found === undefined)
		throw fail('bad-format', `${label}: no content format is known by the name "${shortened(String(value), 100)}".`, {
			remedy: { text: 'Enter its number (0 to 65535).' },
		});
	return [{ number, value: uintBytes(found) }];
}

function opaque(number: number, label: string, hex: string, min: number, max: number): Option {
	const value = bytesOf(label, hex);
	if (value.length < min || value.length > max)
		throw fail('bad-option', `${label} has ${value.length} bytes; ${min} to ${max} are allowed.`);
	return { number, value };
}

function additional([name, hex]: [string, string]): Option {
	const number = /^\d{1,5}$/.test(name.trim()) ? Number(name) : Number.NaN;
	if (!(number <= 65_535)) throw fail('bad-option', `"${shortened(name, 40)}" is not an option number (0 to 65535).`);
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
	Array.isArray(value)
		? value.filter((pair): pair is [string, string] => Array.isArray(pair) && pair.length === 2)
		: [];
