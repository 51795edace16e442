import { amqp } from './amqp/describe/describe';
import { amqp1 } from './amqp1/describe/describe';
import { coap } from './coap/describe/describe';
import type { ProtocolDescription } from './description';
import { kafka } from './kafka/describe/describe';
import { mqtt } from './mqtt/describe/describe';
import { nats } from './nats/describe/describe';
import { socketio } from './socketio/describe/describe';
import { websocket } from './websocket/describe/describe';
import { xmpp } from './xmpp/describe/describe';

/** One line per protocol, in the order the form offers them. */
export const descriptions: readonly ProtocolDescription[] = [
	mqtt,
	websocket,
	amqp,
	coap,
	xmpp,
	kafka,
	nats,
	amqp1,
	socketio,
];

export function describe(protocol: string): ProtocolDescription | undefined {
	return descriptions.find((description) => description.id === protocol);
}
