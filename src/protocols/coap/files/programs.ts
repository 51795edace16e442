import { type Code, program, python, script } from '../../shared/commands/code';
import { comments, fileImport, hostOf, pythonBytes, scriptBytes } from '../../shared/commands/literals';
import type { Sketch } from '../../shared/commands/sketch';
import { uintBytes } from '../wire/options';
import { coapRequest, encode, methods, urlOf } from './request';

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

/** Returns true for parts that the library does not change: it drops empty ones and composes characters. */
const isSimple = (parts: string[]) => parts.every((part) => /^[\w.~=-]+$/.test(part));

/** With coap 1, as an ES module. */
export function scriptCoap(sketch: Sketch): string | undefined {
	const request = coapRequest(sketch);
	if (!request || !/^coap:/i.test(request.base)) return undefined;
	const { method, observe, format, accept, confirmable, options, body, path, query, left } = request;
	const { host, port = 5683 } = hostOf(request.base, 'coap');
	const settings = [
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
		script`const asked = request({ ${settings} });`,
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
		// The library sends longer payloads in blocks (RFC 7959) only with this option: 6 stands for 1,024 bytes.
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
