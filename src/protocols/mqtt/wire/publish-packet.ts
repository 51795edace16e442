import { mqttFlags } from '../describe/flags';
import { createPublishProperties, type PublishProperties } from './publish-properties';
import { broken } from './reader';
import { createTopicCache } from './topic-cache';

/**
 * A received PUBLISH. `id` is 0 at QoS 0. The payload is a view on the packet. `properties` is undefined when there are
 * none, and valid until the function returns.
 */
export type OnPublish = (
	topic: string,
	payload: Buffer,
	flags: number,
	id: number,
	properties: PublishProperties | undefined,
) => void;

/**
 * Reads PUBLISH packets straight from the bytes and resolves topic aliases (MQTT 5, 3.3.2.3.4). `first` is the packet's
 * first byte; its variable header and payload are `bytes` from `start` to `end`.
 */
export function createPublishReader(version: 4 | 5, aliasMaximum: number, onPublish: OnPublish) {
	const topicOf = createTopicCache();
	const aliases = new Map<number, string>();
	const known = createPublishProperties();

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
		let properties: PublishProperties | undefined;
		if (version === 5) {
			// Most messages have no properties: then the next byte is 0.
			if (bytes[at] === 0 && at < end) at++;
			else {
				at = known.read(bytes, at, end);
				properties = known;
				if (known.topicAlias > 0) topic = resolve(topic, known.topicAlias);
			}
		}
		if (topic === '') throw broken('The broker sent a PUBLISH with an empty topic (MQTT 5, 3.3.2.1).');
		const flags = mqttFlags(qos, (first & 1) === 1, (first & 8) === 8);
		onPublish(topic, bytes.subarray(at, end), flags, id, properties);
	};

	function resolve(topic: string, alias: number): string {
		if (alias > aliasMaximum)
			throw broken(`The broker sent topic alias ${alias}, but only ${aliasMaximum} are accepted (MQTT 5, 3.3.2.3.4).`);
		if (topic !== '') {
			aliases.set(alias, topic);
			return topic;
		}
		const stored = aliases.get(alias);
		if (stored === undefined)
			throw broken(`The broker sent topic alias ${alias} before its topic (MQTT 5, 3.3.2.3.4).`);
		return stored;
	}
}
