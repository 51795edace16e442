import { MqttClient } from 'mqtt';
import { type Failure, FailureError, fail, toFailure } from '../../base/failure';
import type { Security } from '../../model/contracts/session';
import type { ConnectContext, Link } from '../adapter';
import { checkDraft, type Publish } from './messages/draft';
import { createIncoming } from './messages/incoming';
import { createOutgoing, type Outgoing } from './messages/outgoing';
import { subscribe, unsubscribe } from './messages/subscribing';
import { type Broker, brokerOf, facts, smallestLimit } from './session/broker-limits';
import { type ConnectSettings, clientOptions } from './session/connect-options';
import { connackFailure, disconnectFailure } from './session/refusals';
import { closedWithoutReason } from './session/session-takeover';
import { createGuard } from './wire/guard';
import { flushed, libraryStream } from './wire/library-stream';
import { type Liveness, watch } from './wire/liveness';
import type { Connack } from './wire/packets';
import type { Pipe } from './wire/pipe';

/** How long a goodbye may take, in milliseconds. */
const goodbyeWithin = 500;

export interface LinkOptions {
	context: ConnectContext;
	settings: ConnectSettings;
	version: 4 | 5;
	/** MQTT 5 was tried first and refused. */
	fellBack: boolean;
	pipe: Pipe;
	security: Security;
	/** Of one received packet, in bytes. */
	limit: number;
	/** Packet identifiers at QoS 2 whose end is open: received, and sent. They outlive the link. */
	open: { received: Set<number>; sent: Set<number> };
}

/** CONNECT, and the link once CONNACK has accepted it. Throws a FailureError and leaves nothing open otherwise. */
export function openLink(options: LinkOptions): Promise<Link> {
	const { context, settings, version, pipe, open } = options;
	const { signal, sink } = context;
	let state: 'connecting' | 'open' | 'closing' | 'ended' = 'connecting';
	let openSince = 0;
	/** Subscriptions that the broker has not answered yet. */
	let subscribing = 0;
	let broker: Broker | undefined;
	let connack: Connack | undefined;
	let liveness: Liveness | undefined;
	let outgoing: Outgoing | undefined;
	let tellEnd: (failure: Failure | undefined) => void = () => {};
	const ended = new Promise<Failure | undefined>((resolve) => {
		tellEnd = resolve;
	});

	const stream = libraryStream(pipe, () => liveness?.wrote());
	// Before anything is sent: a profile that cannot work is told now.
	const client = new MqttClient(
		() => stream,
		clientOptions(context.profile, context.secrets, settings, version, open.sent),
	);
	const incoming = createIncoming({
		version,
		sink,
		unreleased: open.received,
		receiveMaximum: settings.receiveMaximum,
		write: (bytes) => void stream.write(bytes),
	});
	const guard = createGuard({
		version,
		limit: options.limit,
		aliasMaximum: settings.aliasMaximum,
		connack(packet) {
			// Who we are is judged by the same packet that tells what is spoken.
			context.found(`MQTT ${version === 5 ? '5' : '3.1.1'}`);
			context.step('login');
			if (packet.code !== 0) throw new FailureError(connackFailure(packet));
			connack = packet;
			broker = brokerOf(packet, version, settings.keepAlive);
			if (broker.maximumPacketSize < smallestLimit)
				throw fail(
					'limits-unusable',
					`The broker accepts packets of at most ${broker.maximumPacketSize} bytes, and an acknowledgement has ${smallestLimit}.`,
					{ final: true },
				);
			if (packet.sessionPresent && settings.cleanStart)
				throw fail(
					'protocol-violation',
					'The broker resumed a session although a clean start was asked (MQTT 5, 3.2.2.1).',
				);
			if (!packet.sessionPresent) {
				open.received.clear();
				open.sent.clear();
			}
		},
		publish: incoming.publish,
		pubrel: incoming.pubrel,
		acknowledged: (name, id, reason) => outgoing?.acknowledged(name, id, reason),
		disconnect(reason) {
			const failure = disconnectFailure(reason);
			// "Not authorized" is the answer to the subscription, and without it the connection is good.
			throw new FailureError(reason.code === 0x87 && subscribing > 0 ? { ...failure, final: false } : failure);
		},
		library: (packet) => void stream.push(packet),
	});

	function finish(failure: Failure | undefined): void {
		if (state === 'ended') return;
		state = 'ended';
		liveness?.stop();
		outgoing?.lost();
		client.end(true);
		stream.destroy();
		pipe.destroy();
		tellEnd(failure);
	}

	client.on('error', (error) => {
		const { evidence } = toFailure(error);
		finish({ code: 'library-fault', message: 'The MQTT library could not go on with what the broker sent.', evidence });
	});
	pipe.listen({
		data(chunk) {
			if (state === 'ended') return;
			liveness?.heard();
			try {
				guard.push(chunk);
				incoming.flush();
			} catch (error) {
				// What was logged before the fault is acknowledged.
				incoming.flush();
				const failure = toFailure(error);
				if (version === 5) sayWhy(failure);
				finish(failure);
			}
		},
		closed(failure) {
			// Some brokers close on a subscription that they do not allow: then no other client has the same client ID.
			if (state === 'open' && subscribing > 0) finish(failure);
			else if (state === 'open') finish(closedWithoutReason(failure, context, performance.now() - openSince));
			else if (state === 'connecting' && failure.code === 'closed-by-broker')
				finish({
					...failure,
					message: 'The broker closed the connection instead of answering the CONNECT.',
					code: 'no-connack',
					remedy: { text: 'Check the port, and whether the URL must start with mqtts:// or mqtt://.' },
				});
			else finish(state === 'closing' ? undefined : failure);
		},
	});

	/** A DISCONNECT with the reason, as MQTT 5, 4.13 asks for; whether it still arrives is not ours to know. */
	function sayWhy(failure: Failure): void {
		const reason = { 'protocol-violation': 0x82, 'message-too-large': 0x95 }[failure.code];
		if (reason !== undefined && broker) pipe.write(Buffer.of(0xe0, 1, reason), () => {});
	}

	return new Promise<Link>((resolve, reject) => {
		const abort = () => finish(fail('cancelled', 'The connection attempt was cancelled.').failure);
		signal.addEventListener('abort', abort);
		if (signal.aborted) abort();
		void ended.then((failure) => {
			signal.removeEventListener('abort', abort);
			// After the link is open this changes nothing.
			reject(new FailureError(failure ?? { code: 'closed', message: 'The connection was closed.' }));
		});
		client.once('connect', () => {
			if (state !== 'connecting' || !broker || !connack) return;
			signal.removeEventListener('abort', abort);
			state = 'open';
			openSince = performance.now();
			liveness = watch(broker.keepAlive, () => void stream.write(Buffer.of(0xc0, 0)), finish);
			outgoing = createOutgoing(client, stream, broker, open.sent);
			resolve(linkOf(broker, connack, outgoing));
		});
	});

	function linkOf(known: Broker, greeting: Connack, sending: Outgoing): Link {
		return {
			security: options.security,
			facts: facts(greeting, known, settings.clientId, context.profile, options.fellBack),
			ended,
			unfinished: guard.unfinished,
			async subscribe(subscription) {
				subscribing++;
				try {
					return await subscribe(client, known, subscription);
				} finally {
					subscribing--;
				}
			},
			unsubscribe: ({ target }) => unsubscribe(client, known, target),
			prepare(draft) {
				if (state !== 'open') throw notOpen();
				return checkDraft(draft, known);
			},
			async send(publish: Publish) {
				if (state !== 'open') throw notOpen();
				return sending.send(publish);
			},
			async close() {
				if (state !== 'open') return;
				state = 'closing';
				const timer = setTimeout(() => finish(undefined), goodbyeWithin);
				sending.flush();
				stream.write(Buffer.of(0xe0, 0));
				if (await flushed(stream)) pipe.end();
				await ended;
				clearTimeout(timer);
			},
			destroy: () => finish(undefined),
		};
	}
}

const notOpen = () => fail('not-open', 'The connection is not open, so nothing was sent.');
