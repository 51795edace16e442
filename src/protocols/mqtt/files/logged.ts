import type { Answer, Logged, LoggedValues, Resent } from '../../message-files';
import { qosOf, retainedFlag } from '../describe/flags';
import type { MqttVerb } from '../describe/ids';
import { readMeta } from '../describe/publish-properties';

/**
 * The fields of a logged message. A topic alias and the identifiers of subscriptions belong to the connection over which
 * the message came (MQTT 5, section 3.3.2.3).
 */
export function values(flags: number, meta: Uint8Array | undefined): LoggedValues {
	const properties = readMeta(meta);
	return {
		values: {
			qos: qosOf(flags),
			retain: (flags & retainedFlag) !== 0,
			...(properties.utf8 !== undefined && { payloadFormat: properties.utf8 }),
			...(properties.expiry !== undefined && { messageExpiry: properties.expiry }),
			...(properties.contentType !== undefined && { contentType: properties.contentType }),
			...(properties.responseTopic !== undefined && { responseTopic: properties.responseTopic }),
			...(properties.correlation !== undefined && { correlationData: `0x${properties.correlation}` }),
			...(properties.userProperties && { userProperties: properties.userProperties }),
		},
		...(properties.correlation !== undefined && { correlation: properties.correlation }),
	};
}

/** The response topic and the correlation data of a request (MQTT 5, section 4.10), at the QoS of the request. */
export function answer({ flags, meta }: Logged): Answer<MqttVerb> | undefined {
	const { responseTopic, correlationData } = values(flags, meta instanceof Uint8Array ? meta : undefined).values;
	if (typeof responseTopic !== 'string') return undefined;
	return {
		verb: 'publish',
		target: responseTopic,
		values: { qos: qosOf(flags), ...(correlationData !== undefined && { correlationData }) },
	};
}

/** The fields that publish a logged message again. A property that is set but empty cannot be written. */
export function resend({ flags, meta }: Logged<Uint8Array>): Resent<never> {
	const { contentType, correlation } = readMeta(meta);
	const empty = contentType === '' ? 'content type' : correlation === '' ? 'correlation data' : undefined;
	return { values: values(flags, meta).values, ...(empty && { lost: `its ${empty}, which is set but empty` }) };
}
