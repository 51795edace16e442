// Accepts a Socket.IO client over WebSocket and writes pre-encoded events to it, as fast as they are read.
import { createHash } from 'node:crypto';
import { createServer } from 'node:net';
import { pour } from './pour.mjs';

const { messages, payload } = JSON.parse(process.argv[2]);
const perBlock = 1000;

function frame(text) {
	const bytes = Buffer.from(text);
	const head =
		bytes.length < 126 ? Buffer.of(0x81, bytes.length) : Buffer.of(0x81, 126, bytes.length >> 8, bytes.length & 0xff);
	return Buffer.concat([head, bytes]);
}

const frames = [];
for (let at = 0; at < perBlock; at++) {
	const head = `42["event-${at % 20}",{"n":${100_000 + at},"text":"`;
	frames.push(frame(`${head}${'x'.repeat(Math.max(0, payload - head.length - 3))}"}]`));
}
const block = Buffer.concat(frames);

createServer((socket) => {
	socket.on('error', () => {});
	socket.setNoDelay(true);
	let request = '';
	let isOpen = false;
	let isFlooded = false;
	socket.on('data', (chunk) => {
		if (isOpen) {
			if (isFlooded) return;
			isFlooded = true;
			socket.write(frame('40{"sid":"b"}'));
			pour(socket, block, messages / perBlock);
			return;
		}
		request += chunk.toString('latin1');
		if (!request.includes('\r\n\r\n')) return;
		isOpen = true;
		const key = /sec-websocket-key: *(\S+)/i.exec(request)?.[1] ?? '';
		const accept = createHash('sha1').update(`${key}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`).digest('base64');
		socket.write(
			`HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: ${accept}\r\n\r\n`,
		);
		socket.write(frame('0{"sid":"a","upgrades":[],"pingInterval":60000,"pingTimeout":60000,"maxPayload":1000000}'));
	});
}).listen(0, '127.0.0.1', function () {
	process.send(this.address().port);
});
process.on('disconnect', () => process.exit());
