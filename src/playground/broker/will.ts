import type { IConnectPacket } from 'mqtt-packet';
import type { Hub } from './broker';
import type { Session } from './session';

/** What a client wants said when it goes without a goodbye (MQTT 5, 3.1.2.5). */
export interface Will {
	/** The client said goodbye: nothing is to be said. */
	forget(): void;
	/** The connection has ended: says it, after its delay if it has one. */
	due(): void;
}

export function createWill(packet: IConnectPacket, session: Session, hub: Hub): Will {
	let { will } = packet;
	return {
		forget() {
			will = undefined;
		},
		due() {
			if (!will) return;
			const { topic, payload, qos = 0, retain = false } = will;
			const { willDelayInterval = 0, messageExpiryInterval, ...properties } = will.properties ?? {};
			will = undefined;
			const say = () =>
				hub.route({
					topic,
					payload: Buffer.from(payload),
					qos,
					retain,
					from: session.id,
					properties,
					...(messageExpiryInterval === undefined ? {} : { expiresAt: Date.now() + messageExpiryInterval * 1000 }),
				});
			// It is due at the end of the session at the latest (MQTT 5, 3.1.3.2.2).
			const delay = Math.min(willDelayInterval, session.expiry);
			if (delay === 0) say();
			else hub.later(session, delay, say);
		},
	};
}
