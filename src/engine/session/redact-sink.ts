import { FailureError, toFailure } from '../../base/failure';
import type { Receipt } from '../../model/contracts/message';
import type { OpenRequest, Property } from '../../model/contracts/session';
import { configuredNames, createRedactor, type Redactor, redactFailure } from '../../model/text/redact';
import type { Link, Sink } from '../../protocols/adapter';

/**
 * Peers repeat what they were sent: a reason string, the text of a refusal or the body of an HTTP answer can contain
 * the password. All texts of an adapter about a connection pass through here. Messages do not, because payloads are
 * kept exactly.
 */
export const redactorFor = ({ profile, secrets }: OpenRequest): Redactor =>
	createRedactor(Object.values(secrets), configuredNames(profile));

export function redactingSink(sink: Sink, clean: Redactor): Sink {
	return {
		...sink,
		settlement: (seq, { text, ...state }) => sink.settlement(seq, { ...state, text: clean(text) }),
		note: (text, bad) => sink.note(clean(text), bad),
		subscription: (id, { detail, failure, finished, ...change }) =>
			sink.subscription(id, {
				...change,
				...(detail !== undefined && { detail: clean(detail) }),
				...(failure && { failure: redactFailure(failure, clean) }),
				...(finished !== undefined && { finished: clean(finished) }),
			}),
	};
}

export const redactingError = (error: unknown, clean: Redactor): FailureError =>
	new FailureError(redactFailure(toFailure(error), clean));

export function redactingLink(link: Link, clean: Redactor): Link {
	const { subscribe, unsubscribe, browse, ask, act } = link;
	const refused = (error: unknown): never => {
		throw redactingError(error, clean);
	};
	const property = ({ label, value, ...rest }: Property) => ({ ...rest, label: clean(label), value: clean(value) });
	return {
		...link,
		facts: link.facts.map(property),
		ended: link.ended.then((failure) => failure && redactFailure(failure, clean)),
		send: (prepared, sending) => link.send(prepared, sending).then((receipt) => receiptOf(receipt, clean), refused),
		...(subscribe && {
			subscribe: (...args) =>
				subscribe
					.apply(link, args)
					.then(
						({ detail, ...granted }) => ({ ...granted, ...(detail !== undefined && { detail: clean(detail) }) }),
						refused,
					),
		}),
		...(unsubscribe && { unsubscribe: (...args) => unsubscribe.apply(link, args).catch(refused) }),
		...(browse && {
			browse: (...place) =>
				browse
					.apply(link, place)
					.then((page) => (page.note === undefined ? page : { ...page, note: clean(page.note) }), refused),
		}),
		...(ask && { ask: (intent) => ask.call(link, intent).catch(refused) }),
		...(act && {
			act: (request) => act.call(link, request).then((result) => ({ ...result, text: clean(result.text) }), refused),
		}),
	};
}

const receiptOf = (receipt: Receipt, clean: Redactor): Receipt =>
	receipt.evidence === undefined && receipt.proof !== 'refused'
		? receipt
		: {
				...receipt,
				text: clean(receipt.text),
				...(receipt.evidence !== undefined && { evidence: clean(receipt.evidence) }),
			};
