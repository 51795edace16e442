import { isRecord } from '../../../base/check';
import type { Values } from '../../../model/profile/field';
import type { Logged } from '../../description';
import { type MqttMeta, qosOf, retainedFlag } from '../describe/flags';

/**
 * The fields that publish a logged message again with the same properties. A topic alias and the identifiers of
 * subscriptions belong to the connection that the message came over (MQTT 5, 3.3.2.3).
 */
export function resend({ flags, meta }: Logged): { values: Values; lost?: string } {
	const known: MqttMeta = isRecord(meta) ? meta : {};
	const values: Values = {
		qos: qosOf(flags),
		retain: (flags & retainedFlag) !== 0,
		...(known.utf8 && { payloadFormat: true }),
		...(known.expiry !== undefined && { messageExpiry: known.expiry }),
		...(known.contentType !== undefined && { contentType: known.contentType }),
		...(known.responseTopic !== undefined && { responseTopic: known.responseTopic }),
		...(known.correlation !== undefined && { correlationData: `0x${known.correlation}` }),
		...(known.userProperties && { userProperties: known.userProperties }),
	};
	const empty = known.contentType === '' ? 'content type' : known.correlation === '' ? 'correlation data' : undefined;
	return { values, ...(empty && { lost: `its ${empty}, which is set but empty` }) };
}
