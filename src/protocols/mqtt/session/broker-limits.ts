import type { Property } from '../../../model/contracts/session';
import type { ResolvedProfile } from '../../../model/profile/profile';
import type { LivenessOptions } from '../../shared/liveness';
import { peerText } from '../../shared/peer-text';
import { seconds } from '../describe/properties';
import type { Connack } from '../wire/packets';

/** Limits that the broker has set for this connection (MQTT 5, 3.2.2.3). MQTT 3.1.1 has none. */
export interface Broker {
	version: 4 | 5;
	sessionPresent: boolean;
	/** Messages at QoS 1 and 2 that may be sent to it before they are acknowledged. */
	receiveMaximum: number;
	/** Size of a whole packet, in bytes. */
	maximumPacketSize: number;
	maximumQos: number;
	retain: boolean;
	aliasMaximum: number;
	wildcards: boolean;
	identifiers: boolean;
	shared: boolean;
	/** The keep alive in use, in seconds; 0: none. */
	keepAlive: number;
}

/** The longest packet that MQTT can express: 268,435,455 bytes after a fixed header of five. */
const longestPacket = 268_435_460;

export function brokerOf(connack: Connack, version: 4 | 5, keepAlive: number): Broker {
	const properties = connack.properties ?? {};
	return {
		version,
		sessionPresent: connack.sessionPresent,
		receiveMaximum: properties.receiveMaximum ?? 65_535,
		maximumPacketSize: properties.maximumPacketSize ?? longestPacket,
		maximumQos: properties.maximumQos ?? 2,
		retain: properties.retainAvailable !== 0,
		aliasMaximum: properties.topicAliasMaximum ?? 0,
		wildcards: properties.wildcardsAvailable !== 0,
		identifiers: properties.identifiersAvailable !== 0,
		shared: properties.sharedAvailable !== 0,
		keepAlive: properties.serverKeepAlive ?? keepAlive,
	};
}

/** Size of an acknowledgement in bytes, which every client must be able to send (MQTT 5, 3.4). */
export const smallestLimit = 4;

/** The result of the negotiation in words. */
export function facts(
	connack: Connack,
	broker: Broker,
	clientId: string,
	profile: ResolvedProfile,
	fellBack: boolean,
): Property[] {
	const properties = connack.properties ?? {};
	const list: Property[] = [];
	const add = (label: string, value: string | undefined) =>
		value !== undefined && list.push({ label, value: peerText(value) });
	add('MQTT', broker.version === 5 ? '5' : `3.1.1${fellBack ? ' (the broker refused 5)' : ''}`);
	add('Client ID', properties.assignedClientId ?? clientId);
	add('Session', broker.sessionPresent ? 'resumed' : 'new');
	const expiry = properties.sessionExpiry ?? profile.values.sessionExpiry;
	if (broker.version === 5 && typeof expiry === 'number' && expiry > 0) add('Session expiry', seconds(expiry));
	if (properties.serverKeepAlive !== undefined)
		add('Keep alive', `${seconds(properties.serverKeepAlive)}, set by the broker`);
	add('Receive maximum', properties.receiveMaximum?.toLocaleString('en'));
	if (properties.maximumPacketSize !== undefined)
		add('Maximum packet size', `${properties.maximumPacketSize.toLocaleString('en')} bytes`);
	if (broker.maximumQos < 2) add('Maximum QoS', String(broker.maximumQos));
	if (!broker.retain) add('Retained messages', 'not supported by the broker');
	if (!broker.wildcards) add('Wildcard subscriptions', 'not supported by the broker');
	if (!broker.shared) add('Shared subscriptions', 'not supported by the broker');
	if (!broker.identifiers) add('Subscription identifiers', 'not supported by the broker');
	if (broker.aliasMaximum > 0) add('Topic alias maximum', String(broker.aliasMaximum));
	add('Response information', properties.responseInformation);
	add('Server reference', properties.serverReference);
	add('Reason', properties.reasonString);
	for (const [label, value] of properties.userProperties ?? [])
		list.push({ label: peerText(label), value: peerText(value), group: 'User properties' });
	return list;
}

/** A dead link shows after this many milliseconds at the latest, whatever the keep alive. */
const maxSilence = 15_000;

/**
 * A dead broker shows within 1.5 keep alives, and within 15 s. Something is sent twice within each keep alive (MQTT 5,
 * 3.1.2.10). `keepAlive` in seconds; 0 for none.
 */
export function livenessTimes(keepAlive: number): Pick<LivenessOptions, 'quiet' | 'patience' | 'beat'> {
	const within = keepAlive > 0 ? Math.min(maxSilence, keepAlive * 1500) : maxSilence;
	// The rest is left for timers that run late.
	return { quiet: within * 0.43, patience: within * 0.48, ...(keepAlive > 0 && { beat: keepAlive * 500 }) };
}
