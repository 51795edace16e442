import { fromHex } from '../../../model/contracts/payload';
import { type LeftOut, sortHeaders, whole } from '../../shared/commands/literals';
import type { Sketch } from '../../shared/commands/sketch';

const fields = [
	'QoS',
	'Retain',
	'Content-Type',
	'Response-Topic',
	'Correlation-Data',
	'Message-Expiry',
	'Payload-Format',
	'Topic-Alias',
];

/** The valid options of an MQTT message, or the QoS of a subscription, independent of the tool. */
export interface MqttOptions {
	/** Undefined if it is not given, which means 0. */
	qos?: number;
	retain: boolean;
	contentType?: string;
	responseTopic?: string;
	correlation?: Uint8Array;
	expiry?: number;
	/** The payload format indicator is UTF-8 text. */
	isText: boolean;
	alias?: number;
	pairs: [string, string][];
	/** The options need MQTT 5. */
	five: boolean;
	left: LeftOut[];
}

export function mqttOptions(sketch: Sketch): MqttOptions {
	const { field, own } = sortHeaders(sketch, fields);
	const left: LeftOut[] = [];
	const number = (name: string, from: number, to: number) => {
		const text = field(name);
		const value = whole(text, from, to);
		if (text !== undefined && value === undefined)
			left.push([`${name} ${text}`, `which is not a whole number from ${from} to ${to}`]);
		return value;
	};
	if (sketch.verb === 'SUBSCRIBE') {
		const qos = number('QoS', 0, 2);
		for (const [name, value] of sketch.headers)
			if (name.toLowerCase() !== 'qos' && value !== 'false')
				left.push([`${name} ${value}`, 'which is an option of the subscription']);
		return { qos, retain: false, isText: false, pairs: [], five: false, left };
	}
	const correlation = field('Correlation-Data');
	const digits = /^0x((?:[0-9a-f]{2})+)$/i.exec(correlation ?? '')?.[1];
	const encoded = digits === undefined ? undefined : fromHex(digits);
	const options: Omit<MqttOptions, 'five'> = {
		qos: number('QoS', 0, 2),
		retain: field('Retain') === 'true',
		contentType: field('Content-Type'),
		responseTopic: field('Response-Topic'),
		...(correlation !== undefined && {
			correlation: encoded && 'bytes' in encoded ? encoded.bytes : new TextEncoder().encode(correlation),
		}),
		expiry: number('Message-Expiry', 0, 4_294_967_295),
		isText: field('Payload-Format') === 'true',
		alias: number('Topic-Alias', 1, 65_535),
		pairs: own,
		left,
	};
	const { contentType, responseTopic, expiry, isText, alias, pairs } = options;
	const isSet = [contentType, responseTopic, correlation, expiry, alias].some((value) => value !== undefined);
	return { ...options, five: isText || isSet || pairs.length > 0 };
}
