// A server for Sample in a process of its own, so that it can be stopped, killed and frozen. Driven over the IPC channel. It
// shares no code with the adapter: a fault of the codec must not cancel out.
import { createServer as createPlain } from 'node:net';
import { createServer as createSecure } from 'node:tls';

const { port, tls, password, denied } = JSON.parse(process.argv[2]);
const clients = new Set();
let received = [];

function write(socket, type, id, urgent, target, payload) {
	const head = Buffer.alloc(12);
	head.writeUInt32BE(8 + Buffer.byteLength(target) + payload.length, 0);
	head.writeUInt8(type, 4);
	head.writeUInt8(urgent, 5);
	head.writeUInt32BE(id, 6);
	head.writeUInt16BE(Buffer.byteLength(target), 10);
	socket.write(Buffer.concat([head, Buffer.from(target), payload]));
}

function publish(target, urgent, payload) {
	for (const { socket, targets } of clients) if (targets.has(target)) write(socket, 0x83, 0, urgent, target, payload);
}

/** Each request returns the text of its answer, or throws the reason for refusing it. */
const requests = {
	1: () => 'sample-server 1',
	2(client, _, user, given) {
		if (password !== undefined && (user !== 'user' || given.toString() !== password)) throw 'unknown user or password';
		client.isSignedIn = true;
		return '';
	},
	3(client, _, target) {
		client.targets.add(target);
		return '';
	},
	4(client, _, target) {
		client.targets.delete(target);
		return '';
	},
	5(_, urgent, target, payload) {
		received.push({ target, urgent: urgent === 1, payload: Buffer.from(payload) });
		publish(target, urgent, payload);
		return '';
	},
	6: () => '',
};

function answer(client, type, urgent, id, target, payload) {
	try {
		if (type > 2 && !client.isSignedIn) throw 'sign in first';
		if (target !== '' && target === denied) throw 'not allowed';
		write(client.socket, 0x81, id, 0, '', Buffer.from(requests[type](client, urgent, target, payload)));
	} catch (reason) {
		write(client.socket, 0x82, id, 0, '', Buffer.from(String(reason)));
	}
}

function serve(socket) {
	const client = { socket, targets: new Set(), isSignedIn: password === undefined };
	clients.add(client);
	let bytes = Buffer.alloc(0);
	socket.on('error', () => {});
	socket.on('close', () => clients.delete(client));
	socket.on('data', (chunk) => {
		bytes = Buffer.concat([bytes, chunk]);
		while (bytes.length >= 4 && bytes.length >= 4 + bytes.readUInt32BE(0)) {
			const frame = bytes.subarray(4, 4 + bytes.readUInt32BE(0));
			bytes = bytes.subarray(4 + frame.length);
			const end = 8 + frame.readUInt16BE(6);
			answer(client, frame[0], frame[1], frame.readUInt32BE(2), frame.toString('utf8', 8, end), frame.subarray(end));
		}
	});
}

const commands = {
	deliver({ target, payloads }) {
		for (const payload of payloads) publish(target, 0, Buffer.from(payload));
	},
	received() {
		const taken = received;
		received = [];
		return taken;
	},
	connections: () => clients.size,
};

process.on('message', ({ id, command, ...rest }) => process.send({ id, result: commands[command](rest) }));
process.on('disconnect', () => process.exit());
const server = tls ? createSecure(tls, serve) : createPlain(serve);
server.listen(port, '127.0.0.1', () => process.send({ id: 0 }));
