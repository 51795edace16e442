import { fail } from '../../../base/failure';
import type { Broker } from '../session/broker-limits';

/** Bytes of a variable byte integer (MQTT 5, 1.5.5). */
export function varintSize(value: number): number {
	return value < 128 ? 1 : value < 16_384 ? 2 : value < 2_097_152 ? 3 : 4;
}

/**
 * Returns the size of a whole packet in bytes. `remaining`: its bytes behind the fixed header. Throws `packet-too-large`
 * if the broker does not accept it (MQTT 5, 3.2.2.3.6). `what`: the start of that sentence, as in "The message".
 */
export function packetSize(what: string, remaining: number, broker: Broker): number {
	const size = 1 + varintSize(remaining) + remaining;
	const { maximumPacketSize } = broker;
	if (size > maximumPacketSize)
		throw fail(
			'packet-too-large',
			`${what} makes a packet of ${size.toLocaleString('en')} bytes; the broker accepts ${maximumPacketSize.toLocaleString('en')}.`,
		);
	return size;
}
