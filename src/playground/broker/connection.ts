import { randomUUID } from 'node:crypto';
import type { Duplex } from 'node:stream';
import {
	generate,
	type IConnectPacket,
	type IPublishPacket,
	type ISubscribePacket,
	type Packet,
	parser,
} from 'mqtt-packet';
import { checkFilter, checkTopic, compileFilter } from '../../protocols/mqtt/describe/topics';
import { Client, type Message } from './client';
import { limits, reason } from './limits';

/** What a connection needs of the broker. */
export interface Hub {
	/** Adds a client and ends the connection that has the same client identifier. Returns false when the broker is full. */
	join(client: Client): boolean;
	leave(client: Client): void;
	/** Returns whether a client or a device received the message. */
	route(message: Message): boolean;
	retained(fits: (topic: string) => boolean): Message[];
}

/** The client broke the protocol: its connection ends with this reason code. */
class Violation extends Error {
	constructor(readonly code: number) {
		super(`MQTT reason code ${code}`);
	}
}

/** Serves one MQTT client from its first byte to its last. Invalid input ends this connection only. */
export function serve(stream: Duplex, hub: Hub): void {
	const options = { protocolVersion: 4 };
	const input = parser(options);
	let state: { kind: 'waiting' } | { kind: 'open'; client: Client } | { kind: 'ended' } = { kind: 'waiting' };
	let will: IConnectPacket['will'];
	let keepaliveMs = 0;
	let timer = setTimeout(() => end(), limits.connectMs);
	/** Packet identifiers of QoS 2 messages that were routed and not yet released. */
	const unreleased = new Set<number>();

	/** Without a code no DISCONNECT packet is sent: the client has left or has not logged in. */
	function end(code?: number): void {
		const { kind } = state;
		if (kind === 'ended') return;
		clearTimeout(timer);
		if (state.kind === 'open') {
			const { client } = state;
			if (code !== undefined && client.version === 5) client.send({ cmd: 'disconnect', reasonCode: code });
			hub.leave(client);
			if (will) hub.route(received(will.topic, will.payload, will, client));
		}
		state = { kind: 'ended' };
		stream.end();
		// Time for the last packet to leave.
		setTimeout(() => stream.destroy(), 500).unref();
	}

	function restartTimer(): void {
		clearTimeout(timer);
		// One and a half times the keep alive interval (MQTT 5, 3.1.2.10).
		if (keepaliveMs > 0) timer = setTimeout(() => end(reason.keepAliveTimeout), keepaliveMs * 1.5);
	}

	function login(packet: IConnectPacket): void {
		const { protocolVersion = 4, properties = {}, clientId, clean = true } = packet;
		options.protocolVersion = protocolVersion;
		/** CONNACK: the reason code of MQTT 5 or the return code of MQTT 3.1.1. */
		const connack = (reasonCode: number, returnCode: number, more: object = {}) =>
			stream.write(
				generate(
					{
						cmd: 'connack',
						sessionPresent: false,
						...(protocolVersion === 5 ? { reasonCode, ...more } : { returnCode }),
					},
					{ protocolVersion },
				),
			);
		if (packet.will && checkTopic(packet.will.topic)) throw new Violation(reason.topicNameInvalid);
		if (properties.receiveMaximum === 0) throw new Violation(reason.protocolError);
		const client = new Client(clientId || `auto-${randomUUID()}`, protocolVersion, stream, properties, end);
		// A client without an identifier must ask for a clean session (MQTT 3.1.1, 3.1.3.1).
		if (!clientId && !clean && protocolVersion < 5) connack(reason.notAuthorized, 2);
		else if (properties.authenticationMethod !== undefined) connack(reason.badAuthenticationMethod, 5);
		else if (!hub.join(client)) connack(reason.serverBusy, 3);
		else open(client, packet, connack);
		if (state.kind === 'waiting') end();
	}

	function open(client: Client, packet: IConnectPacket, connack: (code: number, code3: number, more: object) => void) {
		state = { kind: 'open', client };
		will = packet.will;
		keepaliveMs = (packet.keepalive ?? 0) * 1000;
		const assigned = packet.clientId ? {} : { assignedClientIdentifier: client.id };
		// Sessions end with their connection, whatever interval the client asks for (MQTT 5, 3.2.2.3.2).
		const { receiveMaximum, packet: maximumPacketSize } = limits;
		connack(0, 0, { properties: { sessionExpiryInterval: 0, receiveMaximum, maximumPacketSize, ...assigned } });
		restartTimer();
	}

	function publish(client: Client, packet: IPublishPacket): void {
		const { topic, qos, messageId = 0 } = packet;
		// The broker announces no topic alias maximum, so that each alias is invalid (MQTT 5, 3.3.2.3.4).
		if (packet.properties?.topicAlias !== undefined) throw new Violation(reason.topicAliasInvalid);
		if (checkTopic(topic)) throw new Violation(reason.topicNameInvalid);
		if (qos > 0 && messageId === 0) throw new Violation(reason.malformed);
		const route = () => {
			// Topics with "$" belong to the server (MQTT 5, 4.7.2).
			if (topic.startsWith('$')) return reason.notAuthorized;
			const reached = hub.route(received(topic, packet.payload, packet, client));
			return reached ? reason.success : reason.noMatchingSubscribers;
		};
		if (qos === 0) route();
		else if (qos === 1) client.send({ cmd: 'puback', messageId, reasonCode: route() });
		else {
			const isNew = !unreleased.has(messageId);
			if (isNew && unreleased.size >= limits.receiveMaximum) throw new Violation(reason.receiveMaximumExceeded);
			const reasonCode = isNew ? route() : reason.success;
			if (reasonCode < 0x80) unreleased.add(messageId);
			client.send({ cmd: 'pubrec', messageId, reasonCode });
		}
	}

	function subscribe(client: Client, { messageId, subscriptions, properties }: ISubscribePacket): void {
		if (!messageId || subscriptions.length === 0) throw new Violation(reason.protocolError);
		const retained: (() => void)[] = [];
		const granted = subscriptions.map((options) => {
			const isNew = !client.subscriptions.has(options.topic);
			const isFull = isNew && client.subscriptions.size >= limits.subscriptions;
			const refusal = checkFilter(options.topic) ? reason.topicFilterInvalid : isFull ? reason.quotaExceeded : 0;
			if (refusal) return client.version === 5 ? refusal : 0x80;
			const share = /^\$share\/(.+)$/s.exec(options.topic)?.[1];
			const identifier = properties?.subscriptionIdentifier;
			const fits = compileFilter(options.topic);
			client.subscriptions.set(options.topic, {
				...{ options, fits },
				...(share && { share }),
				...(identifier !== undefined && { identifier }),
			});
			// Retain handling: 0 always, 1 for a new subscription, 2 never, and never for a shared one (MQTT 5, 3.8.3.1).
			if (!share && options.rh !== 2 && (options.rh !== 1 || isNew))
				for (const message of hub.retained(fits))
					retained.push(() => client.deliver(message, options.qos, true, identifier === undefined ? [] : [identifier]));
			return options.qos;
		});
		client.send({ cmd: 'suback', messageId, granted });
		for (const deliver of retained) deliver();
	}

	function handle(client: Client, packet: Packet): void {
		switch (packet.cmd) {
			case 'publish':
				publish(client, packet);
				break;
			case 'pubrel': {
				const { messageId = 0 } = packet;
				const reasonCode = unreleased.delete(messageId) ? reason.success : reason.packetIdentifierNotFound;
				client.send({ cmd: 'pubcomp', messageId, reasonCode });
				break;
			}
			case 'puback':
			case 'pubcomp':
				client.acknowledged(packet.messageId);
				break;
			case 'pubrec':
				if ((packet.reasonCode ?? 0) >= 0x80) client.acknowledged(packet.messageId);
				else client.recorded(packet.messageId);
				break;
			case 'subscribe':
				subscribe(client, packet);
				break;
			case 'unsubscribe': {
				const granted = packet.unsubscriptions.map((filter) =>
					client.subscriptions.delete(filter) ? reason.success : reason.noSubscriptionExisted,
				);
				client.send({ cmd: 'unsuback', messageId: packet.messageId ?? 0, granted });
				break;
			}
			case 'pingreq':
				client.send({ cmd: 'pingresp' });
				break;
			case 'disconnect':
				// Reason code 4: disconnect with will message (MQTT 5, 3.14.2.1).
				if (packet.reasonCode !== 4) will = undefined;
				end();
				break;
			default:
				throw new Violation(reason.protocolError);
		}
	}

	input.on('packet', (packet) => {
		if (state.kind === 'open') {
			restartTimer();
			handle(state.client, packet);
		} else if (state.kind === 'waiting') {
			if (packet.cmd === 'connect') login(packet);
			else end();
		}
	});
	input.on('error', () => {
		throw new Violation(reason.malformed);
	});
	stream.on('data', (chunk: Buffer) => {
		if (state.kind === 'ended') return;
		try {
			// The parser returns the number of bytes that belong to an incomplete packet.
			if (input.parse(chunk) > limits.packet) throw new Violation(reason.packetTooLarge);
		} catch (error) {
			end(error instanceof Violation ? error.code : reason.malformed);
		}
	});
	for (const event of ['error', 'close', 'end']) stream.on(event, () => end());
}

/** The message of a PUBLISH packet or of a will. */
function received(
	topic: string,
	payload: string | Buffer,
	{ qos = 0, retain = false, properties }: Partial<IPublishPacket> | NonNullable<IConnectPacket['will']>,
	from: Client,
): Message {
	const rest: NonNullable<IPublishPacket['properties']> & { willDelayInterval?: number } = { ...properties };
	const interval = rest.messageExpiryInterval;
	// A will is published at once: its delay only matters for sessions that outlive their connection.
	for (const name of ['messageExpiryInterval', 'subscriptionIdentifier', 'willDelayInterval'] as const)
		delete rest[name];
	const message = { topic, payload: Buffer.from(payload), qos, retain, properties: rest, from };
	return interval === undefined ? message : { ...message, expiresAt: Date.now() + interval * 1000 };
}
