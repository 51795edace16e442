import { toText } from '../../model/payload';
import { fileImport, header, hostOf, literal, messagesOf, pythonBytes, scriptBytes } from './literals';
import type { Message, Sketch } from './sketch';

/** Options of an MQTT message; every other header is a user property. */
const options = [
	'QoS',
	'Retain',
	'Content-Type',
	'Response-Topic',
	'Correlation-Data',
	'Message-Expiry',
	'Payload-Format',
	'Topic-Alias',
	'Type',
];
const own = (sketch: Sketch) => sketch.headers.filter(([name]) => !options.includes(name));
const needsFive = (sketch: Sketch) => sketch.headers.some(([name]) => !['QoS', 'Retain'].includes(name));

function address(sketch: Sketch) {
	const { scheme, host, port, path } = hostOf(sketch.url ?? '', 'mqtt');
	const tls = scheme.endsWith('s') && scheme !== 'ws';
	const web = scheme.startsWith('ws');
	return { host, port: port ?? (web ? (tls ? 443 : 80) : tls ? 8883 : 1883), tls, web, path: path || '/mqtt' };
}

const pythonProperties: Record<string, (value: string) => string> = {
	'Content-Type': (value) => `ContentType = ${literal(value)}`,
	'Response-Topic': (value) => `ResponseTopic = ${literal(value)}`,
	'Correlation-Data': (value) =>
		`CorrelationData = ${/^0x(?:[0-9a-f]{2})+$/i.test(value) ? `bytes.fromhex(${literal(value.slice(2))})` : `${literal(value)}.encode()`}`,
	'Message-Expiry': (value) => `MessageExpiryInterval = ${Number(value)}`,
	'Payload-Format': (value) => `PayloadFormatIndicator = ${value === 'true' ? 1 : 0}`,
	'Topic-Alias': (value) => `TopicAlias = ${Number(value)}`,
};

/** With paho-mqtt, 1.6 and 2. */
export function pythonMqtt(sketch: Sketch): string {
	const { host, port, tls, web, path } = address(sketch);
	const five = needsFive(sketch);
	const subscribes = sketch.verb === 'SUBSCRIBE';
	const lines = ['import threading', '', 'import paho.mqtt.client as mqtt'];
	if (five && !subscribes)
		lines.push('from paho.mqtt.packettypes import PacketTypes', 'from paho.mqtt.properties import Properties');
	lines.push(
		'',
		'# paho-mqtt 2 asks which callbacks are meant; 1.6 does not know the question.',
		'version = [mqtt.CallbackAPIVersion.VERSION2] if hasattr(mqtt, "CallbackAPIVersion") else []',
		`client = mqtt.Client(*version, protocol=mqtt.${five ? 'MQTTv5' : 'MQTTv311'}${web ? ', transport="websockets"' : ''})`,
	);
	if (web) lines.push(`client.ws_set_options(path=${literal(path)})`);
	if (sketch.username !== undefined) lines.push(`client.username_pw_set(${literal(sketch.username)}, "PASSWORD")`);
	if (tls) lines.push('client.tls_set()');
	lines.push('connected = threading.Event()', 'client.on_connect = lambda *_: connected.set()');
	if (subscribes)
		lines.push('client.on_message = lambda _client, _data, message: print(message.topic, message.payload)');
	lines.push(
		`client.connect(${literal(host)}, ${port})`,
		'client.loop_start()',
		'if not connected.wait(10):',
		'    raise SystemExit("no connection")',
		'',
	);
	if (subscribes)
		return [
			...lines,
			`client.subscribe(${literal(sketch.target)}, qos=${Number(header(sketch, 'QoS') ?? 0)})`,
			'threading.Event().wait()',
			'',
		].join('\n');
	if (five) {
		lines.push('properties = Properties(PacketTypes.PUBLISH)');
		for (const [name, value] of sketch.headers) {
			const line = pythonProperties[name]?.(value);
			if (line) lines.push(`properties.${line}`);
		}
		const pairs = own(sketch);
		if (pairs.length > 0)
			lines.push(
				`properties.UserProperty = [${pairs.map(([name, value]) => `(${literal(name)}, ${literal(value)})`).join(', ')}]`,
			);
	}
	const more = `qos=${Number(header(sketch, 'QoS') ?? 0)}, retain=${header(sketch, 'Retain') === 'true' ? 'True' : 'False'}${five ? ', properties=properties' : ''}`;
	for (const one of messagesOf(sketch))
		lines.push(
			`message = client.publish(${literal(sketch.target)}, ${pythonBytes(one)}, ${more})`,
			'message.wait_for_publish(10)',
		);
	return [...lines, 'client.disconnect()', 'client.loop_stop()', ''].join('\n');
}

const isBinary = (sketch: Sketch, one: Message) =>
	header(sketch, 'Type') === 'binary' || 'file' in one || toText(one.bytes) === undefined;

function handshake(sketch: Sketch): { subprotocols: string[]; headers: [string, string][] } {
	const subprotocols = (header(sketch, 'Sec-WebSocket-Protocol') ?? '').split(',').map((one) => one.trim());
	return {
		subprotocols: subprotocols.filter((one) => one !== ''),
		headers: sketch.headers
			.filter(([name, , kind]) => kind === 'message' || (name !== 'Type' && name !== 'Sec-WebSocket-Protocol'))
			.map(([name, value]) => [name, value]),
	};
}

/** With websockets 10 and later. */
export function pythonWebSocket(sketch: Sketch): string {
	const { subprotocols, headers } = handshake(sketch);
	const args = [literal(sketch.url ?? '')];
	if (subprotocols.length > 0) args.push(`subprotocols=${JSON.stringify(subprotocols)}`);
	const pairs = `[${headers.map(([name, value]) => `(${literal(name)}, ${literal(value)})`).join(', ')}]`;
	const lines = ['import asyncio', '', 'import websockets', ''];
	if (headers.length > 0) {
		lines.push(
			'# The name of the argument has changed in version 14.',
			'name = "additional_headers" if int(websockets.version.version.split(".")[0]) >= 14 else "extra_headers"',
			`headers = {name: ${pairs}}`,
			'',
		);
		args.push('**headers');
	}
	lines.push('', 'async def main():', `    async with websockets.connect(${args.join(', ')}) as socket:`);
	for (const one of sketch.messages)
		lines.push(
			`        await socket.send(${isBinary(sketch, one) ? pythonBytes(one) : literal(toText('bytes' in one ? one.bytes : new Uint8Array()) ?? '')})`,
		);
	lines.push(
		'        try:',
		'            while True:',
		'                print(await asyncio.wait_for(socket.recv(), 2))',
		'        except asyncio.TimeoutError:',
		'            pass',
	);
	return [...lines, '', '', 'asyncio.run(main())', ''].join('\n');
}

/** With mqtt (MQTT.js) 5, as an ES module. */
export function scriptMqtt(sketch: Sketch): string {
	const five = needsFive(sketch);
	const { host, port, tls, web, path } = address(sketch);
	const connect = [
		`host: ${literal(host)}`,
		`port: ${port}`,
		`protocol: '${web ? 'ws' : 'mqtt'}${tls ? 's' : ''}'`,
		...(web ? [`path: ${literal(path)}`] : []),
		`protocolVersion: ${five ? 5 : 4}`,
	];
	if (sketch.username !== undefined) connect.push(`username: ${literal(sketch.username)}`, `password: 'PASSWORD'`);
	const lines = [
		...fileImport(sketch),
		"import mqtt from 'mqtt';",
		'',
		`const client = await mqtt.connectAsync({ ${connect.join(', ')} });`,
	];
	const qos = Number(header(sketch, 'QoS') ?? 0);
	if (sketch.verb === 'SUBSCRIBE')
		return [
			...lines,
			"client.on('message', (topic, payload) => console.log(topic, payload.toString()));",
			`await client.subscribeAsync(${literal(sketch.target)}, { qos: ${qos} });`,
			'',
		].join('\n');
	const properties: string[] = [];
	const add = (name: string, key: string, write: (value: string) => string) => {
		const value = header(sketch, name);
		if (value !== undefined) properties.push(`${key}: ${write(value)}`);
	};
	add('Content-Type', 'contentType', literal);
	add('Response-Topic', 'responseTopic', literal);
	add('Correlation-Data', 'correlationData', (value) =>
		/^0x(?:[0-9a-f]{2})+$/i.test(value)
			? `Buffer.from(${literal(value.slice(2))}, 'hex')`
			: `Buffer.from(${literal(value)})`,
	);
	add('Message-Expiry', 'messageExpiryInterval', (value) => String(Number(value)));
	add('Payload-Format', 'payloadFormatIndicator', (value) => String(value === 'true'));
	add('Topic-Alias', 'topicAlias', (value) => String(Number(value)));
	const pairs = own(sketch);
	// One object for all would lose a name that is there twice.
	if (pairs.length > 0)
		properties.push(
			`userProperties: [${pairs.map(([name, value]) => `{ [${literal(name)}]: ${literal(value)} }`).join(', ')}]`,
		);
	const more = [
		`qos: ${qos}`,
		`retain: ${header(sketch, 'Retain') === 'true'}`,
		...(properties.length > 0 ? [`properties: { ${properties.join(', ')} }`] : []),
	];
	for (const one of messagesOf(sketch))
		lines.push(`await client.publishAsync(${literal(sketch.target)}, ${scriptBytes(one)}, { ${more.join(', ')} });`);
	return [...lines, 'await client.endAsync();', ''].join('\n');
}

/** With ws 8, as an ES module. */
export function scriptWebSocket(sketch: Sketch): string {
	const { subprotocols, headers } = handshake(sketch);
	const pairs = headers.map(([name, value]) => `[${literal(name)}]: ${literal(value)}`);
	const lines = [
		...fileImport(sketch),
		"import { once } from 'node:events';",
		"import WebSocket from 'ws';",
		'',
		`const socket = new WebSocket(${literal(sketch.url ?? '')}, ${JSON.stringify(subprotocols)}${pairs.length > 0 ? `, { headers: { ${pairs.join(', ')} } }` : ''});`,
		"socket.on('message', (data, isBinary) => console.log(isBinary ? data : data.toString()));",
		"await once(socket, 'open');",
	];
	for (const one of sketch.messages)
		lines.push(`socket.send(${scriptBytes(one)}, { binary: ${isBinary(sketch, one)} });`);
	return [...lines, 'setTimeout(() => socket.close(), 2000);', ''].join('\n');
}
