import { suites } from './suites';

/** A complete handshake message (RFC 6347, 4.2.2). */
export interface HandshakeMessage {
	type: number;
	/** Its message_seq. */
	seq: number;
	body: Buffer;
}

export const messageType = {
	serverHello: 2,
	helloVerifyRequest: 3,
	serverKeyExchange: 12,
	serverHelloDone: 14,
	finished: 20,
} as const;

const headerBytes = 12;
/** Messages of a handshake with a pre-shared key are far smaller. */
const maxBytes = 2 ** 14;
/** Number of messages that may arrive before a missing one. */
const maxAhead = 8;
const verifyBytes = 12;

interface Part {
	type: number;
	body: Buffer;
	/** 1 for each byte that has arrived. */
	received: Uint8Array;
}

/** Reassembles handshake messages and returns them in order, each once, without malformed ones. */
export function createCollector() {
	const parts = new Map<number, Part>();
	let next = 0;

	function add(type: number, total: number, seq: number, offset: number, fragment: Buffer): void {
		if (seq < next || seq >= next + maxAhead || total > maxBytes || offset + fragment.length > total) return;
		let part = parts.get(seq);
		// Of two contradictory fragments one is forged or damaged. The later one replaces the earlier.
		if (part?.type !== type || part.body.length !== total)
			part = { type, body: Buffer.alloc(total), received: new Uint8Array(total) };
		parts.set(seq, part);
		fragment.copy(part.body, offset);
		part.received.fill(1, offset, offset + fragment.length);
	}

	return {
		/** Takes in a record. Returns the messages that are complete and next in order. */
		take(record: Buffer): HandshakeMessage[] {
			let at = 0;
			while (at + headerBytes <= record.length) {
				const length = record.readUIntBE(at + 9, 3);
				const end = at + headerBytes + length;
				if (end > record.length) break;
				const fragment = record.subarray(at + headerBytes, end);
				const total = record.readUIntBE(at + 1, 3);
				add(record[at] as number, total, record.readUInt16BE(at + 4), record.readUIntBE(at + 6, 3), fragment);
				at = end;
			}
			const whole: HandshakeMessage[] = [];
			for (let part = parts.get(next); part && !part.received.includes(0); part = parts.get(next)) {
				parts.delete(next);
				// A malformed message does not come from the server; the genuine one may still arrive.
				if (!isWellFormed(part.type, part.body)) break;
				whole.push({ type: part.type, seq: next++, body: part.body });
			}
			return whole;
		},
	};
}

/** Whether the lengths in a server's message are consistent, and it chooses an offered suite (RFC 5246, 7.4; RFC 4279, 2). */
function isWellFormed(type: number, body: Buffer): boolean {
	switch (type) {
		case messageType.helloVerifyRequest:
			return body.length > 3 && body.length === 3 + (body[2] as number);
		case messageType.serverHello:
			return isServerHello(body);
		case messageType.serverKeyExchange:
			return body.length >= 2 && body.length === 2 + body.readUInt16BE(0);
		case messageType.serverHelloDone:
			return body.length === 0;
		case messageType.finished:
			return body.length === verifyBytes;
		default:
			return false;
	}
}

const randomEnd = 34;

function isServerHello(body: Buffer): boolean {
	const session = body[randomEnd] ?? 255;
	let at = randomEnd + 1 + session;
	// DTLS 1.2 without compression.
	if (session > 32 || at + 3 > body.length || body.readUInt16BE(0) !== 0xfefd || body[at + 2] !== 0) return false;
	if (!suiteIn(body)) return false;
	at += 3;
	if (at === body.length) return true;
	if (at + 2 > body.length || at + 2 + body.readUInt16BE(at) !== body.length) return false;
	at += 2;
	while (at + 4 <= body.length) at += 4 + body.readUInt16BE(at + 2);
	return at === body.length;
}

/** The suite that a server hello has chosen, if it was offered. */
export function suiteIn(serverHello: Buffer) {
	const at = randomEnd + 1 + (serverHello[randomEnd] as number);
	return suites.find(({ id }) => id === serverHello.readUInt16BE(at));
}
