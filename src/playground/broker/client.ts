import type { Duplex } from 'node:stream';
import { generate, type IConnectPacket, type IPublishPacket, type ISubscription, type Packet } from 'mqtt-packet';
import { limits, reason } from './limits';

/** A message on its way through the broker. */
export interface Message {
	topic: string;
	payload: Buffer;
	qos: 0 | 1 | 2;
	retain: boolean;
	/** Without topic alias and subscription identifier: those belong to one connection. */
	properties?: IPublishPacket['properties'];
	/** Milliseconds since the epoch, from the message expiry interval. */
	expiresAt?: number;
	/** Undefined for messages of the playground's own devices. */
	from?: Client;
}

export interface Subscription {
	options: ISubscription;
	identifier?: number;
	/** `group/filter` of a shared subscription (MQTT 5, 4.8.2). */
	share?: string;
	fits(topic: string): boolean;
}

interface Delivery {
	message: Message;
	qos: 0 | 1 | 2;
	retain: boolean;
	identifiers: number[];
}

/** The sending half of a connection that has logged in, with its subscriptions. It is forgotten with its connection. */
export class Client {
	/** By filter. */
	readonly subscriptions = new Map<string, Subscription>();
	/** Packet identifiers of the deliveries that the client has not acknowledged. */
	private readonly inFlight = new Set<number>();
	private queue: Delivery[] = [];
	private queueBytes = 0;
	private lastId = 0;
	private readonly receiveMaximum: number;
	private readonly maximumPacketSize: number;

	constructor(
		readonly id: string,
		readonly version: number,
		private readonly stream: Duplex,
		properties: NonNullable<IConnectPacket['properties']>,
		/** Ends the connection; an MQTT 5 client receives the reason code in a DISCONNECT packet. */
		readonly end: (code: number) => void,
	) {
		this.receiveMaximum = properties.receiveMaximum ?? 65_535;
		this.maximumPacketSize = properties.maximumPacketSize ?? Number.POSITIVE_INFINITY;
	}

	/** Sends a message, or queues it while the client's receive maximum is reached. Drops what exceeds the limits. */
	deliver(message: Message, maxQos: 0 | 1 | 2, retain: boolean, identifiers: number[]): void {
		const qos = Math.min(maxQos, message.qos) as 0 | 1 | 2;
		const delivery: Delivery = { message, qos, retain, identifiers };
		if (qos === 0) {
			if (this.stream.writableLength <= limits.socketSoft) this.publish(delivery);
		} else if (this.queue.length < limits.queue && this.queueBytes + message.payload.length <= limits.queueBytes) {
			this.queue.push(delivery);
			this.queueBytes += message.payload.length;
			this.flush();
		}
	}

	/** Handles PUBACK and PUBCOMP, and a PUBREC that refuses the message (MQTT 5, 4.3.3). */
	acknowledged(messageId = 0): void {
		this.inFlight.delete(messageId);
		this.flush();
	}

	/** Answers PUBREC with PUBREL. */
	recorded(messageId = 0): void {
		const reasonCode = this.inFlight.has(messageId) ? reason.success : reason.packetIdentifierNotFound;
		this.send({ cmd: 'pubrel', messageId, reasonCode });
	}

	/** Returns false when the client cannot take the packet: it is larger than announced, or has no encoding. */
	send(packet: Packet): boolean {
		if (this.stream.destroyed || this.stream.writableEnded) return true;
		const bytes = encode(packet, this.version);
		if (!bytes || bytes.length > this.maximumPacketSize) return false;
		if (this.stream.writableLength > limits.socketHard) this.stream.destroy();
		else this.stream.write(bytes);
		return true;
	}

	private flush(): void {
		while (this.queue.length > 0 && this.inFlight.size < this.receiveMaximum) {
			const delivery = this.queue.shift() as Delivery;
			this.queueBytes -= delivery.message.payload.length;
			do this.lastId = (this.lastId % 65_535) + 1;
			while (this.inFlight.has(this.lastId));
			// A message that is too large for the client counts as delivered (MQTT 5, 3.1.2.11.4).
			if (!isExpired(delivery.message) && this.publish(delivery, this.lastId)) this.inFlight.add(this.lastId);
		}
	}

	private publish({ message, qos, retain, identifiers }: Delivery, messageId?: number): boolean {
		const { topic, payload, properties, expiresAt } = message;
		return this.send({
			...{ cmd: 'publish', topic, payload, qos, retain, dup: false },
			...(messageId !== undefined && { messageId }),
			properties: {
				...properties,
				// The remaining interval (MQTT 5, 3.3.2.3.3).
				...(expiresAt !== undefined && {
					messageExpiryInterval: Math.max(1, Math.ceil((expiresAt - Date.now()) / 1000)),
				}),
				...(identifiers.length > 0 && { subscriptionIdentifier: identifiers }),
			},
		});
	}
}

export const isExpired = ({ expiresAt }: Message): boolean => expiresAt !== undefined && expiresAt <= Date.now();

/** Leaves out properties and reason codes before MQTT 5. Undefined when a value of one client cannot be sent to another. */
function encode(packet: Packet, protocolVersion: number): Buffer | undefined {
	const { properties: _, reasonCode: __, ...older } = packet as IPublishPacket & { reasonCode?: number };
	try {
		return generate(protocolVersion === 5 ? packet : (older as Packet), { protocolVersion });
	} catch {
		return undefined;
	}
}
