import { encodePayload, payloadFormats } from '../../../model/contracts/payload';
import { type Json, parseJson } from '../../../model/json/value';
import { type Code, program, python, script } from '../../shared/commands/code';
import { header, whole } from '../../shared/commands/literals';
import type { Sketch } from '../../shared/commands/sketch';
import { toArguments } from '../describe/arguments';
import { parseTarget } from '../describe/target';
import { endpointOf } from '../settings';
import { pythonJson, scriptJson } from './json-code';

/** An event with its arguments, or the namespace that is listened to. */
interface Event {
	/** Without path and query; the libraries take the scheme of HTTP. */
	server: string;
	path: string;
	namespace: string;
	query: readonly [string, string][];
	auth?: Json;
	event: string;
	arguments: Json[][];
	attachments: readonly Uint8Array[];
	/** Seconds to wait for an acknowledgement; undefined: none is asked for. */
	ackWithin?: number;
	isVolatile: boolean;
}

/** Undefined for a sketch that cannot be sent, or whose payload is in a file. */
function eventOf(sketch: Sketch): Event | undefined {
	const [, scheme = 'http', host = 'localhost', rest = ''] =
		/^([a-z]+):\/\/([^/?#]*)([^#]*)/i.exec(sketch.url ?? '') ?? [];
	const endpoint = endpointOf(rest, sketch.profile ?? {});
	const server = `${scheme.toLowerCase().replace(/^ws/, 'http')}://${host}`;
	const auth = jsonOf(sketch.profile?.auth);
	const common = {
		...{ server, path: endpoint.path, query: endpoint.query, event: '', arguments: [], attachments: [] },
		...(auth?.kind === 'map' && { auth }),
		isVolatile: header(sketch, 'Volatile') === 'true',
	};
	if (sketch.verb === 'SUBSCRIBE') return { ...common, namespace: `/${sketch.target.replace(/^\//, '')}` };
	const attachments = attachmentsOf(sketch);
	if (!attachments) return undefined;
	const { namespace, event } = parseTarget(sketch.target);
	const isRequest = sketch.verb === 'REQUEST' || sketch.own?.verb === 'request';
	const sent = sketch.messages.map((one) => {
		if ('file' in one) return undefined;
		try {
			const { list, attachments: all } = toArguments(one.bytes, header(sketch, 'As') ?? 'list', attachments);
			const value = jsonOf(new TextDecoder('utf-8', { ignoreBOM: true }).decode(list));
			return value?.kind === 'list' && hasLiterals(value) ? { items: value.items, all } : undefined;
		} catch {
			return undefined;
		}
	});
	const valid = sent.filter((one) => one !== undefined);
	// Attachments are those of the only message: several messages have none in common with a payload of their own.
	if (valid.length !== sent.length || (valid.length > 1 && header(sketch, 'As') === 'binary')) return undefined;
	return {
		...common,
		...{ namespace, event, arguments: valid.map(({ items }) => items), attachments: valid[0]?.all ?? [] },
		...(isRequest && { ackWithin: whole(header(sketch, 'Ack-Timeout'), 1, 3600) ?? 10 }),
	};
}

const jsonOf = (text: unknown): Json | undefined => {
	const parsed = typeof text === 'string' ? parseJson(text) : undefined;
	return parsed && 'value' in parsed ? parsed.value : undefined;
};

/** A number beyond the doubles has no literal that is sent as that number. */
function hasLiterals(value: Json): boolean {
	if (value.kind === 'number') return Number.isFinite(Number(value.source));
	if (value.kind === 'list') return value.items.every(hasLiterals);
	return value.kind !== 'map' || value.members.every(([, member]) => hasLiterals(member));
}

/** The attachments of the headers, each with its notation behind it. Undefined if one is not of its notation. */
function attachmentsOf({ headers }: Sketch): Uint8Array[] | undefined {
	const list: Uint8Array[] = [];
	for (const [at, [name, text, kind]] of headers.entries()) {
		if (kind === 'message' || name.toLowerCase() !== 'attachments') continue;
		const [next = '', format = ''] = headers[at + 1] ?? [];
		const notation =
			next.toLowerCase() === 'attachments-format' ? payloadFormats.find((one) => one === format) : 'text';
		const encoded = encodePayload(notation ?? 'text', text);
		if ('problem' in encoded) return undefined;
		list.push(encoded.bytes);
	}
	return list;
}

/** With socket.io-client 4.6 or later, as an ES module. */
export function scriptSocketIo(sketch: Sketch): string | undefined {
	const event = eventOf(sketch);
	if (!event) return undefined;
	const { server, path, namespace, query, auth, ackWithin, isVolatile } = event;
	const none = () => undefined;
	const options = [
		script`transports: ['websocket']`,
		...(path === '/socket.io/' ? [] : [script`path: ${path}`]),
		...(query.length > 0 ? [script`query: { ${query.map(([name, value]) => script`[${name}]: ${value}`)} }`] : []),
		...(sketch.username === undefined ? [] : [script`extraHeaders: { Authorization: ${basic(sketch.username)} }`]),
	];
	const socketOptions = auth ? script`, { auth: ${scriptJson(auth, none)} }` : [];
	const lines = [
		script`import { Manager } from 'socket.io-client';`,
		script``,
		script`const manager = new Manager(${server}, { ${options} });`,
		script`const socket = manager.socket(${namespace}${socketOptions});`,
		script`socket.onAny((event, ...values) => console.log(event, ...values));`,
		script`socket.on('connect_error', (error) => { throw error; });`,
	];
	if (sketch.verb === 'SUBSCRIBE') return program(lines);
	lines.push(script`await new Promise((resolve) => socket.once('connect', resolve));`);
	const attachment = (num: number) => codeOf(script, event.attachments[num]);
	for (const items of event.arguments) {
		const values = [script`${event.event}`, ...items.map((item) => scriptJson(item, attachment))];
		lines.push(
			ackWithin !== undefined
				? script`console.log(await socket.timeout(${ackWithin * 1000}).emitWithAck(${values}));`
				: script`socket${isVolatile ? script`.volatile` : []}.emit(${values});`,
		);
	}
	return program([...lines, script`setTimeout(() => socket.disconnect(), 2000);`]);
}

const codeOf = (language: typeof script, bytes: Uint8Array | undefined) => bytes && language`${bytes}`;

/** The value of the header Authorization. The user replaces PASSWORD. */
const basic = (username: string): Code => script`'Basic ' + Buffer.from(${`${username}:PASSWORD`}).toString('base64')`;

/** With python-socketio 5. */
export function pythonSocketIo(sketch: Sketch): string | undefined {
	const event = eventOf(sketch);
	if (!event) return undefined;
	const { server, path, namespace, query, auth, ackWithin } = event;
	const none = () => undefined;
	const search = query.length > 0 ? `?${new URLSearchParams([...query])}` : '';
	const options = [
		python`${`${server}${search}`}`,
		python`namespaces=[${python`${namespace}`}]`,
		python`transports=["websocket"]`,
		...(path === '/socket.io/' ? [] : [python`socketio_path=${path}`]),
		...(auth ? [python`auth=${pythonJson(auth, none)}`] : []),
		...(sketch.username === undefined
			? []
			: [
					python`headers={"Authorization": "Basic " + base64.b64encode(${`${sketch.username}:PASSWORD`}.encode()).decode()}`,
				]),
	];
	const lines = [
		...(sketch.username === undefined ? [] : [python`import base64`, python``]),
		python`import socketio`,
		python``,
		python`client = socketio.Client()`,
		python`client.on("*", lambda *values: print(*values), namespace=${namespace})`,
		python`client.connect(${options})`,
	];
	if (sketch.verb === 'SUBSCRIBE') return program([...lines, python`client.wait()`]);
	const attachment = (num: number) => codeOf(python, event.attachments[num]);
	for (const items of event.arguments) {
		// A tuple is a list of arguments: with one item it has a comma behind it.
		const values = items.map((item) => pythonJson(item, attachment));
		const tuple = values.length === 1 ? python`(${values},)` : python`(${values})`;
		const place = [python`${event.event}`, tuple, python`namespace=${namespace}`];
		lines.push(
			ackWithin === undefined
				? python`client.emit(${place})`
				: python`print(client.call(${[...place, python`timeout=${ackWithin}`]}))`,
		);
	}
	return program([...lines, python`client.sleep(2)`, python`client.disconnect()`]);
}
