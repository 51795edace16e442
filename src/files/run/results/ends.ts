import type { Failure, PeerEnd } from '../../../base/failure';
import type { ProtocolDescription } from '../../../protocols/description';
import type { PlacedFailure, Range, Section } from '../../syntax/ast';

/** Milliseconds from the first failure of a lost connection until the reason for the loss is known. */
export const endKnownWithin = 1000;

/** The code of a failure that ends a subscription and not the connection. */
export const subscriptionEnded = 'subscription-ended';

const consequences = new Set(['not-open', 'link-lost', 'unknown', 'connection-ended', subscriptionEnded]);

/** Whether the failure may be a consequence of an end, which has its own reason. */
export const followsFromEnd = ({ code }: Failure): boolean => consequences.has(code);

/** Whether the expectations of a request look at the code and the reason of an end. */
function looksAt({ request }: Section): { code: boolean; reason: boolean } {
	const has = (kind: string) => request?.assertions.some(({ expectation }) => expectation?.what.kind === kind) ?? false;
	return { code: has('code'), reason: has('reason') };
}

/** Whether the request waits for the end. It does not wait for a code that its protocol has in each answer. */
export function waitsForEnd(section: Section, { files }: ProtocolDescription): boolean {
	const { code, reason } = looksAt(section);
	return reason || (code && files?.code === undefined);
}

/** The end for the expectations; undefined if they do not look at it, so that it is a failure. */
export function expectedEnd(failure: Failure, section: Section): PeerEnd | undefined {
	const { code, reason } = looksAt(section);
	const end = failure.end ?? { reason: failure.message };
	return reason || (code && end.code !== undefined) ? end : undefined;
}

/** The end as a failure of the request, with the code and the reason in its sentence. */
export function whyEnded(failure: Failure, range?: Range): PlacedFailure {
	const { end, message } = failure;
	const code = failure.code === subscriptionEnded ? subscriptionEnded : 'connection-ended';
	const place = range && { range: { start: range.start, end: range.end } };
	const missing = [
		end?.code !== undefined && !message.includes(end.code) && `code ${end.code}`,
		end?.reason !== undefined && !message.includes(end.reason) && `"${end.reason}"`,
	].filter((part) => part);
	if (missing.length === 0) return { ...failure, code, ...place };
	const whole = `${message.replace(/\.$/, '')}: ${missing.join(', ')}.`;
	// The sentence now contains the evidence.
	return { ...failure, code, message: whole, evidence: undefined, ...place };
}
