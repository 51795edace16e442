import type { Adapter } from './adapter';

/** One line per protocol. Each adapter is a chunk of its own in the bundle: a session loads its own library only. */
export const adapters: Record<string, () => Promise<Adapter>> = {
	mqtt: async () => (await import('./mqtt/adapter')).adapter,
	websocket: async () => (await import('./websocket/adapter')).adapter,
	amqp: async () => (await import('./amqp/adapter')).adapter,
	coap: async () => (await import('./coap/adapter')).adapter,
	xmpp: async () => (await import('./xmpp/adapter')).adapter,
	kafka: async () => (await import('./kafka/adapter')).adapter,
	nats: async () => (await import('./nats/adapter')).adapter,
	amqp1: async () => (await import('./amqp1/adapter')).adapter,
	socketio: async () => (await import('./socketio/adapter')).adapter,
};
