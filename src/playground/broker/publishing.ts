import type { IPublishPacket, IPubrelPacket } from 'mqtt-packet';
import { checkTopic } from '../../protocols/mqtt/describe/topics';
import type { ClientContext } from './client';
import { limits } from './limits';
import { numbered, reason, Violation } from './reason';

/** The receiving half of QoS 0, 1 and 2 (MQTT 5, 4.3): each message is routed once. */
export function createPublishing({ session, hub, output, version }: ClientContext) {
	const aliases = new Map<number, string>();

	function topicOf(packet: IPublishPacket): string {
		const alias = packet.properties?.topicAlias;
		if (alias !== undefined && (alias < 1 || alias > limits.topicAliases)) {
			throw new Violation(reason.topicAliasInvalid, `topic alias ${alias}`);
		}
		if (packet.topic === '' && alias !== undefined) {
			const known = aliases.get(alias);
			if (known === undefined) throw new Violation(reason.protocolError, `unknown topic alias ${alias}`);
			return known;
		}
		if (checkTopic(packet.topic)) throw new Violation(reason.topicNameInvalid, 'invalid topic');
		if (alias !== undefined) aliases.set(alias, packet.topic);
		return packet.topic;
	}

	/** The reason code of the acknowledgement. */
	function route(packet: IPublishPacket): number {
		const topic = topicOf(packet);
		// The broker's own: nobody else may say what it does.
		if (topic.startsWith('$')) return reason.notAuthorized;
		const { topicAlias: _, subscriptionIdentifier: __, messageExpiryInterval, ...properties } = packet.properties ?? {};
		const reached = hub.route({
			topic,
			payload: Buffer.from(packet.payload),
			qos: packet.qos,
			retain: packet.retain,
			properties,
			from: session.id,
			...(messageExpiryInterval === undefined ? {} : { expiresAt: Date.now() + messageExpiryInterval * 1000 }),
		});
		return reached ? reason.success : reason.noMatchingSubscribers;
	}

	const withReason = (reasonCode: number) => (version === 5 ? { reasonCode } : {});

	return {
		received(packet: IPublishPacket): void {
			if (packet.qos === 0) {
				route(packet);
				return;
			}
			const id = numbered(packet.messageId);
			if (packet.qos === 1) {
				output.send({ cmd: 'puback', ...id, ...withReason(route(packet)) });
				return;
			}
			let code: number = reason.success;
			if (!session.received.has(id.messageId)) {
				if (session.received.size >= limits.receiveMaximum) {
					throw new Violation(reason.receiveMaximumExceeded, 'too many messages at QoS 2 at once');
				}
				code = route(packet);
				if (code < 0x80) session.received.add(id.messageId);
			}
			output.send({ cmd: 'pubrec', ...id, ...withReason(code) });
		},
		released({ messageId }: IPubrelPacket): void {
			const id = numbered(messageId);
			const known = session.received.delete(id.messageId);
			output.send({
				cmd: 'pubcomp',
				...id,
				...withReason(known ? reason.success : reason.packetIdentifierNotFound),
			});
		},
	};
}
