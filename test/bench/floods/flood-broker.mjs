// A pretend broker in a process of its own: it answers CONNECT and SUBSCRIBE in whatever version is asked for, and then
// writes PUBLISH packets encoded beforehand as fast as the socket takes them. Its one argument is JSON:
// { messages, topics, payload, properties, qos, rate }; with a rate, so many messages a second. The free port that it
// listens on is sent to the parent process.
import { createServer } from 'node:net';

const options = JSON.parse(process.argv[2] ?? '{}');

/** @returns {number[]} MQTT 5, section 1.5.5 */
function variable(value) {
	return value < 128 ? [value] : [(value & 127) | 128, ...variable(value >>> 7)];
}

function text(value) {
	const bytes = Buffer.from(value);
	return Buffer.concat([Buffer.of(bytes.length >> 8, bytes.length & 255), bytes]);
}

/** About a megabyte of messages, or so many, each topic in turn. */
function block(five, count) {
	const properties = Buffer.concat(
		Array.from({ length: options.properties }, (_, at) =>
			Buffer.concat([Buffer.of(38), text(`name ${at}`), text('value')]),
		),
	);
	const messages = count ?? Math.floor(1_000_000 / (options.payload + 40));
	const packets = Array.from({ length: messages }, (_, at) => {
		const body = Buffer.concat([
			text(`building/floor-${at % 10}/room-${at % options.topics}/sensor`),
			options.qos ? Buffer.of(((at % 60_000) + 1) >> 8, ((at % 60_000) + 1) & 255) : Buffer.alloc(0),
			five ? Buffer.from([...variable(properties.length), ...properties]) : Buffer.alloc(0),
			Buffer.alloc(options.payload, `{"value":${at}.5,"unit":"C"} `),
		]);
		return Buffer.concat([Buffer.from([0x30 | ((options.qos ?? 0) << 1), ...variable(body.length)]), body]);
	});
	return { bytes: Buffer.concat(packets), messages };
}

const server = createServer({ noDelay: true }, (socket) => {
	let five = false;
	socket.on('error', () => {});
	socket.on('data', (chunk) => {
		const type = chunk[0] >> 4;
		if (type === 1) {
			five = chunk.includes(Buffer.from('MQTT\x05', 'latin1'));
			socket.write(Buffer.from(five ? [0x20, 3, 0, 0, 0] : [0x20, 2, 0, 0]));
		} else if (type === 8) {
			const [, , high, low] = chunk;
			const granted = options.qos ?? 0;
			socket.write(Buffer.from(five ? [0x90, 4, high, low, 0, granted] : [0x90, 3, high, low, granted]));
			if (options.rate) trickle(socket, five);
			else flood(socket, five);
		}
	});
});

/** As many messages as asked for, at the rate that is asked for. */
function trickle(socket, five) {
	const { bytes } = block(five, 100);
	const start = performance.now();
	let sent = 0;
	const timer = setInterval(() => {
		const due = Math.min(options.messages, ((performance.now() - start) / 1000) * options.rate);
		for (; sent + 100 <= due; sent += 100) socket.write(bytes);
		if (sent + 100 > options.messages || socket.destroyed) clearInterval(timer);
	}, 2);
}

/** At least as many messages as asked for, whole blocks. */
function flood(socket, five) {
	const { bytes, messages } = block(five);
	let left = options.messages;
	const more = () => {
		for (; left > 0 && !socket.destroyed; left -= messages) {
			if (socket.write(bytes)) continue;
			left -= messages;
			socket.once('drain', more);
			return;
		}
	};
	more();
}

server.listen(0, '127.0.0.1', () => process.send?.(server.address().port));
process.on('disconnect', () => process.exit(0));
