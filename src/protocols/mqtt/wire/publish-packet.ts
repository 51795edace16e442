import { type MqttMeta, mqttFlags } from '../describe/flags';
import { broken, Reader } from './reader';
import { createTopicCache } from './topic-cache';
import { readProperties } from './wire-properties';

/** A received PUBLISH. `id` is 0 at QoS 0. The payload is a view on the packet's bytes. */
export type OnPublish = (topic: string, payload: Buffer, flags: number, id: number, meta: MqttMeta | undefined) => void;

/**
 * Reads PUBLISH packets straight from the bytes, topic aliases resolved (MQTT 5, 3.3.2.3.4). `first` is the packet's
 * first byte; its variable header and payload are `bytes` from `start` to `end`.
 */
export function createPublishReader(version: 4 | 5, aliasMaximum: number, onPublish: OnPublish) {
	const topicOf = createTopicCache();
	const aliases = new Map<number, string>();

	return (first: number, bytes: Buffer, start: number, end: number): void => {
		const qos = (first >> 1) & 3;
		if (qos === 3) throw broken('The broker sent a PUBLISH with QoS 3, which does not exist (MQTT 5, 3.3.1.2).');
		let at = start + 2;
		if (at > end) throw broken('The broker sent a PUBLISH without a topic (MQTT 5, 3.3.2.1).');
		const topicEnd = at + (((bytes[start] as number) << 8) | (bytes[start + 1] as number));
		if (topicEnd > end) throw broken('The broker sent a PUBLISH that ends in the middle of its topic.');
		let topic = topicEnd === at ? '' : topicOf(bytes, at, topicEnd);
		at = topicEnd;
		let id = 0;
		if (qos > 0) {
			if (at + 2 > end) throw broken('The broker sent a PUBLISH without a packet identifier (MQTT 5, 2.2.1).');
			id = ((bytes[at] as number) << 8) | (bytes[at + 1] as number);
			if (id === 0) throw broken('The broker sent a PUBLISH with packet identifier 0 (MQTT 5, 2.2.1).');
			at += 2;
		}
		let meta: MqttMeta | undefined;
		if (version === 5) {
			// Most messages have no properties: then the next byte is 0.
			if (bytes[at] === 0 && at < end) at++;
			else {
				const reader = new Reader(bytes, at, end, 'a PUBLISH');
				meta = readMeta(reader);
				at = reader.position;
				if (meta.topicAlias !== undefined) topic = resolve(topic, meta.topicAlias);
			}
		}
		if (topic === '') throw broken('The broker sent a PUBLISH with an empty topic (MQTT 5, 3.3.2.1).');
		onPublish(topic, bytes.subarray(at, end), mqttFlags(qos, (first & 1) === 1, (first & 8) === 8), id, meta);
	};

	function resolve(topic: string, alias: number): string {
		if (alias > aliasMaximum)
			throw broken(`The broker sent topic alias ${alias}, but only ${aliasMaximum} are accepted (MQTT 5, 3.3.2.3.4).`);
		if (topic !== '') {
			aliases.set(alias, topic);
			return topic;
		}
		const known = aliases.get(alias);
		if (known === undefined)
			throw broken(`The broker sent topic alias ${alias} before it said what it stands for (MQTT 5, 3.3.2.3.4).`);
		return known;
	}
}

function readMeta(reader: Reader): MqttMeta {
	const wire = readProperties(reader, 'p', 'a PUBLISH');
	const meta: MqttMeta = {};
	if (wire.payloadFormat !== undefined) meta.utf8 = wire.payloadFormat === 1;
	if (wire.messageExpiry !== undefined) meta.expiry = wire.messageExpiry;
	if (wire.contentType !== undefined) meta.contentType = wire.contentType;
	if (wire.responseTopic !== undefined) meta.responseTopic = wire.responseTopic;
	if (wire.correlationData !== undefined) meta.correlation = wire.correlationData.toString('hex');
	if (wire.topicAlias !== undefined) meta.topicAlias = wire.topicAlias;
	if (wire.subscriptionIds !== undefined) meta.subscriptionIds = wire.subscriptionIds;
	if (wire.userProperties !== undefined) meta.userProperties = wire.userProperties;
	return meta;
}
