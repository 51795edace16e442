import type { ISubscribePacket, IUnsubscribePacket, Packet } from 'mqtt-packet';
import { checkFilter } from '../../protocols/mqtt/describe/topics';
import type { Hub } from './broker';
import { limits } from './limits';
import type { Output } from './output';
import { createPublishing } from './publishing';
import { numbered, reason, Violation } from './reason';
import type { Session } from './session';
import type { Will } from './will';

export interface ClientContext {
	session: Session;
	hub: Hub;
	output: Output;
	version: 3 | 4 | 5;
	will: Will;
	end(code?: number): void;
}

/** What the broker does with the packets of a client that has logged in. Throws a Violation. */
export function createClient(context: ClientContext): (packet: Packet) => void {
	const { session, hub, output, version, will, end } = context;
	const publish = createPublishing(context);

	function subscribe({ messageId, subscriptions, properties }: ISubscribePacket): void {
		if (subscriptions.length === 0) throw new Violation(reason.protocolError, 'nothing to subscribe to');
		const granted: number[] = [];
		const retained: (() => void)[] = [];
		for (const options of subscriptions) {
			if (checkFilter(options.topic)) {
				granted.push(version === 5 ? reason.topicFilterInvalid : 0x80);
				continue;
			}
			if (hub.routes.count(session) >= limits.subscriptions) {
				granted.push(version === 5 ? reason.quotaExceeded : 0x80);
				continue;
			}
			const { route, isNew } = hub.routes.add(session, options, properties?.subscriptionIdentifier);
			granted.push(options.qos);
			// Retain handling (MQTT 5, 3.8.3.1): 0 always, 1 for a new subscription, 2 never; never for a shared one.
			if (route.share || options.rh === 2 || (options.rh === 1 && !isNew)) continue;
			const identifiers = route.identifier === undefined ? [] : [route.identifier];
			for (const message of hub.retained.matching(route.fits)) {
				retained.push(() => session.deliver(message, options.qos, true, identifiers));
			}
		}
		output.send({ cmd: 'suback', ...numbered(messageId), granted });
		for (const deliver of retained) deliver();
	}

	function unsubscribe({ messageId, unsubscriptions }: IUnsubscribePacket): void {
		const granted = unsubscriptions.map((filter) =>
			hub.routes.remove(session, filter) ? reason.success : reason.noSubscriptionExisted,
		);
		output.send({ cmd: 'unsuback', ...numbered(messageId), granted });
	}

	return (packet) => {
		switch (packet.cmd) {
			case 'publish':
				return publish.received(packet);
			case 'pubrel':
				return publish.released(packet);
			case 'puback':
			case 'pubcomp':
				return session.acknowledged(packet.messageId ?? 0);
			case 'pubrec': {
				const messageId = packet.messageId ?? 0;
				// A reason of 0x80 and above ends the exchange (MQTT 5, 4.3.3).
				if ((packet.reasonCode ?? 0) >= 0x80) return session.acknowledged(messageId);
				const reasonCode = session.recorded(messageId) ? reason.success : reason.packetIdentifierNotFound;
				output.send({ cmd: 'pubrel', messageId, ...(version === 5 ? { reasonCode } : {}) });
				return;
			}
			case 'subscribe':
				return subscribe(packet);
			case 'unsubscribe':
				return unsubscribe(packet);
			case 'pingreq':
				output.send({ cmd: 'pingresp' });
				return;
			case 'disconnect': {
				// 4: "disconnect with will message".
				if (packet.reasonCode !== 4) will.forget();
				const expiry = packet.properties?.sessionExpiryInterval;
				if (expiry !== undefined && session.expiry > 0) session.expiry = expiry;
				return end();
			}
			default:
				throw new Violation(reason.protocolError, `${packet.cmd} from a client`);
		}
	};
}
