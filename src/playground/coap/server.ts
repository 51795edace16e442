import { createHash } from 'node:crypto';
import { codeOf, methods } from '../../protocols/coap/describe/codes';
import {
	blockBytes,
	blockSize,
	criticalFaultIn,
	findBlock,
	findUint,
	type Option,
	option,
	toHex,
	uintBytes,
} from '../../protocols/coap/wire/options';
import { type Message, readMessage, writeMessage } from '../../protocols/coap/wire/packet';
import { coreLinks } from './core-links';
import { acknowledge, type Client, createOutbox, reject } from './outbox';
import { type Asked, type Place, type Reply, type Resource, text } from './resource';
import { createUploads } from './uploads';

export interface CoapServer {
	/** A datagram. Never throws. */
	receive(bytes: Buffer, client: Client): void;
	/** Registrations of observers now. */
	readonly observers: number;
	close(): void;
}

const mostObservers = 1000;
/** Answers that are kept for a request that comes again (RFC 7252, 4.5). */
const mostAnswers = 1000;
const encoder = new TextEncoder();
const decoder = new TextDecoder();

interface Observer {
	client: Client;
	path: string;
	request: Message;
	count: number;
}

/** A CoAP server of a few resources: piggybacked and separate responses, blocks both ways, observers. */
export function createCoapServer(furnish: (place: Place) => void): CoapServer {
	const resources = new Map<string, Resource>();
	const observers = new Map<string, Observer>();
	const answers = new Map<string, Buffer>();
	const timers = new Set<NodeJS.Timeout>();
	const outbox = createOutbox();
	const upload = createUploads();
	let sequence = 1;

	furnish({
		add: (resource) => resources.set(resource.path, resource),
		remove(path) {
			resources.delete(path);
			for (const [key, observer] of observers) if (observer.path === path) notify(key, observer);
		},
		changed(path) {
			for (const [key, observer] of observers) if (observer.path === path) notify(key, observer);
		},
		every: (ms, action) => timers.add(setInterval(action, ms)),
	});
	resources.set('.well-known/core', {
		...{ path: '.well-known/core', attributes: 'ct=40' },
		answer: ({ method, query }) =>
			method === 'GET'
				? { code: '2.05', format: 40, payload: encoder.encode(coreLinks(resources.values(), query)) }
				: text('4.05', 'Only GET is allowed here.'),
	});

	/** Every tenth is confirmable, so that an observer who is gone is noticed (RFC 7641, 4.5). */
	function notify(key: string, observer: Observer): void {
		const { client, request } = observer;
		sequence = (sequence + 1) & 0xffffff;
		const reply = answerOf(request, Buffer.alloc(0));
		const ended = !reply.code.startsWith('2.');
		if (ended) observers.delete(key);
		const extra = ended ? [] : [{ number: option.observe, value: uintBytes(sequence) }];
		const message = messageOf(request, reply, extra);
		const type = ended || ++observer.count % 10 === 0 ? 0 : 1;
		outbox.send(client, { ...message, type }, () => observers.delete(key));
	}

	function answerOf(message: Message, payload: Buffer): Reply {
		const { code, options } = message;
		const method = Object.values(methods).find((one) => one.code === code)?.label;
		if (!method) return text('4.05', 'There is no such method.');
		const resource = resources.get(pathOf(message));
		if (!resource) return text('4.04', 'There is nothing here. Try GET /.well-known/core.');
		const texts = (number: number) => options.filter((one) => one.number === number).map(({ value }) => value);
		const asked: Asked = {
			...{ method, payload },
			query: texts(option.uriQuery).map((value) => decoder.decode(value)),
			format: findUint(options, option.contentFormat),
			accept: findUint(options, option.accept),
			ifMatch: texts(option.ifMatch).map(toHex),
			ifNoneMatch: texts(option.ifNoneMatch).length > 0,
		};
		return resource.answer(asked);
	}

	/** The part of the reply that is asked for (RFC 7959, 2.4). */
	function messageOf(request: Message, reply: Reply, extra: Option[]): Omit<Message, 'id' | 'type'> {
		const { payload = new Uint8Array() } = reply;
		const options = [...extra];
		const add = (number: number, value: Uint8Array) => options.push({ number, value });
		if (reply.format !== undefined) add(option.contentFormat, uintBytes(reply.format));
		if (reply.maxAge !== undefined) add(option.maxAge, uintBytes(reply.maxAge));
		for (const part of reply.location?.split('/') ?? []) add(8, encoder.encode(part));
		const asked = findBlock(request.options, option.block2) ?? { num: 0, more: false, szx: 6 };
		const szx = Math.min(6, asked.szx);
		const size = blockSize(szx);
		const at = asked.num * size;
		let part = payload;
		if (payload.length > size || asked.num > 0) {
			if (at >= payload.length && at > 0)
				return { ...request, code: codeOf('4.00'), options: extra, payload: encoder.encode('There is no such block.') };
			part = payload.subarray(at, at + size);
			add(option.etag, createHash('sha256').update(payload).digest().subarray(0, 4));
			add(option.block2, blockBytes({ num: asked.num, more: at + size < payload.length, szx }));
			if (asked.num === 0) add(option.size2, uintBytes(payload.length));
		}
		options.sort((a, b) => a.number - b.number);
		return { token: request.token, code: codeOf(reply.code), options, payload: part };
	}

	function handle(message: Message, client: Client) {
		const once = `${client.key} ${message.id}`;
		const before = answers.get(once);
		if (before) return client.send(before);
		const piggyback = (omitted: Omit<Message, 'id' | 'type'>) => {
			if (message.type !== 0) return outbox.send(client, { ...omitted, type: 1 });
			const bytes = writeMessage({ ...omitted, type: 2, id: message.id });
			remember(once, bytes);
			client.send(bytes);
		};
		const fault = criticalFaultIn(message.options);
		// A non-confirmable request is rejected instead of answered (RFC 7252, 5.4.1).
		if (fault && message.type !== 0) return reject(client, message.id);
		if (fault) return piggyback(messageOf({ ...message, options: [] }, text('4.02', `The request has ${fault}.`), []));
		const whole = upload(`${client.key} ${message.code} ${pathOf(message)}`, message);
		if (whole.kind === 'answer') {
			const reply = { code: whole.code, ...(whole.words && { payload: encoder.encode(whole.words) }) };
			return piggyback(messageOf(message, reply, whole.options));
		}
		const resource = resources.get(pathOf(message));
		if (resource?.slow !== undefined) {
			if (message.type === 0) {
				acknowledge(client, message.id);
				remember(once, Buffer.of(0x60, 0, message.id >> 8, message.id & 255));
			}
			const timer = setTimeout(() => {
				timers.delete(timer);
				const late = messageOf(message, answerOf(message, whole.payload), whole.options);
				outbox.send(client, { ...late, type: message.type === 0 ? 0 : 1 });
			}, resource.slow);
			timers.add(timer);
			return;
		}
		const reply = answerOf(message, whole.payload);
		piggyback(messageOf(message, reply, [...whole.options, ...registered(message, client, resource, reply)]));
	}

	/** Puts an observer on the list or takes it off (RFC 7641, 4.1). */
	function registered(message: Message, client: Client, resource: Resource | undefined, reply: Reply): Option[] {
		const wish = findUint(message.options, option.observe);
		const key = `${client.key} ${toHex(message.token)}`;
		if (wish === 1) observers.delete(key);
		if (wish !== 0 || message.code !== 1 || !resource?.observable || !reply.code.startsWith('2.')) return [];
		if (!observers.has(key) && observers.size >= mostObservers) return [];
		// Later blocks are asked for without it.
		const request = { ...message, options: message.options.filter(({ number }) => number !== option.block2) };
		observers.set(key, { client, path: resource.path, request, count: 0 });
		sequence = (sequence + 1) & 0xffffff;
		return [{ number: option.observe, value: uintBytes(sequence) }];
	}

	function remember(key: string, bytes: Buffer): void {
		answers.set(key, bytes);
		const [oldest] = answers.keys();
		if (answers.size > mostAnswers && oldest !== undefined) answers.delete(oldest);
	}

	return {
		receive(bytes, client) {
			const message = readMessage(bytes);
			if ('fault' in message) {
				if (message.id !== undefined) reject(client, message.id);
				return;
			}
			if (message.type >= 2) return outbox.answered(client, message.id, message.type === 3);
			if (message.code === 0 || message.code >= 32) {
				if (message.type === 0) reject(client, message.id);
				return;
			}
			const { type, code, id, token, options, payload } = message;
			handle({ type, code, id, token, options, payload }, client);
		},
		get observers() {
			return observers.size;
		},
		close() {
			for (const timer of timers) clearTimeout(timer);
			outbox.close();
			observers.clear();
		},
	};
}

function pathOf({ options }: Message): string {
	const parts = options.filter(({ number }) => number === option.uriPath).map(({ value }) => decoder.decode(value));
	return parts.join('/');
}
