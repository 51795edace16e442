import { type Code, program, python, script } from '../../shared/commands/code';
import { comments, fileImport, hostOf, messagesOf, pythonBytes, scriptBytes } from '../../shared/commands/literals';
import type { Sketch } from '../../shared/commands/sketch';
import { mqttOptions } from './message-options';

function address(sketch: Sketch) {
	const { scheme, host, port, path } = hostOf(sketch.url ?? '', 'mqtt');
	const tls = scheme.endsWith('s') && scheme !== 'ws';
	const web = scheme.startsWith('ws');
	return { host, port: port ?? (web ? (tls ? 443 : 80) : tls ? 8883 : 1883), tls, web, path: path || '/mqtt' };
}

/** With paho-mqtt 1.6 or 2. */
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
	// One object for each property: a single one would lose names that occur twice.
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
