import type { Verb } from '../../description';
import { type Method, methods } from './codes';
import { requestFields } from './fields';
import type { CoapVerb } from './ids';
import { checkTarget } from './target';

/** Methods whose requests have a payload (RFC 7252, 5.8; RFC 8132). */
export const withBody: readonly Method[] = ['post', 'put', 'fetch', 'patch', 'ipatch'];

const proves =
	'The answer of the server: success (2.xx), or the reason for a refusal (4.xx, 5.xx). Without an answer, whether the request was acknowledged. A non-confirmable request without an answer was only handed to the network.';

export const verbs: readonly Verb<CoapVerb>[] = [
	...(Object.keys(methods) as Method[]).map((id) => ({
		id,
		label: methods[id].label,
		button: `Send ${methods[id].label}`,
		target: 'required' as const,
		targetPlaceholder: 'sensors/temp?unit=c',
		checkTarget,
		fields: requestFields(withBody.includes(id)),
		...(!withBody.includes(id) && { noPayload: true as const }),
		proves,
	})),
	{
		id: 'ping',
		label: 'Ping',
		target: 'none',
		checkTarget: () => undefined,
		fields: [],
		noPayload: true,
		proves:
			'That the server responds: it rejects an empty confirmable message with a reset. The receipt shows the round-trip time.',
	},
];
