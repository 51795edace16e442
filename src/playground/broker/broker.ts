import { randomUUID } from 'node:crypto';
import type { Duplex } from 'node:stream';
import type { IConnectPacket, IPublishPacket, ISubscribePacket, Packet, QoS } from 'mqtt-packet';
import { parser } from 'mqtt-packet';
import { checkFilter, checkTopic, compileFilter } from '../../protocols/mqtt/describe/topics';
import { Client, type Message } from './client';
import { limits, reason } from './limits';

/** An MQTT broker for demonstrations, over MQTT 3.1, 3.1.1 and 5. Sessions end with their connection. */
export class Broker {
	/** By client identifier. */
	private readonly clients = new Map<string, Client>();
	/** By topic. */
	private readonly listeners = new Map<string, (message: Message) => void>();
	/** By topic. */
	private readonly retained = new Map<string, Message>();
	private retainedBytes = 0;

	/** Serves one client, from its first byte to its last. Invalid input ends this connection only. */
	attach(stream: Duplex): void {
		const client = new Client(stream);
		client.timer = setTimeout(() => this.end(client), limits.connectMs);
		const input = parser();
		input.on('packet', (packet) => {
			if (client.state === 'open') this.handle(client, packet);
			else if (client.state === 'waiting' && packet.cmd === 'connect') this.login(client, packet);
			else this.end(client);
		});
		input.on('error', () => this.end(client, reason.malformed));
		stream.on('data', (chunk: Buffer) => {
			if (client.state === 'ended') return;
			try {
				// The parser returns the number of bytes that belong to an incomplete packet.
				if (input.parse(chunk) > limits.packet) this.end(client, reason.packetTooLarge);
			} catch {
				this.end(client, reason.malformed);
			}
		});
		for (const event of ['error', 'close', 'end']) stream.on(event, () => this.end(client));
	}

	/** Calls the listener with each message that a client publishes to exactly this topic. */
	listen(topic: string, listener: (message: Message) => void): void {
		this.listeners.set(topic, listener);
	}

	close(): void {
		for (const client of [...this.clients.values()]) this.end(client, reason.serverShuttingDown);
	}

	/** Passes a message on. Returns whether a client, or a listener to a client's message, received it. */
	route(message: Message, from?: Client): boolean {
		if (message.retain) this.retain(message);
		const listener = from && this.listeners.get(message.topic);
		listener?.(message);
		let isReceived = listener !== undefined;
		for (const client of this.clients.values()) {
			const matching = [...client.subscriptions.values()].filter(({ fits }) => fits(message.topic));
			if (matching.length === 0) continue;
			isReceived = true;
			// One copy for overlapping subscriptions, at their highest QoS (MQTT 5, 3.3.4).
			const qos = Math.max(...matching.map((one) => one.qos)) as QoS;
			const identifiers = matching.flatMap(({ identifier }) => identifier ?? []);
			client.deliver({ ...message, retain: false }, qos, identifiers);
		}
		return isReceived;
	}

	/** An empty payload clears the topic (MQTT 5, 3.3.1.3). Beyond the limits new topics are not retained. */
	private retain(message: Message): void {
		const { topic, payload } = message;
		this.retainedBytes -= this.retained.get(topic)?.payload.length ?? 0;
		this.retained.delete(topic);
		if (payload.length === 0 || this.retained.size >= limits.retained) return;
		if (this.retainedBytes + payload.length > limits.retainedBytes) return;
		this.retainedBytes += payload.length;
		this.retained.set(topic, message);
	}

	/** Ends a connection. An MQTT 5 client that has logged in receives the code in a DISCONNECT packet. */
	private end(client: Client, reasonCode?: number): void {
		const { state, stream, connect } = client;
		if (state === 'ended') return;
		clearTimeout(client.timer);
		if (state === 'open' && client.isVersion5 && reasonCode !== undefined)
			client.send({ cmd: 'disconnect', reasonCode });
		client.state = 'ended';
		if (this.clients.get(connect.clientId) === client) this.clients.delete(connect.clientId);
		if (state === 'open' && connect.will) {
			// A will delay only matters for sessions that outlive their connection (MQTT 5, 3.1.3.2.2).
			const { willDelayInterval: _, ...properties } = connect.will.properties ?? {};
			const { topic, payload, qos = 0, retain = false } = connect.will;
			this.route({ topic, payload: Buffer.from(payload), qos, retain, properties }, client);
		}
		stream.end();
		// Time for the last packet to leave.
		setTimeout(() => stream.destroy(), 500).unref();
	}

	private login(client: Client, packet: IConnectPacket): void {
		const { will, properties, protocolVersion } = packet;
		const clientId = packet.clientId || `auto-${randomUUID()}`;
		client.connect = { ...packet, clientId };
		const previous = this.clients.get(clientId);
		if (previous) this.end(previous, reason.sessionTakenOver);
		/** The reason code of MQTT 5 or the return code of MQTT 3.1.1. */
		let refusal = 0;
		if (will && checkTopic(will.topic)) refusal = protocolVersion === 5 ? reason.topicNameInvalid : 5;
		else if (properties?.authenticationMethod !== undefined) refusal = reason.badAuthenticationMethod;
		else if (this.clients.size >= limits.clients) refusal = protocolVersion === 5 ? reason.serverBusy : 3;
		const announced = {
			...{ maximumPacketSize: limits.packet, sharedSubscriptionAvailable: false },
			// Sessions end with their connection, whatever interval the client requests (MQTT 5, 3.2.2.3.2).
			...{ sessionExpiryInterval: 0, assignedClientIdentifier: packet.clientId ? undefined : clientId },
		};
		const codes = { reasonCode: refusal, returnCode: refusal };
		client.send({ cmd: 'connack', sessionPresent: false, ...codes, properties: refusal ? undefined : announced });
		if (refusal) this.end(client);
		else {
			client.state = 'open';
			this.clients.set(clientId, client);
			this.restartTimer(client);
		}
	}

	private restartTimer(client: Client): void {
		clearTimeout(client.timer);
		// One and a half times the keep alive interval, in milliseconds (MQTT 5, 3.1.2.10).
		const ms = (client.connect.keepalive ?? 0) * 1500;
		if (ms > 0) client.timer = setTimeout(() => this.end(client, reason.keepAliveTimeout), ms);
	}

	private handle(client: Client, packet: Packet): void {
		this.restartTimer(client);
		const { messageId = 0 } = packet;
		switch (packet.cmd) {
			case 'publish':
				this.publish(client, packet, messageId);
				break;
			case 'pubrel':
				client.unreleased.delete(messageId);
				client.send({ cmd: 'pubcomp', messageId, reasonCode: 0 });
				break;
			case 'puback':
			case 'pubcomp':
				client.inFlight.delete(messageId);
				break;
			case 'pubrec':
				// A refused message needs no PUBREL (MQTT 5, 4.3.3).
				if ((packet.reasonCode ?? 0) >= 0x80) client.inFlight.delete(messageId);
				else client.send({ cmd: 'pubrel', messageId, reasonCode: 0 });
				break;
			case 'subscribe':
				if (messageId > 0 && packet.subscriptions.length > 0) this.subscribe(client, packet, messageId);
				else this.end(client, reason.protocolError);
				break;
			case 'unsubscribe': {
				const remove = (filter: string) => (client.subscriptions.delete(filter) ? 0 : reason.noSubscriptionExisted);
				client.send({ cmd: 'unsuback', messageId, granted: packet.unsubscriptions.map(remove) });
				break;
			}
			case 'pingreq':
				client.send({ cmd: 'pingresp' });
				break;
			case 'disconnect':
				// Reason code 4: disconnect with will message (MQTT 5, 3.14.2.1).
				if (packet.reasonCode !== 4) client.connect.will = undefined;
				this.end(client);
				break;
			default:
				this.end(client, reason.protocolError);
		}
	}

	private publish(client: Client, packet: IPublishPacket, messageId: number): void {
		const { topic, payload, qos, retain, properties } = packet;
		// No topic alias maximum is announced (MQTT 5, 3.3.2.3.4), and clients send no subscription identifiers (3.3.4).
		if (properties?.topicAlias !== undefined || properties?.subscriptionIdentifier !== undefined)
			this.end(client, reason.protocolError);
		else if (checkTopic(topic)) this.end(client, reason.topicNameInvalid);
		else if (qos > 0 && messageId === 0) this.end(client, reason.malformed);
		else {
			const message = { topic, payload: Buffer.from(payload), qos, retain, properties };
			let reasonCode = 0;
			// Topics with "$" belong to the server (MQTT 5, 4.7.2).
			if (topic.startsWith('$')) reasonCode = reason.notAuthorized;
			else if (!(qos === 2 && client.unreleased.has(messageId)) && !this.route(message, client))
				reasonCode = reason.noMatchingSubscribers;
			if (qos === 2 && reasonCode < 0x80) client.unreleased.add(messageId);
			if (qos > 0) client.send({ cmd: qos === 1 ? 'puback' : 'pubrec', messageId, reasonCode });
		}
	}

	private subscribe(client: Client, { subscriptions, properties }: ISubscribePacket, messageId: number): void {
		const identifier = properties?.subscriptionIdentifier;
		const retained: [Message, QoS][] = [];
		const granted = subscriptions.map(({ topic, qos }) => {
			const isNew = !client.subscriptions.has(topic);
			let refusal = 0;
			if (topic.startsWith('$share/')) refusal = reason.sharedSubscriptionsNotSupported;
			else if (checkFilter(topic)) refusal = reason.topicFilterInvalid;
			else if (isNew && client.subscriptions.size >= limits.subscriptions) refusal = reason.quotaExceeded;
			if (refusal) return client.isVersion5 ? refusal : 0x80;
			const fits = compileFilter(topic);
			client.subscriptions.set(topic, { qos, identifier, fits });
			for (const message of this.retained.values()) if (fits(message.topic)) retained.push([message, qos]);
			return qos;
		});
		client.send({ cmd: 'suback', messageId, granted });
		for (const [message, qos] of retained) client.deliver(message, qos, identifier === undefined ? [] : [identifier]);
	}
}
