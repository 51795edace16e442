import { createSocket } from 'node:dgram';
import { isIP, isIPv6 } from 'node:net';
import { fail } from '../../../base/failure';
import type { ActResult } from '../../../model/contracts/browse';
import type { Property } from '../../../model/contracts/session';
import { readLinks } from '../../../model/text/link-format';
import { shortened } from '../../../model/text/text';
import type { Act, Sink } from '../../adapter';
import { hostAndPort } from '../../shared/dial/address';
import { withKnownZone } from '../../shared/dial/zone';
import { peerText } from '../../shared/peer-text';
import { codeInWords, flagsOf } from '../describe/codes';
import { checkTarget, normal, targetOptions } from '../describe/target';
import { metaOf } from '../messages/sending';
import type { Clock } from '../wire/clock';
import { createExchange } from '../wire/exchange';
import { type Message, readMessage } from '../wire/message';
import { findBlock, option } from '../wire/options';
import { writeMessage } from '../wire/packet';
import { following } from '../wire/transfer';
import { ignoredNotes, openWire } from '../wire/udp-socket';

export interface DiscoverOptions {
	clock: Clock;
	sink: Sink;
	/** Maximum size of one answer, in bytes. */
	limit: number;
}

/** Limit of the answers that are accepted. */
const maxAnswers = 1000;
/** Milliseconds that the later blocks of one answer may take. */
const blocksWithin = 5000;

/** Sends a multicast request (RFC 7252, 8), and logs each answer with the address of its sender. */
export async function discover(act: Act, options: DiscoverOptions): Promise<ActResult> {
	const { clock, sink } = options;
	const request = requestOf(act);
	const found = new Map<string, { message: Message; address: string; port: number }>();
	await collect(act, request, clock, ignoredNotes(sink), (message, address, port) => {
		const from = hostAndPort({ host: address, port });
		if (found.has(from) || found.size >= maxAnswers) return;
		found.set(from, { message, address, port });
		act.progress(`${found.size} answered`);
	});
	const messages: number[] = [];
	const properties: Property[] = [];
	for (const [from, { message, address, port }] of found) {
		const whole = await wholeOf(message, address, port, request.path, options).catch(() => undefined);
		const { payload } = whole ?? message;
		const meta = metaOf(message, { from });
		messages.push(
			sink.message({ target: normal(request.path), payload, flags: flagsOf(message.code, message.type, false), meta }),
		);
		const { links } = readLinks(new TextDecoder().decode(payload));
		const size = `${links.length} ${links.length === 1 ? 'resource' : 'resources'}${whole ? '' : ', cut off'}`;
		const names = links.slice(0, 8).map(({ href }) => href);
		const value = message.code === 69 ? `${size}: ${names.join(' ')}` : codeInWords(message.code);
		properties.push({ label: `coap://${from}`, value: peerText(value) });
	}
	const who = found.size === 0 ? 'No device' : `${found.size} ${found.size === 1 ? 'device' : 'devices'}`;
	return { text: `${who} answered at ${request.address}, port ${request.port}.`, properties, messages };
}

interface DiscoveryRequest {
	address: string;
	port: number;
	path: string;
	ms: number;
	interface: string;
	ttl: number;
}

function requestOf({ values }: Act): DiscoveryRequest {
	const text = (key: string, usual: string) => (typeof values[key] === 'string' && values[key] ? values[key] : usual);
	const number = (key: string, usual: number) => (typeof values[key] === 'number' ? values[key] : usual);
	const input = text('address', '224.0.1.187').trim();
	const address = withKnownZone(input.replace(/^\[(.*)\]$/, '$1').replace(/%25(?=.)/, '%'));
	if (!isIP(address))
		throw fail('bad-address', `"${shortened(input, 100)}" is not an IP address, which a multicast needs.`);
	const path = text('path', '/.well-known/core');
	const wrong = checkTarget(path);
	if (wrong) throw fail('bad-target', wrong);
	return {
		...{ address, path, port: number('port', 5683), ms: number('seconds', 5) * 1000 },
		...{ interface: withKnownZone(text('interface', '').trim()), ttl: number('ttl', 1) },
	};
}

function collect(
	act: Act,
	request: DiscoveryRequest,
	clock: Clock,
	rejected: (why: string) => void,
	answer: (message: Message, address: string, port: number) => void,
): Promise<void> {
	const token = Buffer.from(clock.bytes(8));
	const [high = 0, low = 0] = clock.bytes(2);
	// A multicast is never confirmable (RFC 7252, 8.1).
	const bytes = writeMessage({
		...{ type: 1, code: 1, id: high * 256 + low, token, payload: new Uint8Array() },
		options: targetOptions(request.path),
	});
	return new Promise((resolve, reject) => {
		const socket = createSocket({ type: isIPv6(request.address) ? 'udp6' : 'udp4' });
		let cancelTimer = () => {};
		let open = true;
		const end = (action: () => void) => {
			if (!open) return;
			open = false;
			cancelTimer();
			act.signal.removeEventListener('abort', stopped);
			socket.close();
			action();
		};
		const failed = (error: unknown) =>
			end(() =>
				reject(
					fail('multicast-failed', `The multicast to ${request.address} could not be sent.`, {
						evidence: error instanceof Error ? error.message : String(error),
						remedy: { text: 'Check the address, and set the interface to send from.' },
					}),
				),
			);
		const stopped = () => end(resolve);
		socket.on('error', failed);
		socket.on('message', (datagram, from) => {
			const message = readMessage(datagram);
			if ('fault' in message || message.code >> 5 < 2 || !token.equals(message.token)) return;
			const fault = message.criticalFault();
			if (fault) return rejected(`it has ${fault}`);
			answer(message, from.address, from.port);
		});
		act.signal.addEventListener('abort', stopped);
		if (act.signal.aborted) return stopped();
		socket.bind(0, () => {
			try {
				if (request.interface) socket.setMulticastInterface(request.interface);
				socket.setMulticastTTL(request.ttl);
			} catch (error) {
				return failed(error);
			}
			socket.send(bytes, request.port, request.address, (error) => error && failed(error));
			cancelTimer = clock.later(request.ms, () => end(resolve));
			act.progress(`waiting for answers, ${request.ms / 1000} s`);
		});
	});
}

/** Fetches the later blocks of an answer from the device that sent it (RFC 7959, 2.8). Undefined if they did not arrive. */
async function wholeOf(message: Message, address: string, port: number, path: string, options: DiscoverOptions) {
	const { clock, limit } = options;
	if (!findBlock(message.options, option.block2)?.more) return message;
	const stop = new AbortController();
	const cancelTimer = clock.later(blocksWithin, () => stop.abort());
	const wire = await openWire(address, port, {
		message: (bytes) => exchange.receive(bytes),
		failed: () => stop.abort(),
		stranger() {},
	});
	const exchange = createExchange({ clock, nstart: 1, send: wire.send, ignored() {} });
	try {
		const request = {
			...{ code: 1, confirmable: true, options: targetOptions(path), payload: new Uint8Array() },
			...{ szx: 6, target: normal(path) },
		};
		const all = { exchange, clock, limit, signal: stop.signal, responseWithin: blocksWithin, progress() {} };
		return (await following(request, message, all))?.message;
	} finally {
		cancelTimer();
		exchange.stop();
		wire.close();
	}
}
