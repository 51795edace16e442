import type { Duplex } from 'node:stream';
import { connection } from './connection';
import { limits } from './limits';
import type { Message } from './message';
import { reason } from './reason';
import { Retained } from './retained';
import { Routes } from './routes';
import { Session } from './session';

/** A message of the broker's own devices. */
export interface Publication {
	topic: string;
	payload: string | Uint8Array;
	qos?: 0 | 1 | 2;
	retain?: boolean;
	properties?: Message['properties'];
}

export interface Broker {
	/** Serves one client on this stream, in whatever version it speaks: 3.1, 3.1.1 or 5. */
	attach(stream: Duplex): void;
	publish(publication: Publication): void;
	/** Hears every message that clients send to topics that fit. */
	listen(fits: (topic: string) => boolean, listener: (message: Message) => void): void;
	readonly clients: number;
	close(): void;
}

/** Ends a connection with this reason code. */
export type Evict = (code: number) => void;

/** What a connection may do with the broker. */
export interface Hub {
	routes: Routes;
	retained: Retained;
	/** Whether anybody got it. */
	route(message: Message): boolean;
	/** The session for this client: a remembered one or a new one. Ends the connection that has it now. */
	open(id: string, clean: boolean, expiry: number, evict: Evict): { session: Session; present: boolean };
	/** The connection has ended: the session lives on as long as it wants. */
	leave(session: Session, evict: Evict): void;
	/** Does `action` later, unless the session is opened again before. */
	later(session: Session, seconds: number, action: () => void): void;
}

/** A small MQTT broker in one process: 3.1.1 and 5, QoS 0 to 2, retained, shared subscriptions, wills. */
export function createBroker(): Broker {
	const routes = new Routes();
	const retained = new Retained();
	const sessions = new Map<string, Session>();
	const connected = new Map<Session, Evict>();
	const timers = new Map<Session, Set<NodeJS.Timeout>>();
	const listeners: { fits(topic: string): boolean; listener(message: Message): void }[] = [];

	const forget = (session: Session) => {
		routes.removeAll(session);
		if (sessions.get(session.id) === session) sessions.delete(session.id);
	};
	const stopTimers = (session: Session) => {
		for (const timer of timers.get(session) ?? []) clearTimeout(timer);
		timers.delete(session);
	};
	const hub: Hub = {
		routes,
		retained,
		route(message) {
			if (message.retain) retained.keep(message);
			const targets = new Map<Session, { qos: 0 | 1 | 2; retain: boolean; identifiers: number[] }>();
			for (const { session, options, identifier } of routes.match(message.topic)) {
				if (options.nl && session.id === message.from) continue;
				const target = targets.get(session) ?? { qos: 0, retain: false, identifiers: [] };
				// One copy for overlapping subscriptions, at the highest QoS of them (MQTT 5, 3.3.4).
				target.qos = Math.max(target.qos, options.qos) as 0 | 1 | 2;
				target.retain ||= Boolean(options.rap) && message.retain;
				if (identifier !== undefined) target.identifiers.push(identifier);
				targets.set(session, target);
			}
			for (const [session, { qos, retain, identifiers }] of targets) session.deliver(message, qos, retain, identifiers);
			const heard = listeners.filter(({ fits }) => message.from !== undefined && fits(message.topic));
			for (const { listener } of heard) listener(message);
			return targets.size + heard.length > 0;
		},
		open(id, clean, expiry, evict) {
			let session = sessions.get(id);
			if (session) connected.get(session)?.(reason.sessionTakenOver);
			// The eviction may have ended it already.
			session = sessions.get(id);
			if (session) stopTimers(session);
			const present = session !== undefined && !clean;
			if (session && clean) forget(session);
			if (!session || clean) session = new Session(id, expiry);
			session.expiry = expiry;
			sessions.set(id, session);
			connected.set(session, evict);
			for (const old of sessions.values()) {
				if (sessions.size > limits.sessions && !connected.has(old)) forget(old);
			}
			return { session, present };
		},
		leave(session, evict) {
			if (connected.get(session) !== evict) return;
			connected.delete(session);
			session.detach();
			if (session.expiry === 0) forget(session);
			else if (Number.isFinite(session.expiry)) hub.later(session, session.expiry, () => forget(session));
		},
		later(session, seconds, action) {
			const own = timers.get(session) ?? new Set();
			timers.set(session, own);
			// Longer than a timer can wait is as good as always.
			const timer = setTimeout(action, Math.min(seconds * 1000, 2 ** 31 - 1));
			timer.unref();
			own.add(timer);
		},
	};

	return {
		attach: (stream) => connection(stream, hub),
		publish({ topic, payload, qos = 0, retain = false, properties }) {
			hub.route({ topic, payload: Buffer.from(payload), qos, retain, ...(properties ? { properties } : {}) });
		},
		listen: (fits, listener) => listeners.push({ fits, listener }),
		get clients() {
			return connected.size;
		},
		close() {
			for (const session of timers.keys()) stopTimers(session);
			for (const end of [...connected.values()]) end(reason.serverShuttingDown);
		},
	};
}
