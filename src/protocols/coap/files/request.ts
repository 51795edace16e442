import { fromHex, toText } from '../../../model/contracts/payload';
import { formatNumber } from '../../../model/text/content-formats';
import { type Code, python, wellFormed } from '../../shared/commands/code';
import { type LeftOut, sortHeaders } from '../../shared/commands/literals';
import type { Message, Sketch } from '../../shared/commands/sketch';
import { checkTarget, targetOptions } from '../describe/target';
import { option } from '../wire/options';

/** A request, independent of the tool that sends it. */
export interface CoapRequest {
	method: string;
	/** The URL of the server, without a trailing slash. */
	base: string;
	/** Uri-Path and Uri-Query options (RFC 7252, section 5.10.1), decoded. */
	path: string[];
	query: string[];
	confirmable: boolean;
	/** Numbers of content formats (RFC 7252, section 12.3); undefined if there is none. */
	format?: number;
	accept?: number;
	/** Other options by number. */
	options: [number, Uint8Array][];
	body?: Message;
	observe: boolean;
	left: LeftOut[];
}

export const methods: Record<string, [python: Code, script: string]> = {
	get: [python`GET`, 'GET'],
	post: [python`POST`, 'POST'],
	put: [python`PUT`, 'PUT'],
	delete: [python`DELETE`, 'DELETE'],
	fetch: [python`FETCH`, 'FETCH'],
	patch: [python`PATCH`, 'PATCH'],
	ipatch: [python`iPATCH`, 'iPATCH'],
};
const fields = ['Verb', 'Type', 'Query', 'Content-Format', 'Accept', 'If-Match', 'ETag', 'If-None-Match', 'Uri-Host'];

export const encode = (text: string) => new TextEncoder().encode(text);

/** Undefined for a request that no tool can send, such as a ping. */
export function coapRequest(sketch: Sketch): CoapRequest | undefined {
	const { field, own } = sortHeaders(sketch, fields);
	const observe = sketch.verb === 'OBSERVE' || sketch.verb === 'SUBSCRIBE';
	const named = field('Verb')?.toLowerCase() ?? sketch.verb.toLowerCase();
	const method = observe || named === 'request' || named === 'publish' ? 'get' : named;
	const base = (sketch.url ?? 'coap://localhost').replace(/\/+$/, '');
	if (!Object.hasOwn(methods, method) || !/^coaps?(?:\+\w+)?:\/\//i.test(base)) return undefined;
	// No URL can express a segment "." or ".." (RFC 3986, section 6.2.2.3).
	const parts = checkTarget(sketch.target) === undefined ? targetOptions(sketch.target) : undefined;
	const texts = (number: number) => parts?.filter((one) => one.number === number).map(({ value }) => toText(value));
	const path = texts(option.uriPath);
	const query = texts(option.uriQuery);
	if (!path?.every(isText) || !query?.every(isText) || path.some((one) => one === '.' || one === '..'))
		return undefined;
	const left: LeftOut[] = [];
	const options: [number, Uint8Array][] = [];
	const add = (number: number, name: string, digits: string) => {
		const encoded = fromHex(digits);
		if (number <= 65_535 && 'bytes' in encoded) options.push([number, encoded.bytes]);
		else left.push([`${name}: ${digits}`, 'which is not an option of CoAP with a value in hexadecimal']);
	};
	/** A list in a draft is an array; in a request it is separated by commas. */
	const list = (name: string, key: string) => {
		const value = sketch.own?.values[key];
		if (Array.isArray(value)) return value.filter((one) => typeof one === 'string');
		return (field(name) ?? '').split(',').flatMap((one) => (one.trim() === '' ? [] : [one.trim()]));
	};
	for (const digits of list('If-Match', 'ifMatch')) add(option.ifMatch, 'If-Match', digits);
	for (const digits of list('ETag', 'etag')) add(option.etag, 'ETag', digits);
	if (field('If-None-Match') === 'true') options.push([option.ifNoneMatch, new Uint8Array()]);
	const host = field('Uri-Host');
	if (host !== undefined) options.push([option.uriHost, encode(host)]);
	for (const [name, value] of own) add(/^\d{1,5}$/.test(name.trim()) ? Number(name) : Number.NaN, name, value);
	const number = (name: string) => {
		const text = field(name);
		const value = text === undefined ? undefined : formatNumber(text);
		if (text !== undefined && value === undefined)
			left.push([`${name} ${text}`, 'which is not a known content format']);
		return value;
	};
	const [body, ...others] = sketch.messages;
	if (others.length > 0) left.push(['all messages but the first', 'since this is one request']);
	return {
		method,
		base,
		path,
		query: [...query, ...list('Query', 'query')],
		confirmable: field('Type') !== 'non',
		format: number('Content-Format'),
		accept: number('Accept'),
		options,
		...(body && !('bytes' in body && body.bytes.length === 0) && { body }),
		observe,
		left,
	};
}

const isText = (text: string | undefined): text is string => text !== undefined;

/** Percent-encodes parts of a path or a query, in which "=" needs no encoding. */
const encoded = (parts: string[]) => parts.map((part) => encodeURIComponent(wellFormed(part)).replaceAll('%3D', '='));

export const urlOf = ({ base, path, query }: CoapRequest) =>
	`${base}/${encoded(path).join('/')}${query.length === 0 ? '' : `?${encoded(query).join('&')}`}`;
