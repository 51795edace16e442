import type { Duplex } from 'node:stream';
import { type Client, isExpired, type Message, type Subscription } from './client';
import { serve } from './connection';
import { limits, reason } from './limits';

export type { Message };

/** A message of the playground's own devices. */
export interface Publication {
	topic: string;
	payload: string | Uint8Array;
	qos?: 0 | 1 | 2;
	retain?: boolean;
	properties?: Message['properties'];
}

export interface Broker {
	/** Serves one client on this stream, over MQTT 3.1, 3.1.1 or 5. */
	attach(stream: Duplex): void;
	publish(publication: Publication): void;
	/** Calls the listener with each message that a client publishes to exactly this topic. */
	listen(topic: string, listener: (message: Message) => void): void;
	close(): void;
}

interface Target {
	qos: 0 | 1 | 2;
	retain: boolean;
	identifiers: number[];
}

/** An MQTT broker for demonstrations, without sessions that outlive their connection. */
export function createBroker(): Broker {
	const clients = new Map<string, Client>();
	const listeners = new Map<string, (message: Message) => void>();
	/** By topic. */
	const retained = new Map<string, Message>();
	let retainedBytes = 0;
	/** Number of messages that each shared group has received: the members take turns. */
	const turns = new Map<string, number>();

	/** An empty payload clears the topic (MQTT 5, 3.3.1.3). Beyond the limits new topics are not retained. */
	function retain(message: Message): void {
		const { topic, payload } = message;
		retainedBytes -= retained.get(topic)?.payload.length ?? 0;
		retained.delete(topic);
		if (payload.length === 0 || retained.size >= limits.retained) return;
		if (retainedBytes + payload.length > limits.retainedBytes) return;
		retainedBytes += payload.length;
		retained.set(topic, message);
	}

	function route(message: Message): boolean {
		if (message.retain) retain(message);
		const targets = new Map<Client, Target>();
		const groups = new Map<string, [Client, Subscription][]>();
		const add = (client: Client, { options, identifier }: Subscription) => {
			const target = targets.get(client) ?? { qos: 0, retain: false, identifiers: [] };
			// One copy for overlapping subscriptions, at their highest QoS (MQTT 5, 3.3.4).
			target.qos = Math.max(target.qos, options.qos) as 0 | 1 | 2;
			target.retain ||= Boolean(options.rap) && message.retain;
			if (identifier !== undefined) target.identifiers.push(identifier);
			targets.set(client, target);
		};
		for (const client of clients.values())
			for (const subscription of client.subscriptions.values()) {
				const { options, share, fits } = subscription;
				if (!fits(message.topic) || (options.nl && client === message.from)) continue;
				if (share) groups.set(share, [...(groups.get(share) ?? []), [client, subscription]]);
				else add(client, subscription);
			}
		for (const [share, members] of groups) {
			const turn = turns.get(share) ?? 0;
			if (turns.size > limits.clients) turns.clear();
			turns.set(share, turn + 1);
			const member = members[turn % members.length];
			if (member) add(...member);
		}
		for (const [client, { qos, retain, identifiers }] of targets) client.deliver(message, qos, retain, identifiers);
		const listener = message.from && listeners.get(message.topic);
		listener?.(message);
		return targets.size > 0 || listener !== undefined;
	}

	const hub = {
		route,
		join(client: Client): boolean {
			clients.get(client.id)?.end(reason.sessionTakenOver);
			if (clients.size >= limits.clients) return false;
			clients.set(client.id, client);
			return true;
		},
		leave(client: Client): void {
			if (clients.get(client.id) === client) clients.delete(client.id);
		},
		retained: (fits: (topic: string) => boolean) =>
			[...retained.values()].filter((message) => fits(message.topic) && !isExpired(message)),
	};

	return {
		attach: (stream) => serve(stream, hub),
		publish: ({ payload, qos = 0, retain = false, ...rest }) => {
			route({ ...rest, payload: Buffer.from(payload), qos, retain });
		},
		listen: (topic, listener) => listeners.set(topic, listener),
		close() {
			for (const client of [...clients.values()]) client.end(reason.serverShuttingDown);
		},
	};
}
