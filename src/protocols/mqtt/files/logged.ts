import { isRecord } from '../../../base/check';
import type { Logged, LoggedValues, Resent } from '../../message-files';
import { type MqttMeta, qosOf, retainedFlag } from '../describe/flags';

/**
 * The fields of a logged message. A topic alias and the identifiers of subscriptions belong to the connection over which
 * the message came (MQTT 5, section 3.3.2.3).
 */
export function values(flags: number, meta: unknown): LoggedValues {
	const known: MqttMeta = isRecord(meta) ? meta : {};
	return {
		values: {
			qos: qosOf(flags),
			retain: (flags & retainedFlag) !== 0,
			...(known.utf8 !== undefined && { payloadFormat: known.utf8 }),
			...(known.expiry !== undefined && { messageExpiry: known.expiry }),
			...(known.contentType !== undefined && { contentType: known.contentType }),
			...(known.responseTopic !== undefined && { responseTopic: known.responseTopic }),
			...(known.correlation !== undefined && { correlationData: `0x${known.correlation}` }),
			...(known.userProperties && { userProperties: known.userProperties }),
		},
		...(known.correlation !== undefined && { correlation: known.correlation }),
	};
}

/** The fields that publish a logged message again. A property that is set but empty cannot be written. */
export function resend({ flags, meta }: Logged): Resent<never> {
	const { contentType, correlation }: MqttMeta = isRecord(meta) ? meta : {};
	const empty = contentType === '' ? 'content type' : correlation === '' ? 'correlation data' : undefined;
	return { values: values(flags, meta).values, ...(empty && { lost: `its ${empty}, which is set but empty` }) };
}
