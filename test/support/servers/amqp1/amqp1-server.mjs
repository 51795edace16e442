// An AMQP 1.0 server on rhea in a process of its own, driven over the IPC channel. Addresses below "topic/" keep no messages,
// those below "queue/" keep them until an outcome; "denied" is refused, and "topic/full" gives no credit. Subjects choose the
// outcome of a sent message. `copies`: whether it grants them; "promised": it does, and then delivers the messages themselves.
import { createServer as createHttp } from 'node:http';
import { createServer as createPlain } from 'node:net';
import { createServer as createSecure } from 'node:tls';
import rhea from 'rhea';
import { createWebSocketStream, WebSocketServer } from 'ws';

const { port, tls, password, product = 'qpid-cpp', webSocket, copies = true } = JSON.parse(process.argv[2]);
const container = rhea.create_container({ id: 'test-server' });
if (password !== undefined)
	container.sasl_server_mechanisms.enable_plain((user, given) => user === 'user' && given === password);
else container.sasl_server_mechanisms.enable_anonymous();
const sockets = new Set();
const senders = new Set();
const queues = new Map();
let received = [];
const settlements = [];
let dynamic = 0;

const queueOf = (address) => {
	if (!queues.has(address)) queues.set(address, []);
	return queues.get(address);
};
const raw = (payload) => rhea.message.data_section(Buffer.from(payload));

container.on('disconnected', () => {});
container.on('error', () => {});
container.on('protocol_error', () => {});
container.on('session_close', () => {});
container.on('session_error', () => {});
container.on('sender_error', () => {});
container.on('receiver_error', () => {});

container.on('receiver_open', ({ receiver }) => {
	const address = receiver.target?.address;
	if (address === 'denied') {
		receiver.close({ condition: 'amqp:unauthorized-access', description: 'not for you' });
		return;
	}
	receiver.set_target({ address });
	if (address !== 'topic/full') receiver.add_credit(500);
});
container.on('message', ({ receiver, message, delivery }) => {
	receiver.add_credit(1);
	const { address } = receiver.target;
	const { subject } = message;
	received.push(message);
	if (subject === 'reject') delivery.reject({ condition: 'app:bad', description: 'rejected on purpose' });
	else if (subject === 'release') delivery.release();
	else if (subject === 'modify') delivery.modified({ delivery_failed: true, undeliverable_here: true });
	else if (subject === 'silence') return;
	else delivery.accept();
	if (message.reply_to && !subject) {
		const answer = { correlation_id: message.correlation_id ?? message.message_id, body: message.body };
		for (const sender of senders) if (sender.own.address === message.reply_to) sender.send(answer);
		return;
	}
	if (address?.startsWith('queue/')) queueOf(address).push(message);
	pump();
});

container.on('sender_open', ({ sender }) => {
	const asked = sender.source;
	if (asked.address === 'denied') {
		sender.close({ condition: 'amqp:not-allowed', description: 'not for you' });
		return;
	}
	const address = asked.dynamic ? `temporary/${++dynamic}` : asked.address;
	const mode = copies ? asked.distribution_mode : undefined;
	const filter = asked.filter;
	sender.set_source({
		address,
		dynamic: asked.dynamic,
		...(mode && { distribution_mode: mode }),
		...(filter && { filter }),
	});
	sender.own = { address, copy: copies === true && String(mode) === 'copy', at: 0 };
	senders.add(sender);
	for (const end of ['sender_close', 'sender_error']) sender.on(end, () => gone(sender));
	sender.session.on('session_close', () => gone(sender));
});
container.on('sendable', pump);
container.options.sender_options = { treat_modified_as_released: false };
// Credit is given below only.
container.options.receiver_options = { credit_window: 0 };
for (const outcome of ['accepted', 'rejected', 'released', 'modified'])
	container.on(outcome, ({ sender, delivery }) => {
		const message = sender.own.open?.get(delivery);
		sender.own.open?.delete(delivery);
		if (!message) return;
		const { error, delivery_failed, undeliverable_here } = delivery.remote_state ?? {};
		settlements.push({
			address: sender.own.address,
			outcome,
			...(error && { condition: error.condition, description: error.description }),
			...(outcome === 'modified' && { delivery_failed, undeliverable_here }),
		});
		if (sender.own.copy || outcome === 'accepted' || outcome === 'rejected') return;
		queueOf(sender.own.address).unshift(message);
		setImmediate(pump);
	});

/** What has no outcome goes back; rhea reports those that came with the end of the link behind it. */
function gone(sender) {
	senders.delete(sender);
	const { open, copy, address } = sender.own;
	setImmediate(() => {
		if (!copy && address.startsWith('queue/')) queueOf(address).unshift(...(open?.values() ?? []));
		open?.clear();
	});
}

function pump() {
	for (const sender of senders) {
		if (!sender.own.address.startsWith('queue/')) continue;
		const list = queueOf(sender.own.address);
		while (sender.sendable() && (sender.own.copy ? sender.own.at < list.length : list.length > 0)) {
			const message = sender.own.copy ? list[sender.own.at++] : list.shift();
			sender.own.open ??= new Map();
			sender.own.open.set(sender.send(message), message);
		}
	}
}

function serve(socket) {
	sockets.add(socket);
	socket.on('error', () => {});
	const connection = container.create_connection({ properties: { product, version: '1' }, idle_time_out: 60_000 });
	socket.on('close', () => {
		sockets.delete(socket);
		for (const sender of senders) if (sender.connection === connection) senders.delete(sender);
	});
	connection.accept(socket);
}

const waiting = [];
function flush() {
	for (let at = 0; at < waiting.length; ) {
		const { address, messages } = waiting[at];
		const own = [...senders].filter((sender) => sender.own.address === address);
		while (messages.length > 0 && own.every((sender) => sender.sendable())) {
			const message = messages.shift();
			for (const sender of own) sender.send(message);
		}
		if (messages.length === 0) waiting.splice(at, 1);
		else at++;
	}
	if (waiting.length > 0) setTimeout(flush, 5);
}

const commands = {
	/** Sends to those who receive now. */
	deliver({ address, payloads, message = {} }) {
		if (![...senders].some((sender) => sender.own.address === address)) return;
		waiting.push({ address, messages: payloads.map((payload) => ({ ...message, body: raw(payload) })) });
		flush();
	},
	fill({ address, messages }) {
		for (const message of messages)
			queueOf(address).push({ ...message, ...(message.bytes && { body: raw(message.bytes) }) });
		pump();
	},
	count: ({ address }) => queueOf(address).length,
	received() {
		const taken = received;
		received = [];
		return taken.map(({ body, ...rest }) => ({
			payload: Buffer.from(body?.content ?? body ?? ''),
			properties: Object.entries(rest.application_properties ?? {}).map(([name, value]) => [name, String(value)]),
		}));
	},
	settlements: ({ address }) =>
		settlements.filter((one) => one.address === address).map(({ address: _, ...rest }) => rest),
	connections: () => sockets.size,
	state: () => [...senders].map((s) => [s.own.address, s.credit, s.sendable(), s.is_open()]),
	/** Ends all links that send from this address. */
	detach({ address }) {
		for (const sender of senders)
			if (sender.own.address === address) sender.close({ condition: 'amqp:resource-deleted', description: 'gone' });
	},
};

process.on('message', ({ id, command, ...rest }) => process.send({ id, result: commands[command](rest) }));
process.on('disconnect', () => process.exit());
let server = tls ? createSecure(tls, serve) : createPlain(serve);
if (webSocket) {
	server = createHttp();
	const upgrade = new WebSocketServer({ server, handleProtocols: (offered) => offered.has('amqp') && 'amqp' });
	upgrade.on('connection', (client) => {
		const stream = createWebSocketStream(client);
		client.on('close', () => stream.destroy());
		serve(stream);
	});
}
server.listen(port, '127.0.0.1', () => process.send({ id: 0 }));
