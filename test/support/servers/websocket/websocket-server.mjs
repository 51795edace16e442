// A ws server in a process of its own, so that it can be stopped, killed and frozen. Driven over the IPC channel.
import { createServer as createPlain } from 'node:http';
import { createServer as createSecure } from 'node:https';
import { WebSocketServer } from 'ws';

const options = JSON.parse(process.argv[2]);
const server = options.tls ? createSecure(options.tls) : createPlain();
const sockets = new Set();
const received = [];
let count = 0;

const webSocketServer = new WebSocketServer({
	noServer: true,
	perMessageDeflate: options.deflate ? { threshold: 0 } : false,
	maxPayload: 64 * 1024 * 1024,
	handleProtocols: (offered) => (offered.has('chat') ? 'chat' : false),
});

server.on('upgrade', (request, socket, head) => {
	const wanted = options.password && `Basic ${Buffer.from(`user:${options.password}`).toString('base64')}`;
	if (wanted && request.headers.authorization !== wanted) {
		const body = `Not you: ${request.headers.authorization ?? 'nobody'}`;
		socket.end(
			`HTTP/1.1 401 Unauthorized\r\nWWW-Authenticate: Basic realm="tests"\r\nContent-Length: ${body.length}\r\n\r\n${body}`,
		);
		return;
	}
	webSocketServer.handleUpgrade(request, socket, head, (webSocket) => {
		sockets.add(webSocket);
		count++;
		webSocket.headers = request.headers;
		webSocket.on('message', (data, binary) => {
			received.push({ data, binary });
			if (received.length > 20_000) received.shift();
			if (options.echo) webSocket.send(data, { binary });
		});
		webSocket.on('error', () => {});
		webSocket.on('close', () => sockets.delete(webSocket));
		if (options.greeting) webSocket.send(options.greeting);
	});
});

const commands = {
	send({ messages, fragments = 1 }) {
		for (const socket of sockets)
			for (const { data, binary } of messages) {
				const bytes = Buffer.from(data);
				const size = Math.max(1, Math.ceil(bytes.length / fragments));
				for (let at = 0; at === 0 || at < bytes.length; at += size)
					socket.send(bytes.subarray(at, at + size), { binary, fin: at + size >= bytes.length });
			}
	},
	raw({ data }) {
		for (const socket of sockets) socket._socket.write(Buffer.from(data));
	},
	close({ code, reason }) {
		for (const socket of sockets) socket.close(code, reason);
	},
	ping({ data }) {
		for (const socket of sockets) socket.ping(Buffer.from(data));
	},
	received: () => received.splice(0),
	connections: () => sockets.size,
	headers: () => [...sockets].at(-1)?.headers,
	count: () => count,
};

process.on('message', ({ id, command, ...rest }) => process.send({ id, result: commands[command](rest) }));
process.on('disconnect', () => process.exit());
server.listen(options.port, '127.0.0.1', () => process.send({ id: 0 }));
