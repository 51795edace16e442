import type { Verb } from '../../description';
import { type Method, methods } from './codes';
import { requestFields } from './fields';
import type { CoapVerb } from './ids';
import { checkTarget } from './target';

/** Methods whose request means something with a payload (RFC 7252, 5.8; RFC 8132). */
export const withBody: readonly Method[] = ['post', 'put', 'fetch', 'patch', 'ipatch'];

const proves =
	'The answer of the server: 2.xx says that it did what was asked, 4.xx and 5.xx why not. Without an answer: what was acknowledged, if anything. Non-confirmable: handed to the network, unless an answer comes.';

export const verbs: readonly Verb<CoapVerb>[] = [
	...(Object.keys(methods) as Method[]).map((id) => ({
		id,
		label: methods[id].label,
		target: 'required' as const,
		targetPlaceholder: 'sensors/temp?unit=c',
		checkTarget,
		fields: requestFields(withBody.includes(id)),
		proves,
	})),
	{
		id: 'ping',
		label: 'Ping',
		target: 'none',
		checkTarget: () => undefined,
		fields: [],
		proves: 'An empty confirmable message, which the server rejects with a reset: the receipt shows the round trip.',
	},
];
