import type { Duplex } from 'node:stream';
import { generate, type IPublishPacket, type Packet } from 'mqtt-packet';
import { limits } from './limits';

/** The writing half of a connection, as its session sees it. */
export interface Output {
	/** How many QoS 1 and 2 messages the client takes at once. */
	receiveMaximum: number;
	/** Bytes not yet taken by the network. */
	readonly waiting: number;
	/** False when the packet is larger than the client takes, or cannot be written: it was not sent. */
	send(packet: Packet): boolean;
}

export function createOutput(
	stream: Duplex,
	version: 3 | 4 | 5,
	receiveMaximum: number,
	maximumPacketSize: number,
): Output {
	return {
		receiveMaximum,
		get waiting() {
			return stream.writableLength;
		},
		send(packet) {
			if (stream.destroyed || stream.writableEnded) return true;
			const bytes = encode(version === 5 ? packet : plain(packet), version);
			if (!bytes || bytes.length > maximumPacketSize) return false;
			// A client that reads nothing must not fill the memory with what is meant for it.
			if (stream.writableLength > limits.socketHard) stream.destroy();
			else stream.write(bytes);
			return true;
		},
	};
}

/** Before MQTT 5 a packet has no properties. */
function plain(packet: Packet): Packet {
	const { properties: _, ...rest } = packet as IPublishPacket;
	return rest as Packet;
}

function encode(packet: Packet, protocolVersion: number): Buffer | undefined {
	try {
		return generate(packet, { protocolVersion });
	} catch {
		// What one client sent and another cannot be told must not end the broker.
		return undefined;
	}
}
