import { createSocket, type Socket } from 'node:dgram';
import type { AddressInfo } from 'node:net';
import { createServer, type IncomingMessage, ObserveWriteStream, type OutgoingMessage } from 'coap';
import { methods } from '../../protocols/coap/describe/codes';
import { type Message, readMessage } from '../../protocols/coap/wire/message';
import { criticalFaultIn, findUint, type Option, option, toHex } from '../../protocols/coap/wire/options';
import { emptyMessage, writeMessage } from '../../protocols/coap/wire/packet';
import { coreLinks } from './core-links';
import { furnish } from './greenhouse';
import { type Place, type Reply, type Resource, text } from './resource';
import { createUploads } from './uploads';

export interface CoapServer {
	/** Number of observers that are registered. */
	readonly observers: number;
	close(): void;
}

interface Observer {
	message: Message;
	path: string;
	stream: ObserveWriteStream;
}

const maxObservers = 1000;
const decoder = new TextDecoder();
const reset = 3;

/**
 * Serves resources on a bound socket. The library `coap` recognizes repeated requests, acknowledges, retransmits and sends
 * large answers in blocks. What it does not do as a server is done here: it does not reject malformed messages, pings and
 * unknown critical options, takes the blocks of an upload only when all have the same token, does not report that an
 * observation ended, and answers each request that has Observe as if the resource could be observed.
 */
export function createCoapServer(socket: Socket, furnish: (place: Place) => void): CoapServer {
	const resources = new Map<string, Resource>();
	const observers = new Map<string, Observer>();
	const timers = new Set<NodeJS.Timeout>();
	const upload = createUploads();
	/** The message behind each request that was handed to the library, by the address object that the library passes on. */
	const originals = new WeakMap<AddressInfo, Message>();

	furnish({
		add: (resource) => resources.set(resource.path, resource),
		remove: (path) => resources.delete(path),
		changed(path) {
			for (const { message, path: observed, stream } of observers.values())
				if (observed === path) respond(stream, replyOf(message, Buffer.alloc(0)));
		},
		every: (ms, action) => timers.add(setInterval(action, ms)),
	});
	resources.set('.well-known/core', {
		...{ path: '.well-known/core', attributes: 'ct=40' },
		answer: ({ method, query }) =>
			method === 'GET'
				? { code: '2.05', format: 40, payload: Buffer.from(coreLinks(resources.values(), query)) }
				: text('4.05', 'Only GET is allowed here.'),
	});

	// Bounds the responses that are stored for repeated requests, with their timers.
	const server = createServer({ cacheSize: 1024 * 1024 });
	server.listen(socket);
	const handle = server.handleRequest();
	socket.removeAllListeners('message').on('message', (bytes, from) => {
		const message = readMessage(bytes);
		const reject = (id: number) => socket.send(emptyMessage(reset, id), from.port, from.address, () => {});
		if ('fault' in message) {
			if (message.id !== undefined) reject(message.id);
		} else if (message.type >= 2) handle(bytes, from);
		else if (message.code === 0 || message.code >= 32) {
			if (message.type === 0) reject(message.id);
			// A non-confirmable request is rejected instead of answered (RFC 7252, 5.4.1).
		} else if (message.type === 1 && message.criticalFault()) reject(message.id);
		else {
			originals.set(from, message);
			handle(writeMessage(forLibrary(message)), from);
		}
	});
	server.on('error', () => {});
	server.on('request', ({ rsinfo }: IncomingMessage, response: OutgoingMessage | ObserveWriteStream) => {
		response.on('error', () => {});
		const message = originals.get(rsinfo);
		if (message) answer(message, `${rsinfo.address} ${rsinfo.port}`, response);
	});

	/** The part of a request that concerns the library. Any method is GET there, so that it does not refuse a FETCH. */
	function forLibrary({ type, code, id, token, options }: Message): Message {
		const resource = resources.get(pathOf(options));
		// The library's notifications to a non-confirmable request are acknowledgements, which no client expects.
		const isObservable = type === 0 && code === methods.get.code && resource?.observable;
		const observes = isObservable && observers.size < maxObservers;
		const kept = criticalFaultIn(options)
			? []
			: options.filter(({ number }) => number === option.block2 || (number === option.observe && observes));
		return { type, code: methods.get.code, id, token, options: kept, payload: new Uint8Array() };
	}

	function answer(message: Message, client: string, response: OutgoingMessage | ObserveWriteStream): void {
		const { options, token, code } = message;
		const fault = criticalFaultIn(options);
		if (fault) {
			respond(response, text('4.02', `The request has ${fault}.`));
			return;
		}
		const path = pathOf(options);
		const whole = upload(`${client} ${code} ${path}`, message);
		if (whole.kind === 'answer') {
			respond(response, text(whole.code, whole.words ?? ''), whole.options);
			return;
		}
		const observer = `${client} ${toHex(token)}`;
		const isRegistration = response instanceof ObserveWriteStream;
		if (isRegistration || findUint(options, option.observe) === 1) {
			observers.get(observer)?.stream.end();
			observers.delete(observer);
		}
		if (isRegistration) {
			// Later notifications begin with their first block.
			const first = { ...message, options: options.filter(({ number }) => number !== option.block2) };
			const entry = { message: first, path, stream: response };
			observers.set(observer, entry);
			// After a reset, or when a notification was not acknowledged.
			response.on('finish', () => {
				if (observers.get(observer) === entry) observers.delete(observer);
			});
		}
		const finish = () => respond(response, replyOf(message, whole.payload), whole.options);
		const { slowMs } = resources.get(path) ?? {};
		if (slowMs === undefined) finish();
		else {
			const timer = setTimeout(() => {
				timers.delete(timer);
				finish();
			}, slowMs);
			timers.add(timer);
		}
	}

	function replyOf({ code, options }: Message, payload: Buffer): Reply {
		const method = Object.values(methods).find((one) => one.code === code)?.label;
		if (!method) return text('4.05', 'There is no such method.');
		const resource = resources.get(pathOf(options));
		if (!resource) return text('4.04', 'There is nothing here. Try GET /.well-known/core.');
		return resource.answer({
			...{ method, payload },
			query: options.filter(({ number }) => number === option.uriQuery).map(({ value }) => decoder.decode(value)),
			format: findUint(options, option.contentFormat),
			accept: findUint(options, option.accept),
			ifNoneMatch: options.some(({ number }) => number === option.ifNoneMatch),
		});
	}

	return {
		get observers() {
			return observers.size;
		},
		close() {
			for (const timer of timers) clearTimeout(timer);
			observers.clear();
			server.close();
		},
	};
}

/** Sends an answer, or a notification that leaves the stream open for the next one. */
function respond(response: OutgoingMessage | ObserveWriteStream, reply: Reply, options: readonly Option[] = []): void {
	const { code, format, maxAge, location, payload = new Uint8Array() } = reply;
	response.statusCode = code;
	if (format !== undefined) response.setOption('Content-Format', format);
	if (maxAge !== undefined) response.setOption('Max-Age', maxAge);
	if (location)
		response.setOption(
			'Location-Path',
			location.split('/').map((part) => Buffer.from(part)),
		);
	for (const { number, value } of options)
		response.setOption(number === option.block1 ? 'Block1' : 'Size1', Buffer.from(value));
	if (response instanceof ObserveWriteStream) {
		// Each write of the library has Observe, which an error must not have. The end sends the code alone.
		if (code.startsWith('2.')) response.write(payload);
		else response.end();
	}
	// A view: the library keeps what it sends in blocks for four minutes.
	else response.end(payload.length > 0 ? Buffer.from(payload.buffer, payload.byteOffset, payload.length) : undefined);
}

function pathOf(options: readonly Option[]): string {
	const parts = options.filter(({ number }) => number === option.uriPath).map(({ value }) => decoder.decode(value));
	return parts.join('/');
}

export interface CoapPlayground {
	/** On loopback: the wanted one, or a free one where that was taken. */
	port: number;
	server: CoapServer;
	close(): Promise<void>;
}

/** Starts the greenhouse, on loopback only: it has no access control. */
export async function startCoap(wanted: number): Promise<CoapPlayground> {
	const socket = createSocket('udp4');
	const port = await bind(socket, wanted);
	const server = createCoapServer(socket, furnish);
	return {
		port,
		server,
		async close() {
			server.close();
			await new Promise<void>((resolve) => socket.close(resolve));
		},
	};
}

function bind(socket: Socket, wanted: number): Promise<number> {
	return new Promise((resolve, reject) => {
		const failed = (error: NodeJS.ErrnoException) => {
			if (wanted !== 0 && (error.code === 'EADDRINUSE' || error.code === 'EACCES'))
				bind(socket, 0).then(resolve, reject);
			else reject(error);
		};
		socket.once('error', failed);
		socket.bind(wanted, '127.0.0.1', () => {
			socket.off('error', failed);
			resolve(socket.address().port);
		});
	});
}
