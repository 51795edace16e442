import { isUtf8 } from 'node:buffer';
import type { Draft } from '../../../model/contracts/message';
import type { Values } from '../../../model/profile/field';
import { numberValue } from '../../shared/values';
import { type MqttMeta, mqttFlags } from '../describe/flags';
import { writeMeta } from '../describe/publish-properties';
import { checkTopic } from '../describe/topics';
import type { Broker } from '../session/broker-limits';
import { packetSize, varintSize } from '../wire/packet-size';
import { bad, binary, libraryPairs, pairs, text } from './values';

/** A draft that was checked against MQTT and the limits of the broker. */
export interface Publish {
	topic: string;
	payload: Buffer;
	qos: 0 | 1 | 2;
	retain: boolean;
	/** Size of the whole packet, in bytes. */
	size: number;
	flags: number;
	/** The properties as they are logged: their bytes, without the length in front. */
	meta?: Uint8Array;
	/** As mqtt.js takes them. */
	properties?: {
		payloadFormatIndicator?: boolean;
		messageExpiryInterval?: number;
		topicAlias?: number;
		responseTopic?: string;
		correlationData?: Buffer;
		contentType?: string;
		userProperties?: Record<string, string>;
	};
}

/** Checks a draft. Throws `bad-draft` for what MQTT (5, 3.3) or the broker (3.2.2.3) does not allow. */
export function checkDraft(draft: Draft, broker: Broker): Publish {
	const { values } = draft;
	const qos = (numberValue(values, 'qos') ?? 0) as 0 | 1 | 2;
	if (qos > broker.maximumQos)
		throw bad(`The broker supports QoS ${broker.maximumQos} at most, and this is QoS ${qos}.`);
	const retain = values.retain === true;
	if (retain && !broker.retain) throw bad('The broker does not support retained messages.');
	const { payload: given } = draft;
	const payload = Buffer.isBuffer(given) ? given : Buffer.from(given.buffer, given.byteOffset, given.byteLength);
	const meta = isBare(values) ? none : metaOf(draft);
	const bytes = meta === none ? noBytes : writeMeta(meta);
	const hasMeta = bytes.length > 0;
	if (hasMeta && broker.version === 4)
		throw bad('This connection speaks MQTT 3.1.1, which carries no properties: leave them empty.');
	if (meta.utf8 && !isUtf8(payload)) throw bad('The payload is marked as UTF-8 text, and it is not.');
	if (meta.topicAlias !== undefined && meta.topicAlias > broker.aliasMaximum)
		throw bad(
			broker.aliasMaximum === 0
				? 'The broker accepts no topic aliases.'
				: `The broker accepts topic aliases up to ${broker.aliasMaximum}, and this is ${meta.topicAlias}.`,
		);
	const remaining = remainingLength(draft.target, payload.length, qos, broker.version, bytes.length);
	const size = packetSize('The message', remaining, broker);
	const publish: Publish = { topic: draft.target, payload, qos, retain, size, flags: mqttFlags(qos, retain) };
	if (!hasMeta) return publish;
	const properties = {
		...(meta.utf8 && { payloadFormatIndicator: true }),
		...(meta.expiry !== undefined && { messageExpiryInterval: meta.expiry }),
		...(meta.topicAlias !== undefined && { topicAlias: meta.topicAlias }),
		...(meta.responseTopic !== undefined && { responseTopic: meta.responseTopic }),
		...(meta.correlation !== undefined && { correlationData: Buffer.from(meta.correlation, 'hex') }),
		...(meta.contentType !== undefined && { contentType: meta.contentType }),
		...(meta.userProperties && { userProperties: libraryPairs(meta.userProperties) }),
	};
	return { ...publish, meta: bytes, properties };
}

const none: MqttMeta = {};
const noBytes = new Uint8Array();

/** Whether a message has no properties, like most in a flood. Nothing else has to be read then. */
function isBare(values: Values): boolean {
	for (const key in values) if (key !== 'qos' && key !== 'retain') return false;
	return true;
}

function metaOf({ values }: Draft): MqttMeta {
	const contentType = text(values, 'contentType', 'Content type');
	const responseTopic = text(values, 'responseTopic', 'Response topic');
	const wrong = responseTopic === undefined ? undefined : checkTopic(responseTopic);
	if (wrong) throw bad(`Response topic: ${wrong}`);
	const correlation = binary(values, 'correlationData', 'Correlation data');
	const expiry = numberValue(values, 'messageExpiry');
	const topicAlias = numberValue(values, 'topicAlias');
	const userProperties = pairs(values, 'userProperties', 'User properties');
	return {
		...(values.payloadFormat === true && { utf8: true }),
		...(expiry !== undefined && { expiry }),
		...(contentType !== undefined && { contentType }),
		...(responseTopic !== undefined && { responseTopic }),
		...(correlation && { correlation: correlation.toString('hex') }),
		...(topicAlias !== undefined && { topicAlias }),
		...(userProperties && { userProperties }),
	};
}

/** Bytes of a PUBLISH packet behind its fixed header (MQTT 5, 3.3). `properties`: bytes of the properties. */
function remainingLength(topic: string, payload: number, qos: number, version: 4 | 5, properties: number): number {
	const section = version === 5 ? varintSize(properties) + properties : 0;
	return 2 + Buffer.byteLength(topic) + (qos > 0 ? 2 : 0) + section + payload;
}
