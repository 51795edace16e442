import { broken, type Reader } from './reader';

/** Properties that a broker may send (MQTT 5, 2.2.2.2). */
export interface WireProperties {
	payloadFormat?: number;
	messageExpiry?: number;
	contentType?: string;
	responseTopic?: string;
	correlationData?: Buffer;
	subscriptionIds?: number[];
	sessionExpiry?: number;
	assignedClientId?: string;
	serverKeepAlive?: number;
	authenticationMethod?: string;
	authenticationData?: Buffer;
	responseInformation?: string;
	serverReference?: string;
	reasonString?: string;
	receiveMaximum?: number;
	topicAliasMaximum?: number;
	topicAlias?: number;
	maximumQos?: number;
	retainAvailable?: number;
	userProperties?: [string, string][];
	maximumPacketSize?: number;
	wildcardsAvailable?: number;
	identifiersAvailable?: number;
	sharedAvailable?: number;
}

type Name = keyof WireProperties;
type Type = 'flag' | 'uint16' | 'uint32' | 'varint' | 'text' | 'binary' | 'pair';

/** The packets that a property may be in: p PUBLISH, c CONNACK, a acknowledgements, d DISCONNECT, u AUTH. */
export type Packet = 'p' | 'c' | 'a' | 'd' | 'u';

const table = new Map<number, readonly [name: Name, type: Type, packets: string, label: string, positive?: true]>([
	[1, ['payloadFormat', 'flag', 'p', 'payload format']],
	[2, ['messageExpiry', 'uint32', 'p', 'message expiry']],
	[3, ['contentType', 'text', 'p', 'content type']],
	[8, ['responseTopic', 'text', 'p', 'response topic']],
	[9, ['correlationData', 'binary', 'p', 'correlation data']],
	[11, ['subscriptionIds', 'varint', 'p', 'subscription identifier', true]],
	[17, ['sessionExpiry', 'uint32', 'c', 'session expiry']],
	[18, ['assignedClientId', 'text', 'c', 'assigned client ID']],
	[19, ['serverKeepAlive', 'uint16', 'c', 'server keep alive']],
	[21, ['authenticationMethod', 'text', 'cu', 'authentication method']],
	[22, ['authenticationData', 'binary', 'cu', 'authentication data']],
	[26, ['responseInformation', 'text', 'c', 'response information']],
	[28, ['serverReference', 'text', 'cd', 'server reference']],
	[31, ['reasonString', 'text', 'cadu', 'reason string']],
	[33, ['receiveMaximum', 'uint16', 'c', 'receive maximum', true]],
	[34, ['topicAliasMaximum', 'uint16', 'c', 'topic alias maximum']],
	[35, ['topicAlias', 'uint16', 'p', 'topic alias', true]],
	[36, ['maximumQos', 'flag', 'c', 'maximum QoS']],
	[37, ['retainAvailable', 'flag', 'c', 'retain available']],
	[38, ['userProperties', 'pair', 'pcadu', 'user property']],
	[39, ['maximumPacketSize', 'uint32', 'c', 'maximum packet size', true]],
	[40, ['wildcardsAvailable', 'flag', 'c', 'wildcard subscription available']],
	[41, ['identifiersAvailable', 'flag', 'c', 'subscription identifiers available']],
	[42, ['sharedAvailable', 'flag', 'c', 'shared subscription available']],
]);

/** Reads the property section of a packet, which begins with its length. `what`: the packet, as in "a PUBLISH". */
export function readProperties(reader: Reader, packet: Packet, what: string): WireProperties {
	const section = reader.section(reader.varint('the length of its properties'), 'its properties');
	// All keys come from the table above, never from the peer.
	const properties: Record<string, unknown> = {};
	while (section.left > 0) {
		const id = section.varint('a property');
		const known = table.get(id);
		if (!known) throw broken(`The broker sent ${what} with an unknown property, number ${id} (MQTT 5, 2.2.2.2).`);
		const [name, type, packets, label, positive] = known;
		if (!packets.includes(packet))
			throw broken(
				`The broker sent ${what} with the property "${label}", which does not belong there (MQTT 5, 2.2.2.2).`,
			);
		const value = readValue(section, type, label, what);
		if (positive && value === 0) throw broken(`The broker sent ${what} with a ${label} of 0, which MQTT 5 forbids.`);
		if (name === 'userProperties' || name === 'subscriptionIds') {
			const list = properties[name];
			if (Array.isArray(list)) list.push(value);
			else properties[name] = [value];
		} else {
			if (properties[name] !== undefined)
				throw broken(`The broker sent ${what} with the property "${label}" twice (MQTT 5, 2.2.2.2).`);
			properties[name] = value;
		}
	}
	return properties as WireProperties;
}

function readValue(reader: Reader, type: Type, label: string, what: string): unknown {
	const part = `its ${label}`;
	if (type === 'pair') return [reader.text(part), reader.text(part)];
	if (type !== 'flag') return reader[type](part);
	const value = reader.byte(part);
	if (value > 1) throw broken(`The broker sent ${what} with a ${label} of ${value}; MQTT 5 allows 0 and 1.`);
	return value;
}
