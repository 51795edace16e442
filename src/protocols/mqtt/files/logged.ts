import type { Logged, LoggedValues, Resent } from '../../message-files';
import { qosOf, retainedFlag } from '../describe/flags';
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

/** The fields that publish a logged message again. A property that is set but empty cannot be written. */
export function resend({ flags, meta }: Logged<Uint8Array>): Resent<never> {
	const { contentType, correlation } = readMeta(meta);
	const empty = contentType === '' ? 'content type' : correlation === '' ? 'correlation data' : undefined;
	return { values: values(flags, meta).values, ...(empty && { lost: `its ${empty}, which is set but empty` }) };
}
