// Writes pre-encoded text frames to whoever connects, as fast as they are read: a server that costs nothing.
import { createHash } from 'node:crypto';
import { createServer } from 'node:net';
import { pour } from './pour.mjs';

const { messages, payload } = JSON.parse(process.argv[2]);
const perBlock = 1000;
const frames = [];
for (let at = 0; at < perBlock; at++) {
	const head = `{"type":"type-${at % 20}","n":${100_000 + at},"text":"`;
	const text = `${head}${'x'.repeat(payload - head.length - 2)}"}`;
	frames.push(Buffer.concat([Buffer.of(0x81, payload), Buffer.from(text)]));
}
const block = Buffer.concat(frames);

const server = createServer((socket) => {
	socket.on('error', () => {});
	socket.setNoDelay(true);
	let request = '';
	const onData = (chunk) => {
		request += chunk.toString('latin1');
		if (!request.includes('\r\n\r\n')) return;
		socket.off('data', onData);
		socket.resume();
		const key = /sec-websocket-key: *(\S+)/i.exec(request)?.[1] ?? '';
		const accept = createHash('sha1').update(`${key}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`).digest('base64');
		socket.write(
			`HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: ${accept}\r\n\r\n`,
		);
		pour(socket, block, messages / perBlock);
	};
	socket.on('data', onData);
});
server.listen(0, '127.0.0.1', function () {
	process.send(this.address().port);
});
process.on('disconnect', () => process.exit());
