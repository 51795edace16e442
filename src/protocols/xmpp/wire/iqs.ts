import { randomBytes } from 'node:crypto';
import { bareJid, sameJid } from '../describe/jid';
import { attribute, type Element } from './xml';

export interface Pending {
	/** The request's line in the log; undefined: it is not there. */
	seq?: number;
	/** The answer is not logged. */
	quiet?: boolean;
	answered(answer: Element, seq: number | undefined): void;
	lost(): void;
}

/** Requests that wait for their answers (RFC 6120, section 8.2.3). */
export interface Iqs {
	expect(id: string, to: string | undefined, pending: Pending): void;
	forget(id: string, pending: Pending): void;
	/** What an IQ of type result or error answers; it waits no longer. */
	take(answer: Element): Pending | undefined;
	/** The stream is over. */
	lost(): void;
}

/** Ids are not for others to guess, who could answer in the place of the one asked. */
export const newId = () => randomBytes(9).toString('base64url');

export function createIqs(full: string): Iqs {
	const waiting = new Map<string, { to: string | undefined; pending: Pending }[]>();
	const account = bareJid(full);
	/** Who may answer what was asked of our own account. */
	const ours = [account, full, account.slice(account.indexOf('@') + 1)];

	/** Whoever was asked answers, and nobody else. */
	function mayAnswer(to: string | undefined, from: string | undefined): boolean {
		if (from === undefined) return to === undefined || sameJid(to, account);
		return to === undefined ? ours.some((one) => sameJid(one, from)) : sameJid(to, from);
	}

	function remove(id: string, which: (entry: { to: string | undefined; pending: Pending }) => boolean) {
		const entries = waiting.get(id);
		const at = entries?.findIndex(which) ?? -1;
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
