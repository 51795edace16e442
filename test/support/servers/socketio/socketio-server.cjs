// A Socket.IO server of version 2, 3 or 4 in a process of its own. Driven over the IPC channel.
const { createServer: createPlain } = require('node:http');
const { createServer: createSecure } = require('node:https');

const options = JSON.parse(process.argv[2]);
const modules = { 2: 'socket.io-2', 3: 'socket.io-3', 4: 'socket.io' };
const isOld = options.version === 2;
const notFound = (_request, response) => response.writeHead(404).end('no');
const server = options.tls ? createSecure(options.tls, notFound) : createPlain(notFound);
const settings = {
	serveClient: false,
	pingInterval: options.pingInterval ?? 25_000,
	pingTimeout: options.pingTimeout ?? 20_000,
	maxHttpBufferSize: options.maxPayload ?? 2_000_000,
	...options.settings,
};
const io = isOld
	? require(modules[2])(server, settings)
	: new (require(modules[options.version]).Server)(server, settings);
const received = [];
const acknowledged = [];
const unanswered = new Set();
let headers;
let reason;
let query;

function serve(socket) {
	query = socket.handshake.query;
	headers = socket.handshake.headers;
	if (options.greeting) socket.emit('welcome', options.greeting);
	socket.on('disconnect', (why) => {
		reason = why;
	});
	socket.use(([name, ...args], next) => {
		const answer = typeof args.at(-1) === 'function' ? args.pop() : undefined;
		received.push({ namespace: socket.nsp.name, name, args });
		if (received.length > 20_000) received.shift();
		if (name === 'echo') answer?.(...args);
		else if (name === 'leave') socket.disconnect(args[0] === true);
		next();
	});
}

function checkToken(socket, next) {
	const { token } = (isOld ? socket.handshake.query : socket.handshake.auth) ?? {};
	if (options.token === undefined || token === options.token) {
		next();
		return;
	}
	const error = new Error(`unauthorized: ${token}`);
	error.data = { code: 401, hint: 'ask for a token' };
	next(error);
}

io.use(checkToken);
io.on('connection', serve);
for (const name of ['/extra', '/chat/room']) io.of(name).on('connection', serve);
io.of('/private')
	.use((_socket, next) => next(new Error('members only.')))
	.on('connection', serve);

const commands = {
	/** Each item: namespace, name, arguments. */
	emit({ events }) {
		for (const { namespace = '/', name, args } of events)
			io.of(namespace).emit(name, ...args.map((one) => (one instanceof Uint8Array ? Buffer.from(one) : one)));
	},
	/** Emits with an acknowledgement, which `acknowledged` returns. */
	async ask({ namespace = '/', name, args }) {
		const first = () =>
			Object.values(isOld ? io.of(namespace).sockets : Object.fromEntries(io.of(namespace).sockets))[0];
		// A client that is connected joins its namespace a moment later.
		while (!first()) await new Promise((resolve) => setTimeout(resolve, 10));
		const event = { namespace, name, args };
		unanswered.add(event);
		first().emit(name, ...args, (...answer) => {
			unanswered.delete(event);
			acknowledged.push(answer);
		});
	},
	/** Asks again what was not acknowledged, as a program does when its client has connected again. */
	async repeat() {
		const events = [...unanswered];
		unanswered.clear();
		for (const event of events) await commands.ask(event);
	},
	/** Writes packets as they are, past the server's own encoder. */
	raw({ packets }) {
		for (const client of Object.values(io.engine.clients))
			for (const packet of packets) client.write(packet instanceof Uint8Array ? Buffer.from(packet) : packet);
	},
	disconnect: ({ namespace = '/' }) => {
		for (const socket of Object.values(isOld ? io.of(namespace).sockets : Object.fromEntries(io.of(namespace).sockets)))
			socket.disconnect();
	},
	acknowledged: () => acknowledged.splice(0),
	received: () => received.splice(0),
	connections: () => io.engine.clientsCount,
	transports: () => Object.values(io.engine.clients).map((client) => client.transport.name),
	headers: () => headers,
	query: () => query,
	reason: () => reason,
};

process.on('message', async ({ id, command, ...rest }) => process.send({ id, result: await commands[command](rest) }));
process.on('disconnect', () => process.exit());
server.listen(options.port, '127.0.0.1', () => process.send({ id: 0 }));
