import { suites } from './suites';

/** A handshake message that has come whole (RFC 6347, 4.2.2). */
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
/** A message with a pre-shared key is far below. */
const mostBytes = 2 ** 14;
/** So many messages may have come before the one that is missing. */
const ahead = 8;
const verifyBytes = 12;

interface Part {
	type: number;
	body: Buffer;
	/** 1 for each byte that has come. */
	has: Uint8Array;
}

/** Puts handshake messages together and in order, each once, and none that is malformed. */
export function createCollector() {
	const parts = new Map<number, Part>();
	let next = 0;

	function add(type: number, total: number, seq: number, offset: number, fragment: Buffer): void {
		if (seq < next || seq >= next + ahead || total > mostBytes || offset + fragment.length > total) return;
		let part = parts.get(seq);
		// One of two that contradict each other is forged or damaged: the later one has the better chance.
		if (part?.type !== type || part.body.length !== total)
			part = { type, body: Buffer.alloc(total), has: new Uint8Array(total) };
		parts.set(seq, part);
		fragment.copy(part.body, offset);
		part.has.fill(1, offset, offset + fragment.length);
	}

	return {
		/** What a record brings: messages whose turn it is, in order. */
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
			for (let part = parts.get(next); part && !part.has.includes(0); part = parts.get(next)) {
				parts.delete(next);
				// A malformed one was no answer of the server's: the right one may come yet.
				if (!isWellFormed(part.type, part.body)) break;
				whole.push({ type: part.type, seq: next++, body: part.body });
			}
			return whole;
		},
	};
}

/** Whether the lengths in a server's message fit it, and it chooses what was offered (RFC 5246, 7.4; RFC 4279, 2). */
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
	// DTLS 1.2, and no compression.
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
