// A minimal AMQP 1.0 server in its own process. It accepts one receiver, then writes transfers that were encoded beforehand as
// fast as credit and the socket allow. The argument is JSON: { messages, payload, properties, copies }; `copies`: it grants copies
// of messages. The free port that it listens on is sent to the parent process.
import { createServer } from 'node:net';

const options = JSON.parse(process.argv[2] ?? '{}');

const text = (value, code = 0xa1) => Buffer.concat([Buffer.of(code, Buffer.byteLength(value)), Buffer.from(value)]);
const uint = (value) => {
	const bytes = Buffer.of(0x70, 0, 0, 0, 0);
	bytes.writeUInt32BE(value, 1);
	return bytes;
};
const compound = (code, fields) => {
	const body = Buffer.concat(fields);
	const head = Buffer.alloc(9);
	head[0] = code;
	head.writeUInt32BE(body.length + 4, 1);
	head.writeUInt32BE(fields.length, 5);
	return Buffer.concat([head, body]);
};
const described = (code, value) => Buffer.concat([Buffer.of(0, 0x53, code), value]);
const none = Buffer.of(0x40);
const frame = (type, ...parts) => {
	const body = Buffer.concat(parts);
	const head = Buffer.from([0, 0, 0, 0, 2, type, 0, 0]);
	head.writeUInt32BE(body.length + 8);
	return Buffer.concat([head, body]);
};
const amqp = (code, ...fields) => frame(0, described(code, compound(0xd0, fields)));
const header = (id) => Buffer.from([0x41, 0x4d, 0x51, 0x50, id, 1, 0, 0]);

const names = Array.from({ length: options.properties }, (_, at) => [text(`name ${at}`), text('value')]).flat();
const data = Buffer.alloc(options.payload, '{"value":20.5,"unit":"C"} ');
const message = Buffer.concat([
	described(0x70, compound(0xd0, [Buffer.of(0x41)])),
	described(0x73, compound(0xd0, [text('id-1'), none, text('orders'), none])),
	...(names.length > 0 ? [described(0x74, compound(0xd1, names))] : []),
	described(0x75, Buffer.concat([Buffer.of(0xa0, data.length), data])),
]);
const one = frame(
	0,
	described(
		0x14,
		compound(0xd0, [Buffer.of(0x43), uint(0), Buffer.concat([Buffer.of(0xa0, 4), Buffer.alloc(4)]), Buffer.of(0x43)]),
	),
	message,
);
/** Of the delivery ID and of the tag. */
const idAt = 8 + 3 + 9 + 1 + 1;
const tagAt = idAt + 4 + 2;

/** The fields of a flow, which are unsigned integers or absent. */
function flowOf(bytes) {
	let at = bytes[11] === 0xc0 ? 14 : 20;
	const fields = [];
	while (at < bytes.length) {
		const code = bytes[at++];
		if (code === 0x52) fields.push(bytes[at++]);
		else if (code === 0x70) {
			fields.push(bytes.readUInt32BE(at));
			at += 4;
		} else fields.push(code === 0x43 ? 0 : undefined);
	}
	return fields;
}

const server = createServer({ noDelay: true }, (socket) => {
	let received = Buffer.alloc(0);
	let sent = 0;
	let window = 0;
	let credit = 0;
	socket.on('error', () => {});

	function pour() {
		let count = Math.min(window, credit, options.messages) - sent;
		while (count > 0) {
			const block = Buffer.alloc(Math.min(count, 1000) * one.length);
			for (let at = 0; at < block.length; at += one.length) {
				one.copy(block, at);
				block.writeUInt32BE(sent, at + idAt);
				block.writeUInt32BE(sent++, at + tagAt);
				count--;
			}
			socket.write(block);
		}
	}

	function answer(bytes) {
		const code = bytes[10];
		if (code === 0x41) socket.write(frame(1, described(0x44, compound(0xd0, [Buffer.of(0x50, 0)]))));
		else if (code === 0x10)
			socket.write(
				amqp(
					0x10,
					text('flood'),
					none,
					uint(65_536),
					Buffer.of(0x60, 0, 9),
					none,
					none,
					none,
					none,
					none,
					compound(0xd1, [text('product', 0xa3), text('qpid-cpp')]),
				),
			);
		else if (code === 0x11) socket.write(amqp(0x11, Buffer.of(0x60, 0, 0), uint(0), uint(2048), uint(0xffff_ffff)));
		else if (code === 0x12) {
			const start = bytes.indexOf(0xa1, 11);
			const name = bytes.subarray(start, start + 2 + bytes[start + 1]);
			const mode = options.copies ? [none, none, none, none, none, text('copy', 0xa3)] : [];
			const source = described(0x28, compound(0xd0, [text('orders'), ...mode]));
			const target = described(0x29, compound(0xd0, [text('me')]));
			socket.write(amqp(0x12, name, uint(0), Buffer.of(0x42), none, none, source, target, none, none, uint(0)));
		} else if (code === 0x13) {
			const [next = 0, size = 0, , , handle, count = 0, granted = 0] = flowOf(bytes);
			window = next + size;
			if (handle !== undefined) credit = count + granted;
			pour();
		} else if (code === 0x18) socket.end(amqp(0x18));
	}

	socket.on('data', (chunk) => {
		received = received.length === 0 ? chunk : Buffer.concat([received, chunk]);
		let at = 0;
		for (;;) {
			if (received.length - at < 8) break;
			if (received.toString('latin1', at, at + 4) === 'AMQP') {
				const id = received[at + 4];
				socket.write(header(id));
				if (id === 3) socket.write(frame(1, described(0x40, compound(0xd0, [text('ANONYMOUS', 0xa3)]))));
				at += 8;
				continue;
			}
			const size = received.readUInt32BE(at);
			if (received.length - at < size) break;
			if (size > 8) answer(received.subarray(at, at + size));
			at += size;
		}
		received = received.subarray(at);
	});
});
server.listen(0, '127.0.0.1', () => process.send(server.address().port));
