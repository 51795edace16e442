import assert from 'node:assert/strict';
import { createSocket } from 'node:dgram';
import { createServer, type Socket } from 'node:net';
import type { Failure } from '../../../src/base/failure';
import type { Secrets } from '../../../src/model/profile/profile';
import { listen } from '../../support/net/listen';
import { isSentence } from './attempt';

/** Reproducible bytes, so that a failing length or pattern can be run again. */
export function noise(length: number, seed: number): Buffer {
	const bytes = Buffer.alloc(length);
	let state = seed * 2654435761 + 1;
	for (let at = 0; at < length; at++) {
		state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
		bytes[at] = state >>> 24;
	}
	return bytes;
}

/** The parts of a secret that Base64 shows, at each of the three offsets. */
function inBase64(secret: string): string[] {
	return ['', 'x', 'xx'].map((before) => {
		const encoded = Buffer.from(before + secret).toString('base64');
		return encoded.slice(before === '' ? 0 : 4, -4);
	});
}

/** Asserts that there is a failure in one sentence, without any secret in any form. */
export function plain(failure: Failure | undefined, secrets: Secrets): void {
	assert.ok(failure, 'there is a failure');
	assert.match(failure.code, /^[a-z]+(-[a-z0-9]+)*$/);
	assert.ok(isSentence(failure.message), failure.message);
	for (const secret of Object.values(secrets)) {
		for (const form of [secret, ...inBase64(secret)])
			assert.ok(!JSON.stringify(failure).includes(form), 'no secret in a failure');
	}
}

/** Runs a server that calls `answer` for each connection. */
export async function withServer(
	answer: (socket: Socket) => void,
	body: (port: number, sockets: Set<Socket>) => Promise<void>,
): Promise<void> {
	const sockets = new Set<Socket>();
	const server = createServer((socket) => {
		sockets.add(socket);
		socket.on('error', () => {});
		socket.resume();
		answer(socket);
	});
	const port = await listen(server);
	try {
		await body(port, sockets);
	} finally {
		for (const socket of sockets) socket.destroy();
		await new Promise((resolve) => server.close(resolve));
	}
}

/** Runs a peer that answers each datagram with the result of `answer`; undefined: not at all. */
export async function withDatagrams(
	answer: (bytes: Buffer) => Buffer | undefined,
	body: (port: number, sockets: Set<Socket>) => Promise<void>,
): Promise<void> {
	const socket = createSocket('udp4');
	socket.on('message', (bytes, from) => {
		const said = answer(bytes);
		if (said) socket.send(said, from.port, from.address);
	});
	await new Promise<void>((resolve) => socket.bind(0, '127.0.0.1', resolve));
	try {
		await body(socket.address().port, new Set());
	} finally {
		await new Promise<void>((resolve) => socket.close(resolve));
	}
}
