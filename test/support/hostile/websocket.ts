import { createHash } from 'node:crypto';
import { constants, deflateRawSync } from 'node:zlib';
import { type Dialogue, tcpStep } from './hostile';

/** Escape sequences, right-to-left marks and markup, as a server may put them into every text. */
/** The client's password, which the servers of the dialogues repeat. */
export const hostileUser = { name: 'alice', password: 'canary-b7d' };
const pair = Buffer.from(`${hostileUser.name}:${hostileUser.password}`).toString('base64');

export const hostileText = `\u001b[31mred\u001b[0m \u202egnp.exe\u202c <img src=x onerror=alert(1)> ${hostileUser.password} ${pair}`;

export interface FrameOptions {
	/** RFC 6455, section 5.2; text unless given. */
	opcode?: number;
	fin?: boolean;
	rsv?: number;
	masked?: boolean;
	/** Replaces the length of the payload. */
	declared?: number;
}

/** Builds a frame of a server, valid or not. */
export function frame(payload: Buffer, options: FrameOptions = {}): Buffer {
	const { opcode = 1, fin = true, rsv = 0, masked = false, declared = payload.length } = options;
	const first = (fin ? 0x80 : 0) | (rsv << 4) | opcode;
	const mask = masked ? 0x80 : 0;
	let head: Buffer;
	if (declared < 126) head = Buffer.of(first, mask | declared);
	else if (declared < 65_536) head = Buffer.of(first, mask | 126, declared >> 8, declared & 0xff);
	else {
		head = Buffer.alloc(10);
		head.writeUInt16BE((first << 8) | mask | 127);
		head.writeBigUInt64BE(BigInt(declared), 2);
	}
	return Buffer.concat(masked ? [head, Buffer.alloc(4), payload] : [head, payload]);
}

export function closeFrame(code: number, reason = ''): Buffer {
	return frame(Buffer.concat([Buffer.of(code >> 8, code & 0xff), Buffer.from(reason)]), { opcode: 8 });
}

function accept(request: Buffer): string {
	const key = /sec-websocket-key: *(\S+)/i.exec(request.toString('latin1'))?.[1] ?? '';
	return createHash('sha1').update(`${key}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`).digest('base64');
}

function switching(request: Buffer, ...headers: string[]): Buffer {
	const offered = /permessage-deflate/i.test(request.toString('latin1'));
	return Buffer.from(
		[
			'HTTP/1.1 101 Switching Protocols',
			'Upgrade: websocket',
			'Connection: Upgrade',
			`Sec-WebSocket-Accept: ${accept(request)}`,
			...(offered ? ['Sec-WebSocket-Extensions: permessage-deflate; server_no_context_takeover'] : []),
			...headers,
			'\r\n',
		].join('\r\n'),
	);
}

function http(status: string, body = '', ...headers: string[]): Buffer {
	return Buffer.from([`HTTP/1.1 ${status}`, `Content-Length: ${body.length}`, ...headers, '', body].join('\r\n'));
}

let bomb: Buffer | undefined;

/** 64 MiB of zeros in about 64 KiB. */
function deflateBomb(): Buffer {
	bomb ??= frame(
		deflateRawSync(Buffer.alloc(64 * 1024 * 1024), { finishFlush: constants.Z_SYNC_FLUSH }).subarray(0, -4),
		{
			opcode: 2,
			rsv: 4,
		},
	);
	return bomb;
}

export const websocketDialogue: Dialogue = () => [
	tcpStep,
	{
		name: 'upgrade',
		takes: (received) => {
			const end = received.indexOf('\r\n\r\n');
			return end < 0 ? undefined : end + 4;
		},
		answer: (request) => switching(request),
		wrong: (request) => ({
			'a wrong accept key': Buffer.from(
				switching(request)
					.toString()
					.replace(/Accept: ..../, 'Accept: AAAA'),
			),
			'another protocol': Buffer.from(switching(request).toString().replace('Upgrade: websocket', 'Upgrade: h2c')),
			'a subprotocol that was not offered': switching(request, 'Sec-WebSocket-Protocol: surprise'),
			'an extension that was not offered': Buffer.from(
				switching(request)
					.toString()
					.replace(/Sec-WebSocket-Extensions: .*/, 'Sec-WebSocket-Extensions: x-compress'),
			),
			'status 401': http('401 Unauthorized', 'who?', 'WWW-Authenticate: Basic realm="x"'),
			'status 403 with a body without end': Buffer.from('HTTP/1.1 403 Forbidden\r\n\r\nno, no, no'),
			'status 302': http('302 Found', '', 'Location: ws://127.0.0.1:22199/elsewhere'),
			'status 200': http('200 OK', '<html><body>Hello</body></html>', 'Content-Type: text/html'),
			'status 503': http('503 Service Unavailable', 'later'),
			'a hostile status line': http(`500 ${hostileText}`, hostileText),
			'HTTP 0.9': Buffer.from('hello\r\n'),
			'status 100 twice': Buffer.from('HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 100 Continue\r\n\r\n'),
		}),
		huge: Buffer.from('HTTP/1.1 200 OK\r\nContent-Length: 9007199254740991\r\n\r\nx'),
		endless: {
			start: Buffer.from('HTTP/1.1 101 Switching Protocols\r\n'),
			more: Buffer.from('X-More: of the same\r\n'.repeat(1000)),
		},
	},
	{
		name: 'open',
		takes: () => 0,
		answer: () => frame(Buffer.from('{"type":"tick","n":1}')),
		wrong: () => ({
			'a masked frame': frame(Buffer.from('x'), { masked: true }),
			'a reserved opcode': frame(Buffer.from('x'), { opcode: 3 }),
			'a reserved bit': frame(Buffer.from('x'), { rsv: 2 }),
			'a continuation of nothing': frame(Buffer.from('x'), { opcode: 0 }),
			'a ping of 126 bytes': frame(Buffer.alloc(126), { opcode: 9 }),
			'a ping in fragments': frame(Buffer.from('x'), { opcode: 9, fin: false }),
			'text that is no UTF-8': frame(Buffer.from('c328', 'hex')),
			'a message inside a message': Buffer.concat([frame(Buffer.from('x'), { fin: false }), frame(Buffer.from('x'))]),
			'close code 1006': closeFrame(1006),
			'a close of one byte': frame(Buffer.from('x'), { opcode: 8 }),
			'a close with a hostile reason': closeFrame(4000, hostileText),
			'a deflate bomb': deflateBomb(),
			'broken compression': frame(Buffer.from('ffffffffff', 'hex'), { rsv: 4 }),
			'a length beyond 2^53': Buffer.from('827fffffffffffffffff', 'hex'),
			'empty fragments without end': Buffer.concat([
				frame(Buffer.from('x'), { fin: false }),
				...Array.from({ length: 20_000 }, () => frame(Buffer.alloc(0), { opcode: 0, fin: false })),
			]),
			'ten thousand pings': Buffer.concat(Array.from({ length: 10_000 }, () => frame(Buffer.from('?'), { opcode: 9 }))),
		}),
		huge: frame(Buffer.alloc(1000), { opcode: 2, declared: 255 * 1024 * 1024 }),
		endless: {
			start: frame(Buffer.from('x'), { opcode: 2, fin: false }),
			more: frame(Buffer.alloc(60_000), { opcode: 0, fin: false }),
		},
	},
];
