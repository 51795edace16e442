import { toText } from '../../../model/contracts/payload';
import { program, python, script } from '../../shared/commands/code';
import { fileImport, header, pythonBytes, scriptBytes } from '../../shared/commands/literals';
import type { Message, Sketch, SketchHeader } from '../../shared/commands/sketch';

/** Returns true if a message is sent as a binary frame: its type says so, or it is not text. */
export const isBinary = (sketch: Sketch, one: Message) =>
	header(sketch, 'Type') === 'binary' || 'file' in one || toText(one.bytes) === undefined;

/** The subprotocols and the headers of the opening handshake. */
export function handshake(sketch: Sketch): { subprotocols: string[]; headers: [string, string][] } {
	const isProtocol = ([name]: SketchHeader) => name.toLowerCase() === 'sec-websocket-protocol';
	const subprotocols = sketch.headers.filter(isProtocol).flatMap(([, value]) => value.split(','));
	const type = sketch.headers.find(([name, , kind]) => name === 'Type' && kind !== 'message');
	return {
		subprotocols: subprotocols.map((one) => one.trim()).filter((one) => one !== ''),
		headers: sketch.headers.filter((one) => one !== type && !isProtocol(one)).map(([name, value]) => [name, value]),
	};
}

/** The code and reason of a sketch that closes the connection. */
export function closeOf({ own }: Sketch): { code: number; reason: string } | undefined {
	if (own?.verb !== 'close') return undefined;
	const { code, reason } = own.values;
	return { code: typeof code === 'number' ? code : 1000, reason: typeof reason === 'string' ? reason : '' };
}

/** With websockets 10 and later. */
export function pythonWebSocket(sketch: Sketch): string {
	const { subprotocols, headers } = handshake(sketch);
	const args = [python`${sketch.url ?? ''}`];
	if (subprotocols.length > 0) args.push(python`subprotocols=[${subprotocols.map((one) => python`${one}`)}]`);
	const lines = [python`import asyncio`, python``, python`import websockets`, python``];
	if (headers.length > 0) {
		lines.push(
			python`# The name of the argument has changed in version 14.`,
			python`name = "additional_headers" if int(websockets.version.version.split(".")[0]) >= 14 else "extra_headers"`,
			python`headers = {name: [${headers.map(([name, value]) => python`(${name}, ${value})`)}]}`,
			python``,
		);
		args.push(python`**headers`);
	}
	lines.push(python``, python`async def main():`, python`    async with websockets.connect(${args}) as socket:`);
	const close = closeOf(sketch);
	if (close)
		return program([
			...lines,
			python`        await socket.close(${close.code}, ${close.reason})`,
			python`        print(socket.close_code, socket.close_reason)`,
			python``,
			python``,
			python`asyncio.run(main())`,
		]);
	for (const one of sketch.messages) {
		const text = 'bytes' in one && !isBinary(sketch, one) ? toText(one.bytes) : undefined;
		lines.push(python`        await socket.send(${text ?? pythonBytes(one)})`);
	}
	return program([
		...lines,
		python`        try:`,
		python`            while True:`,
		python`                print(await asyncio.wait_for(socket.recv(), 2))`,
		python`        except asyncio.TimeoutError:`,
		python`            pass`,
		python``,
		python``,
		python`asyncio.run(main())`,
	]);
}

/** With ws 8, as an ES module. */
export function scriptWebSocket(sketch: Sketch): string {
	const { subprotocols, headers } = handshake(sketch);
	const names = [...new Set(headers.map(([name]) => name.toLowerCase()))];
	// An object contains a name once: headers with the same name become a list.
	const entries = names.map((name) => {
		const same = headers.filter(([one]) => one.toLowerCase() === name);
		const values = same.map(([, value]) => script`${value}`);
		return script`[${same[0]?.[0] ?? name}]: ${values.length === 1 ? values : script`[${values}]`}`;
	});
	const lines = [
		...fileImport(sketch),
		script`import { once } from 'node:events';`,
		script`import WebSocket from 'ws';`,
		script``,
		script`const socket = new WebSocket(${sketch.url ?? ''}, [${subprotocols.map((one) => script`${one}`)}]${entries.length > 0 ? script`, { headers: { ${entries} } }` : []});`,
		script`socket.on('message', (data, isBinary) => console.log(isBinary ? data : data.toString()));`,
		script`await once(socket, 'open');`,
	];
	const close = closeOf(sketch);
	if (close)
		return program([
			...lines,
			script`socket.on('close', (code, reason) => console.log(code, reason.toString()));`,
			script`socket.close(${close.code}, ${close.reason});`,
		]);
	for (const one of sketch.messages)
		lines.push(script`socket.send(${scriptBytes(one)}, { binary: ${isBinary(sketch, one)} });`);
	return program([...lines, script`setTimeout(() => socket.close(), 2000);`]);
}
