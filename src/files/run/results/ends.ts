import type { Failure, PeerEnd } from '../../../base/failure';
import type { PlacedFailure, Range, Section } from '../../syntax/ast';
import type { Connection } from '../connection';
import { subscriptionEnded } from '../inbox';

/** What of an end a request's expectations look at. */
interface LooksAt {
	code: boolean;
	reason: boolean;
}

function looksAt({ request }: Section): LooksAt {
	const has = (kind: string) => request?.assertions.some(({ expectation }) => expectation?.what.kind === kind) ?? false;
	return { code: has('code'), reason: has('reason') };
}

/** Whether the request must wait for the end: the code of an answer is there before it. */
export function waitsForEnd(section: Section, { columns }: Connection['description']): boolean {
	const looks = looksAt(section);
	return looks.reason || (looks.code && !columns.some(({ id }) => id === 'code'));
}

/** The end as expectations see it, if they look at it; undefined: it is a failure. */
export function expectedEnd(failure: Failure, section: Section): PeerEnd | undefined {
	const looks = looksAt(section);
	const end = failure.end ?? { reason: failure.message };
	return looks.reason || (looks.code && end.code !== undefined) ? end : undefined;
}

/** Milliseconds from what fails because the link has gone until the end of the link is known everywhere. */
export const endKnownWithin = 1000;

const consequences = new Set(['not-open', 'link-lost', 'unknown', 'connection-ended', subscriptionEnded]);

/** Whether it may be no more than a consequence of an end, which itself says why. */
export const followsFromEnd = ({ code }: Failure): boolean => consequences.has(code);

/** The end as a failure of the request, with the code and the reason in its sentence. */
export function whyEnded(failure: Failure, range?: Range): PlacedFailure {
	const { end, message } = failure;
	const code = failure.code === subscriptionEnded ? subscriptionEnded : 'connection-ended';
	const missing = [
		end?.code !== undefined && !message.includes(end.code) && `code ${end.code}`,
		end?.reason !== undefined && !message.includes(end.reason) && `"${end.reason}"`,
	].filter((part) => part);
	if (missing.length === 0) return { ...failure, code, ...placeOf(range) };
	const whole = `${message.replace(/\.$/, '')}: ${missing.join(', ')}.`;
	// The sentence has all of the evidence then.
	return { ...failure, code, message: whole, evidence: undefined, ...placeOf(range) };
}

export const placeOf = (range?: Range) => range && { range: { start: range.start, end: range.end } };
