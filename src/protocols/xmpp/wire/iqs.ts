import { randomBytes } from 'node:crypto';
import { bareJid, sameJid } from '../describe/jid';
import { attribute, type Element } from './xml';

export interface Pending {
	/** The request's line in the log; undefined if it is not logged. */
	seq?: number;
	/** The answer is not logged. */
	quiet?: boolean;
	/** `seq`: line of the answer in the log. */
	answered(answer: Element, seq: number | undefined): void;
	lost(): void;
}

/** Requests that wait for their answers (RFC 6120, section 8.2.3). */
export interface Iqs {
	expect(id: string, to: string | undefined, pending: Pending): void;
	forget(id: string, pending: Pending): void;
	/** Removes and returns the request that an IQ of type result or error answers. */
	take(answer: Element): Pending | undefined;
	/** Reports to all pending requests that the stream has ended. */
	lost(): void;
}

/** A random id, so that no third party can guess it and answer in place of the addressee. */
export const newId = () => randomBytes(9).toString('base64url');

export function createIqs(full: string): Iqs {
	const waiting = new Map<string, { to: string | undefined; pending: Pending }[]>();
	const account = bareJid(full);
	/** Addresses that may answer a request to the user's own account. */
	const own = [account, full, account.slice(account.indexOf('@') + 1)];

	/** Only the addressee may answer. */
	function mayAnswer(to: string | undefined, from: string | undefined): boolean {
		if (from === undefined) return to === undefined || sameJid(to, account);
		return to === undefined ? own.some((jid) => sameJid(jid, from)) : sameJid(to, from);
	}

	function remove(id: string, matches: (entry: { to: string | undefined; pending: Pending }) => boolean) {
		const entries = waiting.get(id);
		const at = entries?.findIndex(matches) ?? -1;
		if (!entries || at < 0) return undefined;
		const [found] = entries.splice(at, 1);
		if (entries.length === 0) waiting.delete(id);
		return found?.pending;
	}

	return {
		expect(id, to, pending) {
			const entries = waiting.get(id);
			if (entries) entries.push({ to, pending });
			else waiting.set(id, [{ to, pending }]);
		},
		forget: (id, pending) => void remove(id, (entry) => entry.pending === pending),
		take(answer) {
			const from = attribute(answer, 'from');
			return remove(attribute(answer, 'id') ?? '', ({ to }) => mayAnswer(to, from));
		},
		lost() {
			const all = [...waiting.values()].flat();
			waiting.clear();
			for (const { pending } of all) pending.lost();
		},
	};
}
