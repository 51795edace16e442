// A minimal AMQP server in its own process. It accepts one consumer on any channel, then writes deliveries that were
// encoded beforehand as fast as the socket accepts them. The argument is JSON: { messages, keys, payload, headers }. The
// free port that it listens on is sent to the parent process.
import { createServer } from 'node:net';

const options = JSON.parse(process.argv[2] ?? '{}');

function frame(type, channel, payload) {
	const bytes = Buffer.alloc(payload.length + 8);
	bytes[0] = type;
	bytes.writeUInt16BE(channel, 1);
	bytes.writeUInt32BE(payload.length, 3);
	payload.copy(bytes, 7);
	bytes[bytes.length - 1] = 0xce;
	return bytes;
}

const short = (text) => Buffer.concat([Buffer.of(Buffer.byteLength(text)), Buffer.from(text)]);
const number = (value, size) => {
	const bytes = Buffer.alloc(size);
	bytes.writeUIntBE(value, Math.max(0, size - 6), Math.min(size, 6));
	return bytes;
};
const long = (bytes) => Buffer.concat([number(bytes.length, 4), bytes]);
const method = (channel, classId, id, ...parts) =>
	frame(1, channel, Buffer.concat([number(classId, 2), number(id, 2), ...parts]));

/** About a megabyte of messages without delivery tags, and the offsets of the tags. */
function block(channel) {
	const headers = Array.from({ length: options.headers }, (_, at) =>
		Buffer.concat([short(`name ${at}`), Buffer.from('S'), long(Buffer.from('value'))]),
	);
	const properties = options.headers
		? Buffer.concat([Buffer.of(0x30, 0), long(Buffer.concat(headers)), Buffer.of(2)])
		: Buffer.of(0x10, 0, 2);
	const count = Math.floor(1_000_000 / (options.payload + 110));
	const tags = [];
	let at = 0;
	const frames = [];
	for (let index = 0; index < count; index++) {
		const deliver = method(
			...[channel, 60, 60, short('consumer'), number(0, 8), Buffer.of(0), short('orders')],
			short(`eu.shop-${index % 10}.item-${index % options.keys}`),
		);
		tags.push(at + 7 + 4 + 9);
		const header = frame(
			2,
			channel,
			Buffer.concat([number(60, 2), number(0, 2), number(options.payload, 8), properties]),
		);
		const body = frame(3, channel, Buffer.alloc(options.payload, `{"value":${index}.5,"unit":"C"} `));
		frames.push(deliver, header, body);
		at += deliver.length + header.length + body.length;
	}
	return { bytes: Buffer.concat(frames), count, tags };
}

const server = createServer({ noDelay: true }, (socket) => {
	let received = Buffer.alloc(0);
	let greeted = false;
	socket.on('error', () => {});
	socket.on('data', (chunk) => {
		received = Buffer.concat([received, chunk]);
		if (!greeted && received.length >= 8) {
			greeted = true;
			received = received.subarray(8);
			const table = Buffer.concat([short('product'), Buffer.from('S'), long(Buffer.from('Pretender'))]);
			socket.write(
				method(0, 10, 10, Buffer.of(0, 9), long(table), long(Buffer.from('PLAIN')), long(Buffer.from('en_US'))),
			);
		}
		while (greeted && received.length >= 8 && received.length >= received.readUInt32BE(3) + 8) {
			const end = received.readUInt32BE(3) + 8;
			if (received[0] === 1) answer(socket, received.readUInt16BE(1), received.readUInt32BE(7));
			received = received.subarray(end);
		}
	});
});

function answer(socket, channel, id) {
	const reply = (classId, number, ...parts) => socket.write(method(channel, classId, number, ...parts));
	if (id === 0x0a000b) reply(10, 30, number(100, 2), number(131_072, 4), number(0, 2));
	else if (id === 0x0a0028) reply(10, 41, short(''));
	else if (id === 0x14000a) reply(20, 11, long(Buffer.alloc(0)));
	else if (id === 0x32000a) reply(50, 11, short('q'), number(0, 4), number(0, 4));
	else if (id === 0x320014) reply(50, 21);
	else if (id === 0x3c0014) {
		reply(60, 21, short('consumer'));
		flood(socket, channel);
	}
}

/** Sends whole blocks, at least `messages` messages. All blocks have the same tags, since nothing is acknowledged. */
function flood(socket, channel) {
	const { bytes, count, tags } = block(channel);
	tags.forEach((at, index) => {
		bytes.writeUInt32BE(index + 1, at + 4);
	});
	let left = options.messages;
	const more = () => {
		for (; left > 0 && !socket.destroyed; left -= count) {
			if (socket.write(bytes)) continue;
			left -= count;
			socket.once('drain', more);
			return;
		}
	};
	more();
}

server.listen(0, '127.0.0.1', () => process.send?.(server.address().port));
