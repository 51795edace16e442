// Writes pre-encoded messages to each client that has subscribed, as fast as they are read: a server that costs nothing.
import { createServer } from 'node:net';
import { pour } from './pour.mjs';

const { messages, subjects, payload, headers } = JSON.parse(process.argv[2]);
const perBlock = subjects;
const block = 'NATS/1.0\r\nTrace-Id: 0123456789abcdef\r\nContent-Type: text/plain\r\nSource: bench\r\n\r\n';
const body = 'x'.repeat(payload);
const info = JSON.stringify({ server_id: 'B', version: '2.9.10', proto: 1, headers: true, max_payload: 1048576 });

const server = createServer((socket) => {
	socket.on('error', () => {});
	socket.setNoDelay(true);
	socket.write(`INFO ${info} \r\n`);
	let text = '';
	let isPouring = false;
	socket.on('data', (chunk) => {
		text += chunk.toString('latin1');
		for (let end = text.indexOf('\r\n'); end !== -1; end = text.indexOf('\r\n')) {
			const line = text.slice(0, end);
			text = text.slice(end + 2);
			if (line === 'PING') socket.write('PONG\r\n');
			const [, sid] = /^SUB flood\.> +(\d+)$/.exec(line) ?? [];
			if (sid && !isPouring) {
				isPouring = true;
				pour(socket, bytesOf(sid), messages / perBlock);
			}
		}
	});
});

function bytesOf(sid) {
	let all = '';
	for (let at = 0; at < perBlock; at++) {
		const subject = `flood.device-${at}.state`;
		all += headers
			? `HMSG ${subject} ${sid} ${block.length} ${block.length + payload}\r\n${block}${body}\r\n`
			: `MSG ${subject} ${sid} ${payload}\r\n${body}\r\n`;
	}
	return Buffer.from(all);
}

server.listen(0, '127.0.0.1', () => process.send(server.address().port));
