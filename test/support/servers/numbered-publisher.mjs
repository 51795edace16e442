// A publisher in a process of its own: messages whose payload is their number, at a steady rate. Its one argument is
// JSON: { port, topic, count, qos, perSecond }. Ends when the broker has acknowledged them all, or, at QoS 0, has
// answered what was asked after the last of them.
import { connect } from 'node:net';

const { port, topic, count, qos, perSecond } = JSON.parse(process.argv[2]);
const name = Buffer.from(topic);
const every = 5;

function publish(number) {
	const payload = Buffer.from(String(number));
	const id = (number % 65_535) + 1;
	const body = Buffer.concat([
		Buffer.of(name.length >> 8, name.length & 255),
		name,
		qos > 0 ? Buffer.of(id >> 8, id & 255) : Buffer.alloc(0),
		payload,
	]);
	return Buffer.concat([Buffer.of(0x30 | (qos << 1), body.length), body]);
}

const socket = connect({ port, host: '127.0.0.1', noDelay: true });
// MQTT 3.1.1, no keep alive.
socket.write(Buffer.from('101500044d5154540402000000097075626c6973686572', 'hex'));
let received = Buffer.alloc(0);
let acknowledged = 0;
socket.on('data', (chunk) => {
	received = Buffer.concat([received, chunk]);
	let at = 0;
	for (; at + 2 <= received.length && at + 2 + received[at + 1] <= received.length; at += 2 + received[at + 1]) {
		const type = received[at] >> 4;
		if (type === 2) start();
		if (type === 4) acknowledged++;
		if (acknowledged === count || type === 13) process.exit(0);
	}
	received = received.subarray(at);
});
socket.on('close', () => process.exit(1));

function start() {
	const began = performance.now();
	let sent = 0;
	const more = () => {
		const due = Math.min(count, Math.floor(((performance.now() - began + every) * perSecond) / 1000));
		const packets = [];
		for (; sent < due; sent++) packets.push(publish(sent));
		const ready = packets.length === 0 || socket.write(Buffer.concat(packets));
		if (sent === count) {
			if (qos === 0) socket.write(Buffer.of(0xc0, 0));
		} else if (ready) setTimeout(more, every);
		else socket.once('drain', more);
	};
	more();
}
