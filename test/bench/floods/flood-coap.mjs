// Answers the first GET with Observe and then sends notifications as fast as the one who reads them allows: a window of
// datagrams is on its way, and every so many are confirmable, so that the acknowledgement says how far it has come.
import { createSocket } from 'node:dgram';

const { messages, payload } = JSON.parse(process.argv[2]);
const window = 160;
const every = 64;
const socket = createSocket('udp4');
const body = Buffer.alloc(payload, 'x');
let run = 0;

socket.on('message', (request, from) => {
	const type = (request[0] >> 4) & 3;
	if (type === 0 && request[1] === 0)
		return socket.send(Buffer.of(0x70, 0, request[2], request[3]), from.port, from.address);
	if (type === 2) return acknowledged?.((request[2] << 8) | request[3]);
	if (type !== 0 || request[1] !== 1) return;
	const length = request[0] & 15;
	const token = request.subarray(4, 4 + length);
	if (request.includes('well-known')) {
		// A look at what there is begins no flood and ends none.
		const notFound = Buffer.of(0x60 | length, 0x84, request[2], request[3]);
		return socket.send(Buffer.concat([notFound, token]), from.port, from.address);
	}
	flood(++run, token, request.readUInt16BE(2), from);
});

let acknowledged;

function flood(own, token, id, from) {
	const head = (type, messageId, number) => {
		// Observe in three bytes, Content-Format 0, Max-Age 60.
		const options = Buffer.of(0x63, number >> 16, (number >> 8) & 255, number & 255, 0x60, 0x21, 60, 0xff);
		const start = Buffer.of(0x40 | (type << 4) | token.length, 69, messageId >> 8, messageId & 255);
		return Buffer.concat([start, token, options, body]);
	};
	socket.send(head(2, id, 0), from.port, from.address);
	let sent = 1;
	let confirmed = 1;
	const numbers = new Map();
	acknowledged = (messageId) => {
		if (own !== run) return;
		const number = numbers.get(messageId);
		numbers.delete(messageId);
		if (number !== undefined) confirmed = Math.max(confirmed, number);
		pour();
	};
	const pour = () => {
		while (own === run && sent < messages && sent - confirmed < window) {
			const messageId = sent & 0xffff;
			const confirmable = sent % every === 0 || sent === messages - 1;
			if (confirmable) numbers.set(messageId, sent);
			socket.send(head(confirmable ? 0 : 1, messageId, sent & 0xffffff), from.port, from.address);
			sent++;
		}
	};
	setTimeout(pour, 50);
	// Where the system has dropped a whole window, nothing would ever be acknowledged.
	let before = 0;
	const stuck = setInterval(() => {
		if (own !== run) return clearInterval(stuck);
		if (confirmed === before) {
			confirmed = sent;
			pour();
		}
		before = confirmed;
	}, 200);
}

socket.bind(0, '127.0.0.1', () => process.send(socket.address().port));
process.on('disconnect', () => process.exit());
