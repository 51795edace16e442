import { broken, type Reader } from './reader';
import { readProperties, type WireProperties } from './wire-properties';

/** Names of packets by the upper half of their first byte (MQTT 5, 2.1.2). */
export const packetNames: Record<number, string> = {
	0: 'a packet of type 0, which does not exist',
	1: 'a CONNECT',
	2: 'a CONNACK',
	3: 'a PUBLISH',
	4: 'a PUBACK',
	5: 'a PUBREC',
	6: 'a PUBREL',
	7: 'a PUBCOMP',
	8: 'a SUBSCRIBE',
	9: 'a SUBACK',
	10: 'an UNSUBSCRIBE',
	11: 'an UNSUBACK',
	12: 'a PINGREQ',
	13: 'a PINGRESP',
	14: 'a DISCONNECT',
	15: 'an AUTH',
};

export const kind = {
	connack: 2,
	publish: 3,
	puback: 4,
	pubrec: 5,
	pubrel: 6,
	pubcomp: 7,
	suback: 9,
	unsuback: 11,
	pingresp: 13,
	disconnect: 14,
	auth: 15,
} as const;

export interface Connack {
	sessionPresent: boolean;
	/** A return code of MQTT 3.1.1 if `properties` is missing, as when an older broker refuses a CONNECT of version 5. */
	code: number;
	properties?: WireProperties;
}

export interface Reason {
	code: number;
	properties: WireProperties;
}

export function readConnack(reader: Reader, version: 4 | 5): Connack {
	const what = 'a CONNACK';
	const flags = reader.byte('its flags');
	if (flags > 1) throw broken('The broker sent a CONNACK with reserved flags set (MQTT 5, 3.2.2.1).');
	const code = reader.byte('its reason code');
	const connack: Connack = { sessionPresent: flags === 1, code };
	if (version === 4 && code > 5) throw broken(`The broker sent a CONNACK with the unknown return code ${code}.`);
	if (version === 5 && !(reader.left === 0 && code > 0 && code < 6)) {
		if (code > 0 && code < 0x80) throw broken(`The broker sent a CONNACK with the unknown reason code ${hex(code)}.`);
		connack.properties = readProperties(reader, 'c', what);
	}
	nothingLeft(reader, what);
	if (code > 0 && connack.sessionPresent)
		throw broken('The broker refused the connection and yet said it has a session (MQTT 5, 3.2.2.1.1).');
	return connack;
}

/** Reads PUBACK, PUBREC, PUBREL and PUBCOMP. */
export function readAck(reader: Reader, version: 4 | 5, what: string): Reason & { id: number } {
	const id = readId(reader, what);
	if (version === 4 || reader.left === 0) {
		nothingLeft(reader, what);
		return { id, code: 0, properties: {} };
	}
	const code = knownCode(reader, what);
	const properties = reader.left > 0 ? readProperties(reader, 'a', what) : {};
	nothingLeft(reader, what);
	return { id, code, properties };
}

/** Reads SUBACK and UNSUBACK. Each has one code, because one filter is sent at a time; UNSUBACK of 3.1.1 has none. */
export function readGranted(reader: Reader, version: 4 | 5, what: string): Reason & { id: number } {
	const id = readId(reader, what);
	const properties = version === 5 ? readProperties(reader, 'a', what) : {};
	if (version === 4 && what === 'an UNSUBACK') {
		nothingLeft(reader, what);
		return { id, code: 0, properties };
	}
	if (reader.left !== 1)
		throw broken(`The broker sent ${what} with ${reader.left} reason codes, where one was due (MQTT 5, 3.9.3).`);
	return { id, code: knownCode(reader, version === 4 ? '3.1.1' : what), properties };
}

/** Reads DISCONNECT and AUTH, which a broker may send only in MQTT 5. */
export function readReason(reader: Reader, version: 4 | 5, what: string, packet: 'd' | 'u'): Reason {
	if (version === 4) throw broken(`The broker sent ${what}, which MQTT 3.1.1 does not allow it to.`);
	const code = reader.left > 0 ? reader.byte('its reason code') : 0;
	const properties = reader.left > 0 ? readProperties(reader, packet, what) : {};
	nothingLeft(reader, what);
	return { code, properties };
}

export function nothingLeft(reader: Reader, what: string): void {
	if (reader.left > 0) throw broken(`The broker sent ${what} that is ${reader.left} bytes longer than it can be.`);
}

export function hex(code: number): string {
	return `0x${code.toString(16).toUpperCase().padStart(2, '0')}`;
}

/** Reason codes that MQTT 5 lists for each packet. mqtt.js stops reading for good at any other. */
const allowed = new Map<string, readonly number[]>([
	['a PUBACK', [0, 0x10, 0x80, 0x83, 0x87, 0x90, 0x91, 0x97, 0x99]],
	['a PUBREC', [0, 0x10, 0x80, 0x83, 0x87, 0x90, 0x91, 0x97, 0x99]],
	['a PUBREL', [0, 0x92]],
	['a PUBCOMP', [0, 0x92]],
	['a SUBACK', [0, 1, 2, 0x80, 0x83, 0x87, 0x8f, 0x91, 0x97, 0x9e, 0xa1, 0xa2]],
	['an UNSUBACK', [0, 0x11, 0x80, 0x83, 0x87, 0x8f, 0x91]],
	['3.1.1', [0, 1, 2, 0x80]],
]);

function knownCode(reader: Reader, what: string): number {
	const code = reader.byte('its reason code');
	if (allowed.get(what)?.includes(code)) return code;
	throw broken(`The broker sent ${what === '3.1.1' ? 'a SUBACK' : what} with the unknown reason code ${hex(code)}.`);
}

function readId(reader: Reader, what: string): number {
	if (reader.left < 2) throw broken(`The broker sent ${what} without a packet identifier (MQTT 5, 2.2.1).`);
	const id = reader.uint16('its packet identifier');
	if (id === 0) throw broken(`The broker sent ${what} with packet identifier 0 (MQTT 5, 2.2.1).`);
	return id;
}
