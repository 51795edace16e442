import { fromHex, toText } from '../../model/contracts/payload';
import { formatNumber } from '../../model/text/content-formats';
import { checkTarget, targetOptions } from '../../protocols/coap/describe/target';
import { option, uintBytes } from '../../protocols/coap/wire/options';
import { type Code, hexOf, program, python, script, wellFormed } from './code';
import { comments, fileImport, hostOf, type LeftOut, pythonBytes, scriptBytes, sortHeaders } from './literals';
import { commandLine, scriptOf } from './shell';
import type { Message, Sketch } from './sketch';

/** A request as every CoAP tool takes it. */
interface CoapRequest {
	method: string;
	/** Of the server, without a slash at its end. */
	base: string;
	/** Uri-Path and Uri-Query options (RFC 7252, 5.10.1), as what they stand for. */
	path: string[];
	query: string[];
	confirmable: boolean;
	/** Numbers of content formats (RFC 7252, 12.3); undefined: none is named. */
	format?: number;
	accept?: number;
	/** Further options by number. */
	options: [number, Uint8Array][];
	body?: Message;
	observe: boolean;
	left: LeftOut[];
}

const methods: Record<string, [python: Code, script: string]> = {
	get: [python`GET`, 'GET'],
	post: [python`POST`, 'POST'],
	put: [python`PUT`, 'PUT'],
	delete: [python`DELETE`, 'DELETE'],
	fetch: [python`FETCH`, 'FETCH'],
	patch: [python`PATCH`, 'PATCH'],
	ipatch: [python`iPATCH`, 'iPATCH'],
};
const fields = ['Verb', 'Type', 'Query', 'Content-Format', 'Accept', 'If-Match', 'ETag', 'If-None-Match', 'Uri-Host'];

const encode = (text: string) => new TextEncoder().encode(text);

/** Undefined where it is none that a tool could send, such as a ping. */
function coapRequest(sketch: Sketch): CoapRequest | undefined {
	const { field, own } = sortHeaders(sketch, fields);
	const observe = sketch.verb === 'OBSERVE' || sketch.verb === 'SUBSCRIBE';
	const named = field('Verb')?.toLowerCase() ?? sketch.verb.toLowerCase();
	const method = observe || named === 'request' || named === 'publish' ? 'get' : named;
	const base = (sketch.url ?? 'coap://localhost').replace(/\/+$/, '');
	if (!Object.hasOwn(methods, method) || !/^coaps?(?:\+\w+)?:\/\//i.test(base)) return undefined;
	// Paths that no URL can name, too (RFC 3986, 6.2.2.3).
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
		else left.push([`${name}: ${digits}`, 'which is no option of CoAP with a value in hexadecimal']);
	};
	/** A draft has its list as it is; a request separates it with commas. */
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
		if (text !== undefined && value === undefined) left.push([`${name} ${text}`, 'which is no known content format']);
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

/** "=" may stand in a query as it is. */
const encoded = (parts: string[]) => parts.map((part) => encodeURIComponent(wellFormed(part)).replaceAll('%3D', '='));

const urlOf = ({ base, path, query }: CoapRequest) =>
	`${base}/${encoded(path).join('/')}${query.length === 0 ? '' : `?${encoded(query).join('&')}`}`;

/** Seconds that an observation goes on for. */
const observeFor = 60;

/** `coap-client` of libcoap 4.3. */
export function writeCoapClient(sketch: Sketch): string | undefined {
	const request = coapRequest(sketch);
	if (!request) return undefined;
	const { method, observe, format, accept, confirmable, options, body, left } = request;
	const words = ['coap-client', '-m', method];
	if (observe) words.push('-s', String(observeFor));
	if (format !== undefined) words.push('-t', String(format));
	if (accept !== undefined) words.push('-A', String(accept));
	if (!confirmable) words.push('-N');
	for (const [number, bytes] of options) words.push('-O', `${number},${bytes.length === 0 ? '' : `0x${hexOf(bytes)}`}`);
	// "-e" would be percent-decoded.
	if (body) words.push('-f', 'file' in body ? body.file : '-');
	words.push(urlOf(request));
	return scriptOf(left, [commandLine(words, body && 'bytes' in body ? body : undefined)]);
}

/** With aiocoap 0.4. */
export function pythonCoap(sketch: Sketch): string | undefined {
	const request = coapRequest(sketch);
	if (!request) return undefined;
	const { method, observe, format, accept, confirmable, options, body, left } = request;
	const lines = [
		python`import asyncio`,
		python``,
		python`import aiocoap`,
		...(options.length > 0 ? [python`from aiocoap.optiontypes import OpaqueOption`] : []),
		python``,
		...comments('#', left),
		python``,
		python`async def main():`,
		python`    context = await aiocoap.Context.create_client_context()`,
		python`    request = aiocoap.Message(code=aiocoap.${methods[method]?.[0] ?? []}, uri=${urlOf(request)}${body ? python`, payload=${pythonBytes(body)}` : []})`,
	];
	if (!confirmable)
		lines.push(
			python`    # Non-confirmable; the name has changed in 0.4.8.`,
			python`    if hasattr(aiocoap, "Unreliable"):`,
			python`        request.transport_tuning = aiocoap.Unreliable`,
			python`    else:`,
			python`        request.mtype = aiocoap.NON`,
		);
	if (format !== undefined) lines.push(python`    request.opt.content_format = ${format}`);
	if (accept !== undefined) lines.push(python`    request.opt.accept = ${accept}`);
	for (const [number, bytes] of options)
		lines.push(python`    request.opt.add_option(OpaqueOption(${number}, ${bytes}))`);
	if (observe) lines.push(python`    request.opt.observe = 0`);
	lines.push(
		python`    asked = context.request(request)`,
		python`    response = await asked.response`,
		python`    print(response.code, response.payload)`,
	);
	if (observe)
		lines.push(
			python`    async for response in asked.observation:`,
			python`        print(response.code, response.payload)`,
		);
	return program([...lines, python`    await context.shutdown()`, python``, python``, python`asyncio.run(main())`]);
}

/** What the library leaves as it is: it drops empty parts and composes characters. */
const isSimple = (parts: string[]) => parts.every((part) => /^[\w.~=-]+$/.test(part));

/** With coap 1, as an ES module. */
export function scriptCoap(sketch: Sketch): string | undefined {
	const request = coapRequest(sketch);
	if (!request || !/^coap:/i.test(request.base)) return undefined;
	const { method, observe, format, accept, confirmable, options, body, path, query, left } = request;
	const { host, port = 5683 } = hostOf(request.base, 'coap');
	const given = [
		script`hostname: ${host}`,
		script`port: ${port}`,
		script`method: ${methods[method]?.[1] ?? ''}`,
		...(isSimple(path) ? [script`pathname: ${`/${path.join('/')}`}`] : []),
		...(query.length > 0 && isSimple(query) ? [script`query: ${query.join('&')}`] : []),
		script`confirmable: ${confirmable}`,
		...(observe ? [script`observe: true`] : []),
	];
	const set = (name: Code, values: Uint8Array[]) => {
		const [first, ...others] = values.map((value) => script`${value}`);
		return script`asked.setOption(${name}, ${first && others.length === 0 ? first : script`[${first ? [first, ...others] : []}]`});`;
	};
	const parts = (name: Code, list: string[]) => (isSimple(list) ? [] : [set(name, list.map(encode))]);
	const lines = [
		...fileImport(sketch),
		script`import { request } from 'coap';`,
		script``,
		...comments('//', left),
		script`const asked = request({ ${given} });`,
		...parts(script`'Uri-Path'`, path),
		...parts(script`'Uri-Query'`, query),
		...(format === undefined ? [] : [set(script`'Content-Format'`, [uintBytes(format)])]),
		...(accept === undefined ? [] : [set(script`'Accept'`, [uintBytes(accept)])]),
		...[...new Set(options.map(([number]) => number))].map((number) =>
			set(
				script`${String(number)}`,
				options.filter(([same]) => same === number).map(([, bytes]) => bytes),
			),
		),
		// Longer ones go in blocks of 1,024 bytes, which the library does only when told (RFC 7959).
		...(body && ('file' in body || body.bytes.length > 1024) ? [script`asked.setOption('Block1', Buffer.of(6));`] : []),
		script`asked.on('error', (error) => {`,
		script`  console.error(error.message);`,
		script`  process.exitCode = 1;`,
		script`});`,
		script`asked.on('response', (response) => {`,
		observe
			? script`  response.on('data', (payload) => console.log(response.code, payload.toString()));`
			: script`  console.log(response.code, response.payload.toString());`,
		script`});`,
		script`asked.end(${body ? scriptBytes(body) : []});`,
	];
	return program(lines);
}
