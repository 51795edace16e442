import { formatNumber } from '../../protocols/coap/formats';
import { fileImport, header, hexOf, literal, pythonBytes, scriptBytes } from './literals';
import { printf, quote } from './shell';
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
	/** Further options by number: their values in hexadecimal. */
	options: [number, string][];
	body?: Message;
	observe: boolean;
}

const methods = ['get', 'post', 'put', 'delete', 'fetch', 'patch', 'ipatch'];
const utf8 = (text: string) => hexOf(new TextEncoder().encode(text));
const digits = (text: string) => text.trim().replace(/^0x/i, '').replaceAll(/\s/g, '');

function decoded(part: string): string {
	try {
		return decodeURIComponent(part);
	} catch {
		// A percent sign of its own.
		return part;
	}
}

/** Undefined where it is none that a tool could send, such as a ping. */
function coapRequest(sketch: Sketch): CoapRequest | undefined {
	const observe = sketch.verb === 'OBSERVE' || sketch.verb === 'SUBSCRIBE';
	const named = header(sketch, 'Verb')?.toLowerCase() ?? sketch.verb.toLowerCase();
	const method = observe || named === 'request' || named === 'publish' ? 'get' : named;
	if (!methods.includes(method)) return undefined;
	const [path = '', ...query] = sketch.target.split('?');
	const options: [number, string][] = [];
	const list = (name: string) => (header(sketch, name) ?? '').split(',').map((one) => one.trim());
	for (const [name, value] of sketch.headers) {
		const plain = name.toLowerCase();
		if (plain === 'if-match') options.push(...list(name).map((one): [number, string] => [1, digits(one)]));
		else if (plain === 'etag') options.push(...list(name).map((one): [number, string] => [4, digits(one)]));
		else if (plain === 'if-none-match' && value === 'true') options.push([5, '']);
		else if (plain === 'uri-host') options.push([3, utf8(value)]);
		else if (/^\d{1,5}$/.test(name)) options.push([Number(name), digits(value)]);
	}
	const number = (name: string) => {
		const text = header(sketch, name);
		return text === undefined ? undefined : formatNumber(text);
	};
	const more = list('Query').filter((one) => one !== '');
	const [body] = sketch.messages;
	return {
		method,
		base: (sketch.url ?? 'coap://localhost').replace(/\/+$/, ''),
		path: path.replace(/^\/+/, '').split('/').map(decoded),
		query: [...query.join('?').split('&').map(decoded), ...more].filter((one) => one !== ''),
		confirmable: header(sketch, 'Type') !== 'non',
		format: number('Content-Format'),
		accept: number('Accept'),
		options,
		...(body && !('bytes' in body && body.bytes.length === 0) && { body }),
		observe,
	};
}

/** "=" may stand in a query as it is. */
const encoded = (parts: string[]) => parts.map((part) => encodeURIComponent(part).replaceAll('%3D', '='));

const urlOf = ({ base, path, query }: CoapRequest) =>
	`${base}/${encoded(path).join('/')}${query.length === 0 ? '' : `?${encoded(query).join('&')}`}`;

/** Seconds that an observation goes on for. */
const observeFor = 60;

/** `coap-client` of libcoap 4.3. */
export function writeCoapClient(sketch: Sketch): string | undefined {
	const request = coapRequest(sketch);
	if (!request) return undefined;
	const { method, observe, format, accept, confirmable, options, body } = request;
	const words = ['coap-client', '-m', method];
	if (observe) words.push('-s', String(observeFor));
	if (format !== undefined) words.push('-t', String(format));
	if (accept !== undefined) words.push('-A', String(accept));
	if (!confirmable) words.push('-N');
	for (const [number, hex] of options) words.push('-O', `${number},${hex === '' ? '' : `0x${hex}`}`);
	if (!body) return [...words, urlOf(request)].map(quote).join(' ');
	if ('file' in body) return [...words, '-f', body.file, urlOf(request)].map(quote).join(' ');
	// Standard input takes any bytes; "-e" would be percent-decoded.
	return `${printf(body.bytes)} | ${[...words, '-f', '-', urlOf(request)].map(quote).join(' ')}`;
}

/** With aiocoap 0.4. */
export function pythonCoap(sketch: Sketch): string | undefined {
	const request = coapRequest(sketch);
	if (!request) return undefined;
	const { method, observe, format, accept, confirmable, options, body } = request;
	const code = method === 'ipatch' ? 'iPATCH' : method.toUpperCase();
	const lines = [
		'import asyncio',
		'',
		'import aiocoap',
		...(options.length > 0 ? ['from aiocoap.optiontypes import OpaqueOption'] : []),
		'',
		'',
		'async def main():',
		'    context = await aiocoap.Context.create_client_context()',
		`    request = aiocoap.Message(code=aiocoap.${code}, uri=${literal(urlOf(request))}${body ? `, payload=${pythonBytes(body)}` : ''})`,
	];
	if (!confirmable)
		lines.push(
			'    # Non-confirmable; the name has changed in 0.4.8.',
			'    if hasattr(aiocoap, "Unreliable"):',
			'        request.transport_tuning = aiocoap.Unreliable',
			'    else:',
			'        request.mtype = aiocoap.NON',
		);
	if (format !== undefined) lines.push(`    request.opt.content_format = ${format}`);
	if (accept !== undefined) lines.push(`    request.opt.accept = ${accept}`);
	for (const [number, hex] of options)
		lines.push(`    request.opt.add_option(OpaqueOption(${number}, bytes.fromhex(${literal(hex)})))`);
	if (observe) lines.push('    request.opt.observe = 0');
	lines.push(
		'    asked = context.request(request)',
		'    response = await asked.response',
		'    print(response.code, response.payload)',
	);
	if (observe)
		lines.push('    async for response in asked.observation:', '        print(response.code, response.payload)');
	return [...lines, '    await context.shutdown()', '', '', 'asyncio.run(main())', ''].join('\n');
}

/** With coap 1, as an ES module. */
export function scriptCoap(sketch: Sketch): string | undefined {
	const request = coapRequest(sketch);
	if (!request || /^coaps:/i.test(request.base)) return undefined;
	const { method, observe, format, accept, confirmable, options, body, path, query } = request;
	const [, host = 'localhost', port] = /^[^:]+:\/\/(\[[^\]]*\]|[^:/?#]*)(?::(\d+))?/.exec(request.base) ?? [];
	const given = [
		`hostname: ${literal(host.replace(/^\[(.*)\]$/, '$1'))}`,
		`port: ${port ?? 5683}`,
		`method: '${method === 'ipatch' ? 'iPATCH' : method.toUpperCase()}'`,
		...(path.some((one) => one.includes('/')) ? [] : [`pathname: ${literal(`/${path.join('/')}`)}`]),
		...(query.length === 0 || query.some((one) => one.includes('&')) ? [] : [`query: ${literal(query.join('&'))}`]),
		`confirmable: ${confirmable}`,
		...(observe ? ['observe: true'] : []),
	];
	const number = (value: number) =>
		value === 0 ? 'Buffer.alloc(0)' : `Buffer.from('${value.toString(16).padStart(value > 255 ? 4 : 2, '0')}', 'hex')`;
	const parts = (name: string, list: string[], separator: string) =>
		list.some((one) => one.includes(separator))
			? [`asked.setOption('${name}', [${list.map((one) => `Buffer.from(${literal(one)})`).join(', ')}]);`]
			: [];
	const lines = [
		...fileImport(sketch),
		"import { request } from 'coap';",
		'',
		`const asked = request({ ${given.join(', ')} });`,
		// The library takes paths and queries as they are: what holds a separator is given in its parts.
		...parts('Uri-Path', path, '/'),
		...parts('Uri-Query', query, '&'),
		...(format === undefined ? [] : [`asked.setOption('Content-Format', ${number(format)});`]),
		...(accept === undefined ? [] : [`asked.setOption('Accept', ${number(accept)});`]),
		...[...new Set(options.map(([one]) => one))].map((one) => {
			const values = options.filter(([same]) => same === one).map(([, hex]) => `Buffer.from('${hex}', 'hex')`);
			return `asked.setOption('${one}', ${values.length === 1 ? values[0] : `[${values.join(', ')}]`});`;
		}),
		// Longer ones go in blocks of 1,024 bytes, which the library does only when told (RFC 7959).
		...(body && ('file' in body || body.bytes.length > 1024) ? ["asked.setOption('Block1', Buffer.of(6));"] : []),
		"asked.on('error', (error) => {",
		'  console.error(error.message);',
		'  process.exitCode = 1;',
		'});',
		"asked.on('response', (response) => {",
		...(observe
			? ["  response.on('data', (payload) => console.log(response.code, payload.toString()));"]
			: ['  console.log(response.code, response.payload.toString());']),
		'});',
		`asked.end(${body ? scriptBytes(body) : ''});`,
		'',
	];
	return lines.join('\n');
}
