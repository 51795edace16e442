/**
 * A message's bits 8–15 for MQTT, as in the fixed header of PUBLISH (MQTT 5, 3.3.1): QoS in bits 8–9, retained in 10,
 * duplicate delivery in 11.
 */
export const retainedFlag = 1 << 10;
export const duplicateFlag = 1 << 11;

export function qosOf(flags: number): number {
	return (flags >> 8) & 3;
}

export function mqttFlags(qos: number, retained: boolean, duplicate = false): number {
	return (qos << 8) | (retained ? retainedFlag : 0) | (duplicate ? duplicateFlag : 0);
}

/** Properties of a PUBLISH beyond its flags (MQTT 5, 3.3.2.3). The log keeps their bytes. */
export interface MqttMeta {
	/** The sender declares the payload to be UTF-8 text. */
	utf8?: boolean;
	/** Message expiry interval, in seconds. */
	expiry?: number;
	contentType?: string;
	responseTopic?: string;
	/** Correlation data in hexadecimal. */
	correlation?: string;
	topicAlias?: number;
	subscriptionIds?: number[];
	/** In the order in which they were sent, duplicates kept. */
	userProperties?: [string, string][];
}
