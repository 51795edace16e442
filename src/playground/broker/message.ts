import type { IPublishPacket } from 'mqtt-packet';

/** A message on its way through the broker. */
export interface Message {
	topic: string;
	payload: Buffer;
	qos: 0 | 1 | 2;
	retain: boolean;
	/** As they arrived, without topic alias and subscription identifier: those belong to one link each. */
	properties?: IPublishPacket['properties'];
	/** Milliseconds since the epoch; from the message expiry interval. */
	expiresAt?: number;
	/** The session it came from; undefined: the broker's own devices. */
	from?: string;
}

export function expired(message: Message): boolean {
	return message.expiresAt !== undefined && message.expiresAt <= Date.now();
}

/** The expiry interval that is left when a message is passed on (MQTT 5, 3.3.2.3.3), and the receiver's identifiers. */
export function propertiesFor(message: Message, identifiers: number[]): IPublishPacket['properties'] {
	return {
		...message.properties,
		...(message.expiresAt === undefined
			? {}
			: { messageExpiryInterval: Math.max(1, Math.ceil((message.expiresAt - Date.now()) / 1000)) }),
		...(identifiers.length > 0 ? { subscriptionIdentifier: identifiers } : {}),
	};
}
