import { createGreetingCheck } from '../../shared/foreign-server';
import type { Framer } from '../../shared/frames';
import { expectedServer } from '../describe/expected-server';
import { createPacketFramer } from './frames';
import {
	type Connack,
	kind,
	nothingLeft,
	packetNames,
	type Reason,
	readAck,
	readConnack,
	readGranted,
	readReason,
} from './packets';
import { createPublishReader, type OnPublish } from './publish-packet';
import { broken, Reader } from './reader';

export interface GuardOptions {
	version: 4 | 5;
	/** Largest packet accepted without its fixed header, in bytes. */
	limit: number;
	/** The highest topic alias that the broker may use. */
	aliasMaximum: number;
	/** Called with the first packet. The packets after it are read when this has returned. */
	connack(packet: Connack): void;
	publish: OnPublish;
	/** The broker has released a message that it sent at QoS 2. */
	pubrel(id: number): void;
	/** Called for PUBACK, PUBREC and PUBCOMP before mqtt.js gets them, since it does not pass on their reason codes. */
	acknowledged(name: string, id: number, reason: Reason): void;
	disconnect(reason: Reason): void;
	/** Called with a checked packet that mqtt.js processes. */
	library(packet: Buffer): void;
}

/**
 * Stands between the socket and mqtt.js. It checks every packet strictly and passes on only those that mqtt.js needs.
 * Without it, mqtt.js buffers whatever length a packet declares, throws uncaught errors for packets without an identifier,
 * and reads on after malformed ones. Throws a FailureError, after which it must not be used again.
 */
export function createGuard(options: GuardOptions): Framer {
	const { version } = options;
	const publish = createPublishReader(version, options.aliasMaximum, options.publish);
	let greeted = false;

	const framer = createPacketFramer(options.limit, (first, bytes, start, end, frameStart) => {
		const type = first >> 4;
		if (type === kind.publish && greeted) return publish(first, bytes, start, end);
		const what = packetNames[type] ?? '';
		if (!greeted) {
			if (type !== kind.connack)
				throw broken(`The broker sent ${what} before it answered the CONNECT (MQTT 5, 3.2).`, firstBytes());
		}
		if ((first & 15) !== (type === kind.pubrel ? 2 : 0))
			throw broken(`The broker sent ${what} with reserved flags set (MQTT 5, 2.1.3).`, firstBytes());
		const reader = new Reader(bytes, start, end, what);
		switch (type) {
			case kind.connack: {
				if (greeted) throw broken('The broker sent a second CONNACK (MQTT 5, 3.2).');
				const connack = readConnack(reader, version);
				greeted = true;
				if (connack.code === 0) toLibrary();
				return options.connack(connack);
			}
			case kind.puback:
			case kind.pubrec:
			case kind.pubcomp: {
				const reason = readAck(reader, version, what);
				options.acknowledged(what.slice(2), reason.id, reason);
				return toLibrary();
			}
			case kind.pubrel:
				return options.pubrel(readAck(reader, version, what).id);
			case kind.suback:
			case kind.unsuback:
				readGranted(reader, version, what);
				return toLibrary();
			case kind.pingresp:
				return nothingLeft(reader, what);
			case kind.disconnect:
				return options.disconnect(readReason(reader, version, what, 'd'));
			case kind.auth:
				readReason(reader, version, what, 'u');
				throw broken('The broker began an authentication exchange that was not offered (MQTT 5, 4.12).');
			default:
				throw broken(`The broker sent ${what}: only clients may send that (MQTT 5, 2.1.2).`, firstBytes());
		}

		function toLibrary(): void {
			// Copied, because mqtt.js may keep the packet and the chunk is much larger.
			options.library(Buffer.from(bytes.subarray(frameStart, end)));
		}
		function firstBytes(): string {
			return `first bytes ${bytes.subarray(frameStart, frameStart + 16).toString('hex')}`;
		}
	});
	const greeting = createGreetingCheck(expectedServer);
	return {
		push(chunk) {
			const bytes = greeting(chunk);
			if (bytes) framer.push(bytes);
		},
		unfinished: framer.unfinished,
	};
}
