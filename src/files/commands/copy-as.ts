import { writeMosquittoPub, writeMosquittoSub } from './mosquitto';
import { pythonMqtt, pythonWebSocket, scriptMqtt, scriptWebSocket } from './programs';
import type { Sketch } from './sketch';
import { writeWebsocat, writeWscat } from './sockets';
import { requestText } from './to-text';
import { pythonAmqp, writeAmqpPublish, writeCoapClient } from './tools';

export interface CopyFormat {
	id: 'request' | 'mosquitto' | 'wscat' | 'websocat' | 'coap' | 'amqp' | 'python' | 'javascript';
	label: string;
	/** The language to show it in. */
	language: string;
	text: string;
}

const isSocket = (sketch: Sketch) => /^(?:WEBSOCKET|WSS?)$/i.test(sketch.verb);

/** Everything a sketch can be copied as, the request itself first. Programs say PASSWORD where one is needed. */
export function copyAs(sketch: Sketch): CopyFormat[] {
	const list: CopyFormat[] = [
		{ id: 'request', label: 'Message file request', language: 'messages', text: requestText(sketch) },
	];
	const add = (id: CopyFormat['id'], label: string, language: string, text: string | undefined) => {
		if (text !== undefined) list.push({ id, label, language, text });
	};
	if (isSocket(sketch)) {
		add('wscat', 'wscat', 'shellscript', writeWscat(sketch));
		add('websocat', 'websocat', 'shellscript', writeWebsocat(sketch));
		add('python', 'Python (websockets)', 'python', pythonWebSocket(sketch));
		add('javascript', 'JavaScript (ws)', 'javascript', scriptWebSocket(sketch));
	} else if (/^mqtts?:/i.test(sketch.url ?? '')) {
		const subscribes = sketch.verb === 'SUBSCRIBE';
		add(
			'mosquitto',
			subscribes ? 'mosquitto_sub' : 'mosquitto_pub',
			'shellscript',
			subscribes ? writeMosquittoSub(sketch) : writeMosquittoPub(sketch),
		);
		add('python', 'Python (paho-mqtt)', 'python', pythonMqtt(sketch));
		add('javascript', 'JavaScript (mqtt)', 'javascript', scriptMqtt(sketch));
	} else if (/^coaps?:/i.test(sketch.url ?? '')) {
		add('coap', 'coap-client', 'shellscript', writeCoapClient(sketch));
	} else if (/^amqps?:/i.test(sketch.url ?? '') && sketch.verb === 'PUBLISH') {
		add('amqp', 'amqp-publish', 'shellscript', writeAmqpPublish(sketch));
		add('python', 'Python (pika)', 'python', pythonAmqp(sketch));
	}
	return list;
}
