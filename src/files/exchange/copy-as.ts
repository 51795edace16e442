import { type Failure, toFailure } from '../../base/failure';
import { writeAmqpPublish } from '../../protocols/amqp/files/amqp-publish';
import { hasAmqpProgram, pythonAmqp, scriptAmqp } from '../../protocols/amqp/files/programs';
import { writeCoapClient } from '../../protocols/coap/files/coap-client';
import { pythonCoap, scriptCoap } from '../../protocols/coap/files/programs';
import { writeMosquittoPub, writeMosquittoSub } from '../../protocols/mqtt/files/mosquitto';
import { pythonMqtt, scriptMqtt } from '../../protocols/mqtt/files/programs';
import { writeNats } from '../../protocols/shared/commands/nats';
import type { Sketch } from '../../protocols/shared/commands/sketch';
import { writeWebsocat, writeWscat } from '../../protocols/websocket/files/command-lines';
import { pythonWebSocket, scriptWebSocket } from '../../protocols/websocket/files/programs';
import { pythonXmpp, scriptXmpp } from '../../protocols/xmpp/files/programs';
import { protocolOf } from './sketch';
import { requestText } from './to-text';

export interface CopyFormat {
	id: 'request' | 'mosquitto' | 'wscat' | 'websocat' | 'coap' | 'amqp' | 'nats' | 'python' | 'javascript';
	label: string;
	/** The language to show it in. */
	language: string;
	text: string;
	/** Why there is no text. */
	problem?: Failure;
}

/** Undefined: there is no way to say it. */
type Writer = (sketch: Sketch) => string | undefined;
type Way = [CopyFormat['id'], string, Writer];

const subscribes = ({ verb }: Sketch) => verb === 'SUBSCRIBE';
/** mosquitto's tools have no WebSocket. */
const overTcp =
	(write: Writer): Writer =>
	(sketch) =>
		/^wss?:/i.test(sketch.url ?? '') ? undefined : write(sketch);
const amqp =
	(write: Writer): Writer =>
	(sketch) =>
		hasAmqpProgram(sketch) ? write(sketch) : undefined;

/** By protocol. Commands first, then programs: Python, then JavaScript. */
const ways: Record<string, Way[]> = {
	mqtt: [
		['mosquitto', 'mosquitto_pub', overTcp((sketch) => (subscribes(sketch) ? undefined : writeMosquittoPub(sketch)))],
		['mosquitto', 'mosquitto_sub', overTcp((sketch) => (subscribes(sketch) ? writeMosquittoSub(sketch) : undefined))],
		['python', 'Python (paho-mqtt)', pythonMqtt],
		['javascript', 'JavaScript (mqtt)', scriptMqtt],
		['nats', 'nats (where the broker is a NATS server)', writeNats],
	],
	amqp: [
		['amqp', 'amqp-publish', amqp((sketch) => (sketch.verb === 'PUBLISH' ? writeAmqpPublish(sketch) : undefined))],
		['python', 'Python (pika)', amqp(pythonAmqp)],
		['javascript', 'JavaScript (amqplib)', amqp(scriptAmqp)],
	],
	websocket: [
		['wscat', 'wscat', writeWscat],
		['websocat', 'websocat', writeWebsocat],
		['python', 'Python (websockets)', pythonWebSocket],
		['javascript', 'JavaScript (ws)', scriptWebSocket],
	],
	coap: [
		['coap', 'coap-client', writeCoapClient],
		['python', 'Python (aiocoap)', pythonCoap],
		['javascript', 'JavaScript (coap)', scriptCoap],
	],
	xmpp: [
		['python', 'Python (slixmpp)', pythonXmpp],
		['javascript', 'JavaScript (@xmpp/client)', scriptXmpp],
	],
	nats: [['nats', 'nats', writeNats]],
};

function requestOf(sketch: Sketch): Pick<CopyFormat, 'text' | 'problem'> {
	try {
		return { text: requestText(sketch) };
	} catch (error) {
		return { text: '', problem: toFailure(error) };
	}
}

/** Everything a sketch can be copied as, the request itself first. Programs say PASSWORD where one is needed. */
export function copyAs(sketch: Sketch): CopyFormat[] {
	const list: CopyFormat[] = [
		{ id: 'request', label: 'Message file request', language: 'messages', ...requestOf(sketch) },
	];
	for (const [id, label, write] of ways[protocolOf(sketch)] ?? []) {
		const text = write(sketch);
		const language = id === 'python' || id === 'javascript' ? id : 'shellscript';
		if (text !== undefined) list.push({ id, label, language, text });
	}
	return list;
}
