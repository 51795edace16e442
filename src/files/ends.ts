import type { Failure, PeerEnd } from '../base/failure';
import type { Connection } from './connection';
import type { Section } from './syntax/ast';

/** What of an end a request's expectations look at. */
export interface LooksAt {
	code: boolean;
	reason: boolean;
}

export function looksAt({ request }: Section): LooksAt {
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

/** Why it ended, with the code and the reason where the sentence does not have them yet. */
export function endInWords({ message, end }: Failure): string {
	const missing = [
		end?.code !== undefined && !message.includes(end.code) && `code ${end.code}`,
		end?.reason !== undefined && !message.includes(end.reason) && `"${end.reason}"`,
	].filter((part) => part);
	return missing.length === 0 ? message : `${message.replace(/\.$/, '')}: ${missing.join(', ')}.`;
}
