import type { Property } from '../../../model/contracts/session';
import { duplicateFlag, qosOf, retainedFlag } from './flags';
import { readMeta } from './publish-properties';

const deliveries = ['at most once', 'at least once', 'exactly once'];

/** Every property of a message in words (MQTT 5, 3.3). */
export function mqttProperties(flags: number, meta: Uint8Array | undefined): Property[] {
	const properties: Property[] = [];
	const add = (label: string, value: string | undefined, help?: string) => {
		if (value !== undefined) properties.push({ label, value, ...(help && { help }) });
	};
	const qos = qosOf(flags);
	add('QoS', `${qos} (${deliveries[qos] ?? 'not allowed'})`);
	if (flags & retainedFlag) add('Retained', 'yes', 'The broker keeps the message and sends it to later subscribers.');
	if (flags & duplicateFlag)
		add('Duplicate delivery', 'yes', 'The message was sent before without an answer, so it may have arrived twice.');
	const known = readMeta(meta);
	add('Content type', known.contentType);
	if (known.utf8 !== undefined) add('Payload format', known.utf8 ? 'UTF-8 text' : 'unspecified bytes');
	add('Response topic', known.responseTopic);
	if (known.correlation !== undefined) add('Correlation data', bytesInWords(known.correlation));
	if (known.expiry !== undefined)
		add('Message expiry', seconds(known.expiry), 'Remaining lifetime when the broker forwarded the message.');
	if (known.topicAlias !== undefined)
		add('Topic alias', String(known.topicAlias), 'Numeric alias of the topic on this connection.');
	if (known.subscriptionIds?.length)
		add(
			known.subscriptionIds.length > 1 ? 'Subscription identifiers' : 'Subscription identifier',
			known.subscriptionIds.join(', '),
			'Identifiers of the subscriptions that the message matches.',
		);
	for (const [label, value] of known.userProperties ?? []) properties.push({ label, value, group: 'User properties' });
	return properties;
}

export function seconds(value: number): string {
	if (value === 1) return '1 second';
	const text = `${value.toLocaleString('en')} seconds`;
	if (value < 120) return text;
	if (value < 7200) return `${text} (${Math.round(value / 60)} minutes)`;
	if (value < 172_800) return `${text} (${Math.round(value / 3600)} hours)`;
	return `${text} (${Math.round(value / 86_400)} days)`;
}

/** Printable ASCII as text, anything else in hexadecimal. */
function bytesInWords(hex: string): string {
	if (hex === '') return 'empty';
	const codes = (hex.match(/../g) ?? []).map((pair) => Number.parseInt(pair, 16));
	if (codes.every((code) => code >= 0x20 && code < 0x7f)) return `"${String.fromCharCode(...codes)}"`;
	return `0x${hex}`;
}
