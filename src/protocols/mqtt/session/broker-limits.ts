import type { Property } from '../../../model/contracts/session';
import type { ResolvedProfile } from '../../../model/profile/profile';
import { peerText } from '../../shared/peer-text';
import { seconds } from '../describe/properties';
import type { Connack } from '../wire/packets';

/** What the broker allows on this connection (MQTT 5, 3.2.2.3); MQTT 3.1.1 has no way to say. */
export interface Broker {
	version: 4 | 5;
	sessionPresent: boolean;
	/** Messages at QoS 1 and 2 that may be on the way to it at once. */
	receiveMaximum: number;
	/** Of a whole packet, in bytes. */
	maximumPacketSize: number;
	maximumQos: number;
	retain: boolean;
	aliasMaximum: number;
	wildcards: boolean;
	identifiers: boolean;
	shared: boolean;
	/** Seconds. */
	keepAlive: number;
}

/** The longest packet that MQTT can express: 268,435,455 bytes after a fixed header of five. */
const longestPacket = 268_435_460;

export function brokerOf(connack: Connack, version: 4 | 5, keepAlive: number): Broker {
	const said = connack.properties ?? {};
	return {
		version,
		sessionPresent: connack.sessionPresent,
		receiveMaximum: said.receiveMaximum ?? 65_535,
		maximumPacketSize: said.maximumPacketSize ?? longestPacket,
		maximumQos: said.maximumQos ?? 2,
		retain: said.retainAvailable !== 0,
		aliasMaximum: said.topicAliasMaximum ?? 0,
		wildcards: said.wildcardsAvailable !== 0,
		identifiers: said.identifiersAvailable !== 0,
		shared: said.sharedAvailable !== 0,
		keepAlive: said.serverKeepAlive ?? keepAlive,
	};
}

/** Bytes of an acknowledgement, which every client must be able to send (MQTT 5, 3.4). */
export const smallestLimit = 4;

/** What was negotiated, in words. */
export function facts(
	connack: Connack,
	broker: Broker,
	clientId: string,
	profile: ResolvedProfile,
	fellBack: boolean,
): Property[] {
	const said = connack.properties ?? {};
	const list: Property[] = [];
	const add = (label: string, value: string | undefined) =>
		value !== undefined && list.push({ label, value: peerText(value) });
	add('MQTT', broker.version === 5 ? '5' : `3.1.1${fellBack ? ' (the broker refused 5)' : ''}`);
	add('Client ID', said.assignedClientId ?? clientId);
	add('Session', broker.sessionPresent ? 'resumed' : 'new');
	const expiry = said.sessionExpiry ?? profile.values.sessionExpiry;
	if (broker.version === 5 && typeof expiry === 'number' && expiry > 0) add('Session expiry', seconds(expiry));
	if (said.serverKeepAlive !== undefined) add('Keep alive', `${seconds(said.serverKeepAlive)}, set by the broker`);
	add('Receive maximum', said.receiveMaximum?.toLocaleString('en'));
	if (said.maximumPacketSize !== undefined)
		add('Maximum packet size', `${said.maximumPacketSize.toLocaleString('en')} bytes`);
	if (broker.maximumQos < 2) add('Maximum QoS', String(broker.maximumQos));
	if (!broker.retain) add('Retained messages', 'not supported by the broker');
	if (!broker.wildcards) add('Wildcard subscriptions', 'not supported by the broker');
	if (!broker.shared) add('Shared subscriptions', 'not supported by the broker');
	if (!broker.identifiers) add('Subscription identifiers', 'not supported by the broker');
	if (broker.aliasMaximum > 0) add('Topic alias maximum', String(broker.aliasMaximum));
	add('Response information', said.responseInformation);
	add('Server reference', said.serverReference);
	add('Reason', said.reasonString);
	for (const [label, value] of said.userProperties ?? [])
		list.push({ label: peerText(label), value: peerText(value), group: 'User properties' });
	return list;
}
