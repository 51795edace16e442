import type { Draft } from '../../../model/contracts/message';
import type { ReplyPairing } from '../../message-files';

const hex = (bytes: Uint8Array) => [...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join('');

/**
 * Request and response of MQTT 5 (section 4.10): a response topic of the request's own and correlation data, unless the
 * draft has them already.
 */
export function reply(draft: Draft, random: (bytes: number) => Uint8Array): ReplyPairing {
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
		// A generated topic is unique, so that a reply without correlation data is accepted there as well.
		isReply: (message) =>
			message.target === target &&
			(message.correlation === wanted || (topic === undefined && message.correlation === undefined)),
	};
}
