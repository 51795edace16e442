import { createSocket, type Socket } from 'node:dgram';
import type { AddressInfo } from 'node:net';
import { createServer, type IncomingMessage, ObserveWriteStream, type OutgoingMessage } from 'coap';
import { methods } from '../../protocols/coap/describe/codes';
import { type Message, readMessage } from '../../protocols/coap/wire/message';
import {
	blockSize,
	criticalFaultIn,
	find,
	findBlock,
	findUint,
	option,
	toHex,
} from '../../protocols/coap/wire/options';
import { emptyMessage, writeMessage } from '../../protocols/coap/wire/packet';
import { openPort } from '../ports';
import { furnish } from './greenhouse';
import { content, notAllowed, type Place, type Reply, type Resource, refusal } from './resource';

type Response = OutgoingMessage | ObserveWriteStream;

const maxObservers = 1000;
const maxUploads = 100;
const maxUploadBytes = 1024 * 1024;
const noBytes = Buffer.alloc(0);

/**
 * Serves resources on a bound socket. The library `coap` recognizes repeated requests, acknowledges, retransmits and sends
 * large answers in blocks. What it does not do as a server is done here: it does not reject malformed messages, pings and
 * unknown critical options, does not bound uploads, does not report that an observation ended, and answers each request
 * that has Observe as if the resource could be observed.
 */
export function createCoapServer(socket: Socket, furnish: (place: Place) => void) {
	const resources = new Map<string, Resource>();
	/** By client and token. */
	const observers = new Map<string, { message: Message; stream: ObserveWriteStream }>();
	/** The received part of each upload, by client, method and path. */
	const uploads = new Map<string, Buffer>();
	const timers = new Set<NodeJS.Timeout>();
	/** The message behind each request that was handed to the library, by the address object that the library passes on. */
	const originals = new WeakMap<AddressInfo, Message>();

	const core = '.well-known/core';
	const link = ({ path, attributes, observable }: Resource) => `</${path}>;${attributes}${observable ? ';obs' : ''}`;
	const links = () => [...resources.values()].filter(({ path }) => path !== core).map(link);
	resources.set(core, {
		...{ path: core, attributes: 'ct=40' },
		answer: ({ method }) => (method === 'GET' ? content(40, links().join(',')) : notAllowed),
	});
	furnish({
		add: (resource) => resources.set(resource.path, resource),
		remove: (path) => resources.delete(path),
		changed(path) {
			for (const { message, stream } of observers.values())
				if (pathOf(message) === path) respond(stream, replyTo(message, noBytes));
		},
		every: (ms, action) => timers.add(setInterval(action, ms)),
	});

	// Bounds the stored responses to repeated requests. The library counts the bytes of a datagram, which can be as few as 20,
	// and stores about 5 kB with each.
	const server = createServer({ cacheSize: 256 * 1024 });
	server.listen(socket);
	const handle = server.handleRequest();
	socket.removeAllListeners('message').on('message', (bytes, from) => {
		const message = readMessage(bytes);
		const reject = (id = 0) => socket.send(emptyMessage(3, id), from.port, from.address, () => {});
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
	server.on('request', ({ rsinfo }: IncomingMessage, response: Response) => {
		response.on('error', () => {});
		const message = originals.get(rsinfo);
		if (message) answer(message, `${rsinfo.address} ${rsinfo.port}`, response);
	});

	/** The part of a request that concerns the library. Any method is GET there, so that it does not refuse a FETCH. */
	function forLibrary(message: Message): Message {
		const isGet = message.code === methods.get.code;
		// The library's notifications to a non-confirmable request are acknowledgements, which no client expects.
		const isObservable = message.type === 0 && isGet && resources.get(pathOf(message))?.observable;
		const observes = isObservable && observers.size < maxObservers;
		const options = message.options.filter(
			({ number }) => number === option.block2 || (number === option.observe && observes),
		);
		const { type, id, token } = message;
		const code = methods.get.code;
		return { type, code, id, token, options: criticalFaultIn(message.options) ? [] : options, payload: noBytes };
	}

	function answer(message: Message, client: string, response: Response): void {
		const { options, token, code } = message;
		const observer = `${client} ${toHex(token)}`;
		if (response instanceof ObserveWriteStream || findUint(options, option.observe) === 1) {
			observers.get(observer)?.stream.end();
			observers.delete(observer);
		}
		if (response instanceof ObserveWriteStream) {
			const entry = { message, stream: response };
			observers.set(observer, entry);
			// After a reset, or when a notification was not acknowledged.
			response.on('finish', () => {
				if (observers.get(observer) === entry) observers.delete(observer);
			});
		}
		const fault = criticalFaultIn(options);
		const payload = fault
			? refusal('4.02', `The request has ${fault}.`)
			: joinBlocks(`${client} ${code} ${pathOf(message)}`, message);
		const block = find(options, option.block1);
		if (block) response.setOption('Block1', Buffer.from(block));
		const finish = () => respond(response, Buffer.isBuffer(payload) ? replyTo(message, payload) : payload);
		const { slowMs } = resources.get(pathOf(message)) ?? {};
		if (slowMs === undefined) finish();
		else {
			const timer = setTimeout(() => {
				timers.delete(timer);
				finish();
			}, slowMs);
			timers.add(timer);
		}
	}

	/** The whole payload, or the answer to a block of an upload that is incomplete or invalid (RFC 7959, 2.5). */
	function joinBlocks(key: string, { options, payload }: Message): Buffer | Reply {
		const block = findBlock(options, option.block1);
		if (!block) return Buffer.from(payload);
		const size = blockSize(block.szx);
		const start = block.num === 0 ? noBytes : uploads.get(key);
		uploads.delete(key);
		const hasLength = block.szx < 7 && (block.more ? payload.length === size : payload.length <= size);
		if (start?.length !== block.num * size || !hasLength)
			return refusal('4.08', 'The block is not the next one of the upload.');
		const joined = Buffer.concat([start, payload]);
		if (joined.length > maxUploadBytes) return refusal('4.13', `The upload exceeds ${maxUploadBytes} bytes.`);
		if (!block.more) return joined;
		uploads.set(key, joined);
		const [oldest = ''] = uploads.keys();
		if (uploads.size > maxUploads) uploads.delete(oldest);
		return { code: '2.31' };
	}

	function replyTo(message: Message, payload: Buffer): Reply {
		const method = Object.values(methods).find(({ code }) => code === message.code)?.label;
		if (!method) return notAllowed;
		const [format, accept] = [option.contentFormat, option.accept].map((number) => findUint(message.options, number));
		const ifNoneMatch = find(message.options, option.ifNoneMatch) !== undefined;
		const resource = resources.get(pathOf(message));
		if (!resource) return refusal('4.04', 'There is nothing here. Try GET /.well-known/core.');
		return resource.answer({ method, payload, format, accept, ifNoneMatch });
	}

	return {
		/** Number of observers that are registered. */
		get observers() {
			return observers.size;
		},
		close() {
			for (const timer of timers) clearInterval(timer);
			observers.clear();
			server.close();
		},
	};
}

/** Sends an answer, or a notification that leaves the stream open for the next one. */
function respond(response: Response, { code, payload = noBytes, options = [] }: Reply): void {
	response.statusCode = code;
	for (const one of options) response.setOption(...one);
	// Each write of an observation has Observe, which an error must not have. The end sends the code alone.
	if (response instanceof ObserveWriteStream && code.startsWith('2.')) response.write(payload);
	else if (response instanceof ObserveWriteStream || payload.length === 0) response.end();
	// A view: the library keeps what it sends in blocks for four minutes.
	else response.end(Buffer.from(payload.buffer, payload.byteOffset, payload.length));
}

function pathOf({ options }: Message): string {
	const parts = options.filter(({ number }) => number === option.uriPath);
	return parts.map(({ value }) => Buffer.from(value).toString()).join('/');
}

/** Starts the greenhouse on this port of loopback, or on a free one where it is busy. */
export async function startCoap(wanted: number) {
	const socket = createSocket('udp4');
	const port = await openPort(socket, wanted);
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
