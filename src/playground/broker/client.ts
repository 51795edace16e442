import type { Duplex } from 'node:stream';
import { generate, type IConnectPacket, type IPublishPacket, type Packet, type QoS } from 'mqtt-packet';
import { limits } from './limits';

/** A message on its way through the broker. Its properties have no topic alias and no subscription identifier. */
export interface Message extends Pick<IPublishPacket, 'topic' | 'qos' | 'retain' | 'properties'> {
	payload: Buffer;
}

export interface Subscription {
	qos: QoS;
	identifier: number | undefined;
	fits(topic: string): boolean;
}

/** The state of one connection, and its sending half. */
export class Client {
	state: 'waiting' | 'open' | 'ended' = 'waiting';
	/** Its client identifier is the assigned one if the client sent none. Empty until CONNECT arrives. */
	connect: IConnectPacket = { cmd: 'connect', clientId: '' };
	timer: NodeJS.Timeout | undefined;
	/** By filter. */
	readonly subscriptions = new Map<string, Subscription>();
	/** Packet identifiers of QoS 2 messages that were routed and not yet released. */
	readonly unreleased = new Set<number>();
	/** Packet identifiers of the deliveries that the client has not acknowledged. */
	readonly inFlight = new Set<number>();
	private lastId = 0;

	constructor(readonly stream: Duplex) {}

	get isVersion5(): boolean {
		return this.connect.protocolVersion === 5;
	}

	/** Sends a message. Drops it at QoS 0 while the send buffer is full, else while the receive maximum is reached. */
	deliver(message: Message, maxQos: QoS, identifiers: number[]): void {
		const qos = Math.min(maxQos, message.qos) as QoS;
		const receiveMaximum = this.connect.properties?.receiveMaximum || 65_535;
		if (qos === 0 ? this.stream.writableLength > limits.socketSoft : this.inFlight.size >= receiveMaximum) return;
		do this.lastId = (this.lastId % 65_535) + 1;
		while (this.inFlight.has(this.lastId));
		const subscriptionIdentifier = identifiers.length > 0 ? identifiers : undefined;
		const properties = { ...message.properties, subscriptionIdentifier };
		const packet = { ...message, cmd: 'publish', qos, dup: false, messageId: this.lastId, properties } as const;
		if (this.send(packet) && qos > 0) this.inFlight.add(this.lastId);
	}

	/** Returns false when the packet is larger than the client's maximum or cannot be encoded. */
	send(packet: Packet): boolean {
		const { stream, connect } = this;
		try {
			const bytes = generate(packet, connect);
			if (bytes.length > (connect.properties?.maximumPacketSize ?? Number.POSITIVE_INFINITY)) return false;
			if (stream.writableLength > limits.socketHard) stream.destroy();
			else if (!stream.destroyed && !stream.writableEnded) stream.write(bytes);
			return true;
		} catch {
			return false;
		}
	}
}
