import { createServer } from 'node:http';
import { type Namespace, Server, type Socket } from 'socket.io';
import { cutText } from '../model/text/text';
import { wander } from './devices/device';
import { openPort } from './ports';
import type { Running } from './server';

const maxClients = 1000;
const maxMessage = 1024 * 1024;
const maxRooms = 10;

/** Token that the namespace /admin accepts. */
const token = 'playground';

/** A bitmap of 2 × 2 pixels. */
const picture = Buffer.from(
	'Qk1GAAAAAAAAADYAAAAoAAAAAgAAAAIAAAABABgAAAAAABAAAAATCwAAEwsAAAAAAAAAAAAAAP8A/wAAAAAA/////wAA',
	'base64',
);

type Acknowledge = (...values: unknown[]) => void;

/** The arguments of an event, and its acknowledgement if the client asked for one. */
function split(values: unknown[]): { values: unknown[]; acknowledge: Acknowledge } {
	const last = values.at(-1);
	if (typeof last === 'function') return { values: values.slice(0, -1), acknowledge: last as Acknowledge };
	return { values, acknowledge: () => {} };
}

/** Answers "echo" with its arguments and "time" with the time, and asks each client a question, which it may acknowledge. */
function greet(socket: Socket): void {
	socket.on('echo', (...all: unknown[]) => {
		const { values, acknowledge } = split(all);
		socket.emit('echo', ...values);
		acknowledge(...values);
	});
	socket.on('time', (...all: unknown[]) => split(all).acknowledge({ now: new Date().toISOString() }));
	socket.emit('question', { text: 'Are you there?' }, (...answers: unknown[]) => socket.emit('thanks', ...answers));
}

/** Rooms: "join" and "leave" name one, "say" writes to one. */
function chat(socket: Socket, namespace: Namespace): void {
	const roomOf = (value: unknown) => cutText(typeof value === 'string' ? value : 'lobby', 100);
	void socket.join('lobby');
	socket.on('join', async (...all: unknown[]) => {
		const { values, acknowledge } = split(all);
		if (socket.rooms.size < maxRooms) await socket.join(roomOf(values[0]));
		acknowledge({ rooms: [...socket.rooms].filter((room) => room !== socket.id) });
	});
	socket.on('leave', async (...all: unknown[]) => {
		const { values, acknowledge } = split(all);
		await socket.leave(roomOf(values[0]));
		acknowledge({ rooms: [...socket.rooms].filter((room) => room !== socket.id) });
	});
	socket.on('say', (...all: unknown[]) => {
		const { values, acknowledge } = split(all);
		const [room, ...said] = values.length > 1 ? values : ['lobby', ...values];
		namespace.to(roomOf(room)).emit('message', { room: roomOf(room), from: socket.id }, ...said);
		acknowledge({ delivered: namespace.adapter.rooms.get(roomOf(room))?.size ?? 0 });
	});
}

/**
 * Starts a Socket.IO server, version 4, on loopback: events in the main namespace, rooms in /chat, and /admin, which refuses
 * clients without the token. What it emits by itself is volatile, so that nothing is kept for a client that does not read.
 */
export async function startSocketIo(wanted: number): Promise<Running> {
	const http = createServer((_, response) => response.writeHead(404).end('Socket.IO only: /socket.io/\n'));
	const server = new Server(http, {
		...{ maxHttpBufferSize: maxMessage, serveClient: false },
		allowRequest: (_, answer) => answer(null, server.engine.clientsCount < maxClients),
	});
	const rooms = server.of('/chat');
	const admin = server.of('/admin');
	server.on('connection', greet);
	rooms.on('connection', (socket) => chat(socket, rooms));
	admin.use((socket, next) => {
		if (socket.handshake.auth.token === token) return next();
		next(Object.assign(new Error('A token is required.'), { data: { code: 401, hint: `The token is "${token}".` } }));
	});
	admin.on('connection', (socket) => socket.emit('welcome', { clients: server.engine.clientsCount }));
	const temperature = wander(16, 31, 0.4);
	let beat = 0;
	const timer = setInterval(() => {
		beat++;
		// One event at a time: a volatile one is dropped while another is being written.
		if (beat % 2 === 0)
			server.volatile.emit('climate', { temperature: temperature(), unit: '°C' }, { at: new Date().toISOString() });
		else if (beat % 6 === 1)
			rooms.to('lobby').volatile.emit('message', { room: 'lobby', from: 'farm' }, `Beat ${beat}: all is well.`);
		else if (beat % 6 === 3) server.volatile.emit('picture', { name: 'camera.bmp' }, picture);
	}, 1000);
	const port = await openPort(http, wanted);
	return {
		port,
		async close() {
			clearInterval(timer);
			await server.close();
			http.closeAllConnections();
		},
	};
}
