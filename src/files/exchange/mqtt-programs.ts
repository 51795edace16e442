import { toText } from '../../model/contracts/payload';
import { type Code, program, python, script } from './code';
import { comments, fileImport, header, hostOf, messagesOf, pythonBytes, scriptBytes } from './literals';
import { mqttOptions } from './mqtt-message';
import type { Message, Sketch, SketchHeader } from './sketch';

function address(sketch: Sketch) {
	const { scheme, host, port, path } = hostOf(sketch.url ?? '', 'mqtt');
	const tls = scheme.endsWith('s') && scheme !== 'ws';
	const web = scheme.startsWith('ws');
	return { host, port: port ?? (web ? (tls ? 443 : 80) : tls ? 8883 : 1883), tls, web, path: path || '/mqtt' };
}

/** With paho-mqtt, 1.6 and 2. */
export function pythonMqtt(sketch: Sketch): string {
	const { host, port, tls, web, path } = address(sketch);
	const { qos = 0, retain, five, left, pairs, ...rest } = mqttOptions(sketch);
	const subscribes = sketch.verb === 'SUBSCRIBE';
	const lines = [python`import threading`, python``, python`import paho.mqtt.client as mqtt`];
	if (five && !subscribes)
		lines.push(
			python`from paho.mqtt.packettypes import PacketTypes`,
			python`from paho.mqtt.properties import Properties`,
		);
	lines.push(
		python``,
		...comments('#', left),
		python`# paho-mqtt 2 asks which callbacks are meant; 1.6 does not know the question.`,
		python`version = [mqtt.CallbackAPIVersion.VERSION2] if hasattr(mqtt, "CallbackAPIVersion") else []`,
		python`client = mqtt.Client(*version, protocol=mqtt.${five ? python`MQTTv5` : python`MQTTv311`}${web ? python`, transport="websockets"` : []})`,
	);
	if (web) lines.push(python`client.ws_set_options(path=${path})`);
	if (sketch.username !== undefined) lines.push(python`client.username_pw_set(${sketch.username}, "PASSWORD")`);
	if (tls) lines.push(python`client.tls_set()`);
	lines.push(python`connected = threading.Event()`, python`client.on_connect = lambda *_: connected.set()`);
	if (subscribes)
		lines.push(python`client.on_message = lambda _client, _data, message: print(message.topic, message.payload)`);
	lines.push(
		python`client.connect(${host}, ${port})`,
		python`client.loop_start()`,
		python`if not connected.wait(10):`,
		python`    raise SystemExit("no connection")`,
		python``,
	);
	if (subscribes)
		return program([
			...lines,
			python`client.subscribe(${sketch.target}, qos=${qos})`,
			python`threading.Event().wait()`,
		]);
	if (five) {
		lines.push(python`properties = Properties(PacketTypes.PUBLISH)`);
		const add = (name: Code, value: string | number | Uint8Array | undefined) => {
			if (value !== undefined) lines.push(python`properties.${name} = ${value}`);
		};
		add(python`ContentType`, rest.contentType);
		add(python`ResponseTopic`, rest.responseTopic);
		add(python`CorrelationData`, rest.correlation);
		add(python`MessageExpiryInterval`, rest.expiry);
		add(python`PayloadFormatIndicator`, rest.isText ? 1 : undefined);
		add(python`TopicAlias`, rest.alias);
		if (pairs.length > 0)
			lines.push(python`properties.UserProperty = [${pairs.map(([name, value]) => python`(${name}, ${value})`)}]`);
	}
	for (const one of messagesOf(sketch))
		lines.push(
			python`message = client.publish(${sketch.target}, ${pythonBytes(one)}, qos=${qos}, retain=${retain}${five ? python`, properties=properties` : []})`,
			python`message.wait_for_publish(10)`,
		);
	return program([...lines, python`client.disconnect()`, python`client.loop_stop()`]);
}

/** Whether a WebSocket message is sent as bytes: it is meant to be, or is no text. */
export const isBinary = (sketch: Sketch, one: Message) =>
	header(sketch, 'Type') === 'binary' || 'file' in one || toText(one.bytes) === undefined;

/** Of a WebSocket: its subprotocols, and the headers of the request that opens it. */
export function handshake(sketch: Sketch): { subprotocols: string[]; headers: [string, string][] } {
	const isProtocol = ([name]: SketchHeader) => name.toLowerCase() === 'sec-websocket-protocol';
	const subprotocols = sketch.headers.filter(isProtocol).flatMap(([, value]) => value.split(','));
	const type = sketch.headers.find(([name, , kind]) => name === 'Type' && kind !== 'message');
	return {
		subprotocols: subprotocols.map((one) => one.trim()).filter((one) => one !== ''),
		headers: sketch.headers.filter((one) => one !== type && !isProtocol(one)).map(([name, value]) => [name, value]),
	};
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

/** With mqtt (MQTT.js) 5, as an ES module. */
export function scriptMqtt(sketch: Sketch): string {
	const { host, port, tls, web, path } = address(sketch);
	const { qos = 0, retain, five, left, pairs, ...rest } = mqttOptions(sketch);
	const connect = [
		script`host: ${host}`,
		script`port: ${port}`,
		script`protocol: ${`${web ? 'ws' : 'mqtt'}${tls ? 's' : ''}`}`,
		...(web ? [script`path: ${path}`] : []),
		script`protocolVersion: ${five ? 5 : 4}`,
	];
	if (sketch.username !== undefined) connect.push(script`username: ${sketch.username}`, script`password: 'PASSWORD'`);
	const lines = [
		...fileImport(sketch),
		script`import mqtt from 'mqtt';`,
		script``,
		...comments('//', left),
		script`const client = await mqtt.connectAsync({ ${connect} });`,
	];
	if (sketch.verb === 'SUBSCRIBE')
		return program([
			...lines,
			script`client.on('message', (topic, payload) => console.log(topic, payload.toString()));`,
			script`await client.subscribeAsync(${sketch.target}, { qos: ${qos} });`,
		]);
	const properties: Code[] = [];
	const add = (key: Code, value: string | number | boolean | Uint8Array | undefined) => {
		if (value !== undefined) properties.push(script`${key}: ${value}`);
	};
	add(script`contentType`, rest.contentType);
	add(script`responseTopic`, rest.responseTopic);
	add(script`correlationData`, rest.correlation);
	add(script`messageExpiryInterval`, rest.expiry);
	add(script`payloadFormatIndicator`, rest.isText || undefined);
	add(script`topicAlias`, rest.alias);
	// One object for all would lose a name that is there twice.
	if (pairs.length > 0)
		properties.push(script`userProperties: [${pairs.map(([name, value]) => script`{ [${name}]: ${value} }`)}]`);
	const more = [
		script`qos: ${qos}`,
		script`retain: ${retain}`,
		...(properties.length > 0 ? [script`properties: { ${properties} }`] : []),
	];
	for (const one of messagesOf(sketch))
		lines.push(script`await client.publishAsync(${sketch.target}, ${scriptBytes(one)}, { ${more} });`);
	return program([...lines, script`await client.endAsync();`]);
}

/** With ws 8, as an ES module. */
export function scriptWebSocket(sketch: Sketch): string {
	const { subprotocols, headers } = handshake(sketch);
	const names = [...new Set(headers.map(([name]) => name.toLowerCase()))];
	// One object holds a name once: what is there twice becomes a list.
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
	for (const one of sketch.messages)
		lines.push(script`socket.send(${scriptBytes(one)}, { binary: ${isBinary(sketch, one)} });`);
	return program([...lines, script`setTimeout(() => socket.close(), 2000);`]);
}
