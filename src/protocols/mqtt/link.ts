import { MqttClient } from 'mqtt';
import { type Failure, FailureError, fail, toFailure } from '../../base/failure';
import type { Security } from '../../model/contracts/session';
import type { ConnectContext, Link } from '../adapter';
import { notOpen, silent } from '../shared/failures';
import { createLinkLife } from '../shared/link-life';
import { type Liveness, watchLiveness } from '../shared/liveness';
import type { Pipe } from '../shared/pipe';
import { atMostOnce } from './describe/holding';
import { checkDraft, type Publish } from './messages/draft';
import type { HeldMemory } from './messages/held';
import { createIncoming } from './messages/incoming';
import { createOutgoing, type Outgoing } from './messages/outgoing';
import { subscribe, unsubscribe } from './messages/subscribing';
import { subscriptionNumbers } from './messages/subscription-numbers';
import { type Broker, brokerOf, facts, livenessTimes, smallestLimit } from './session/broker-limits';
import { type ConnectSettings, clientOptions } from './session/connect-options';
import { connackFailure, disconnectFailure } from './session/refusals';
import { closedWithoutReason } from './session/session-takeover';
import { createGuard } from './wire/guard';
import { flushed, libraryStream } from './wire/library-stream';
import type { Connack } from './wire/packets';

/** How long a goodbye may take, in milliseconds. */
const goodbyeWithin = 500;

/** Packets that have no body: PINGREQ, and DISCONNECT with the reason "normal" (MQTT 5, 3.12 and 3.14). */
const pingreq = Buffer.of(0xc0, 0);
const disconnect = Buffer.of(0xe0, 0);

export interface LinkOptions {
	context: ConnectContext;
	settings: ConnectSettings;
	version: 4 | 5;
	/** MQTT 5 was tried first and refused. */
	fellBack: boolean;
	pipe: Pipe;
	security: Security;
	/** Largest packet accepted, in bytes. */
	limit: number;
	/** Packet identifiers of unfinished exchanges at QoS 2, received and sent. They outlive the link. */
	open: { received: Set<number>; sent: Set<number> };
	/** Outlives the link. */
	heldMemory: HeldMemory;
}

/** Sends CONNECT, and resolves with the link once CONNACK has accepted it. Throws a FailureError otherwise. */
export function openLink(options: LinkOptions): Promise<Link> {
	const { context, settings, version, pipe, open } = options;
	const { sink } = context;
	/** When the link was opened, by `performance.now()`. */
	let openSince: number | undefined;
	/** Subscriptions that the broker has not answered yet. */
	let subscribing = 0;
	let broker: Broker | undefined;
	let connack: Connack | undefined;
	let liveness: Liveness | undefined;
	let outgoing: Outgoing | undefined;

	const stream = libraryStream(pipe, () => liveness?.wrote());
	// Created before anything is sent: it throws for a profile that cannot work.
	const client = new MqttClient(
		() => stream,
		clientOptions(context.profile, context.secrets, settings, version, open.sent),
	);
	const life = createLinkLife({
		goodbyeWithin,
		goodbye() {
			outgoing?.flush();
			incoming.flush();
			stream.write(disconnect);
			void flushed(stream).then((taken) => taken && pipe.end());
		},
		destroyed() {
			liveness?.stop();
			outgoing?.lost();
			incoming.held.lost();
			client.end(true);
			stream.destroy();
			pipe.destroy();
		},
	});
	/** Ends the link at once for a fault, also during the goodbye. */
	const breakOff = (failure: Failure) => {
		life.blame(failure);
		life.end();
	};
	const numbers = subscriptionNumbers(context.memory);
	const incoming = createIncoming({
		version,
		sink,
		numbers,
		unreleased: open.received,
		heldMemory: options.heldMemory,
		holding: context.holding,
		receiveMaximum: settings.acceptedMaximum,
		write: (bytes) => void stream.write(bytes),
	});
	const guard = createGuard({
		version,
		limit: options.limit,
		aliasMaximum: settings.aliasMaximum,
		connack(packet) {
			// CONNACK carries both the protocol version and the result of the login.
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
				incoming.held.forget();
			} else if (context.hold) incoming.held.resumed();
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

	client.on('error', (error) => {
		const { evidence } = toFailure(error);
		breakOff({ code: 'library-fault', message: 'The MQTT library could not read what the broker sent.', evidence });
	});
	pipe.listen({
		data(chunk) {
			if (life.state === 'ended') return;
			liveness?.heard();
			try {
				guard.push(chunk);
				incoming.flush();
			} catch (error) {
				// What was logged before the fault is acknowledged.
				incoming.flush();
				const failure = toFailure(error);
				if (version === 5) sendReason(failure);
				breakOff(failure);
			}
		},
		closed(failure) {
			if (life.state !== 'open') life.end();
			else if (openSince === undefined) life.end(noConnack(failure));
			else if (subscribing > 0) {
				// The broker may close on a subscription that it does not allow, and on an identifier that it does not know.
				// That is no sign of another client with the same client ID.
				numbers.stop();
				life.end(failure);
			} else life.end(closedWithoutReason(failure, context, performance.now() - openSince));
		},
	});

	/** Sends DISCONNECT with the reason (MQTT 5, 4.13). It may not arrive, since the connection is ended right after. */
	function sendReason(failure: Failure): void {
		const reason = { 'protocol-violation': 0x82, 'message-too-large': 0x95 }[failure.code];
		if (reason !== undefined && broker) pipe.write(Buffer.of(0xe0, 1, reason));
	}

	return new Promise<Link>((resolve, reject) => {
		// Once the link is open, this rejection changes nothing.
		void life.ended.then((failure) =>
			reject(new FailureError(failure ?? { code: 'closed', message: 'The connection was closed.' })),
		);
		client.once('connect', () => {
			if (life.state !== 'open' || !broker || !connack) return;
			openSince = performance.now();
			liveness = watchLiveness({
				...livenessTimes(broker.keepAlive),
				probe: () => void stream.write(pingreq),
				dead: (waited, silence) =>
					breakOff(silent('broker', waited, `nothing for ${Math.round(silence / 1000)} s, PINGREQ is unanswered`)),
			});
			outgoing = createOutgoing(client, stream, broker, open.sent);
			resolve(linkOf(broker, connack, outgoing));
		});
	});

	function linkOf(allowed: Broker, greeting: Connack, sending: Outgoing): Link {
		const requireOpen = () => {
			if (life.state !== 'open') throw notOpen();
		};
		const subscriber = { client, broker: allowed, numbers };
		return {
			security: options.security,
			facts: facts(greeting, allowed, settings.clientId, context.profile, options.fellBack),
			ended: life.ended,
			unfinished: guard.unfinished,
			async subscribe(subscription, id, hold) {
				subscribing++;
				incoming.held.subscribed(id, subscription.target, hold !== undefined);
				try {
					const { qos, ...granted } = await subscribe(subscriber, subscription, id);
					return { ...granted, ...(hold && qos === 0 && { holding: atMostOnce }) };
				} catch (error) {
					incoming.held.unsubscribed(id);
					throw error;
				} finally {
					subscribing--;
				}
			},
			async unsubscribe({ target }, id) {
				await unsubscribe(subscriber, target, id);
				incoming.held.unsubscribed(id);
			},
			settle: incoming.held.settle,
			held: () => incoming.held.size,
			prepare(draft) {
				requireOpen();
				return checkDraft(draft, allowed);
			},
			async send(publish: Publish) {
				requireOpen();
				return sending.send(publish);
			},
			close: life.close,
			destroy: life.destroy,
		};
	}
}

function noConnack(failure: Failure): Failure {
	if (failure.code !== 'closed-by-broker') return failure;
	return {
		...failure,
		code: 'no-connack',
		message: 'The broker closed the connection instead of answering the CONNECT.',
		remedy: { text: 'Check the port, and whether the URL must start with mqtts:// or mqtt://.' },
	};
}
