import type { Draft, Receipt } from '../../model/contracts/message';
import type { Subscription } from '../../model/profile/profile';
import type { ProtocolDescription } from '../../protocols/description';
import type { Received } from './connection';

/** How the reply to a request is known. */
export interface Pairing {
	draft: Draft;
	/** To be subscribed before sending. */
	subscription?: Subscription;
	/** `receipt`: of the request. Undefined while it is not there. */
	fits(message: Received, receipt?: Receipt): boolean;
	/** The receipt says whether there is an answer at all. */
	joined?: true;
}

const hex = (bytes: Uint8Array) => [...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join('');

/**
 * With MQTT 5 (4.10): a response topic of the request's own and correlation data, unless the user has written them.
 * A protocol that pairs requests itself answers in its receipt; one without subscriptions, by the next message.
 */
export function pair(draft: Draft, description: ProtocolDescription, random: (bytes: number) => Uint8Array): Pairing {
	const fields = description.verbs.find(({ id }) => id === draft.verb)?.fields ?? [];
	const has = (key: string) => fields.some((field) => field.key === key);
	if (!description.subscription) return { draft, fits: () => true };
	// The protocol knows itself what answers what.
	if (!has('responseTopic') || !has('correlationData'))
		return { draft, joined: true, fits: ({ answers }, receipt) => answers !== undefined && answers === receipt?.seq };
	const { responseTopic, correlationData } = draft.values;
	const topic = typeof responseTopic === 'string' && responseTopic !== '' ? responseTopic : undefined;
	const target = topic ?? `reply/${hex(random(8))}`;
	const correlation =
		typeof correlationData === 'string' && correlationData !== '' ? correlationData : `0x${hex(random(8))}`;
	const wanted = /^0x(?:[0-9a-f]{2})+$/i.test(correlation)
		? correlation.slice(2).toLowerCase()
		: hex(new TextEncoder().encode(correlation));
	return {
		draft: { ...draft, values: { ...draft.values, responseTopic: target, correlationData: correlation } },
		subscription: { target, qos: draft.values.qos },
		// On a topic that nobody else knows, a responder that forgets the correlation data is believed.
		fits: (message) =>
			message.target === target &&
			(message.correlation === wanted || (topic === undefined && message.correlation === undefined)),
	};
}
