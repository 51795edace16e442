import type { Outcome } from '../../../model/contracts/hold';

/** A receiver of held messages. */
export interface SettlingMember {
	/** It has received a held message, which is not settled before its outcome. */
	received(seq: number): void;
	/** Does nothing for a message that it has not received, or has settled. */
	settle(seq: number, outcome: Outcome): void;
	/** It receives no more. What it has not settled depends on the other receivers, or goes back when the subscription ends. */
	leave(): void;
}

/**
 * Settles held messages that several receivers of one connection get: when each has given its outcome, and with "again" if one
 * of them did.
 */
export interface Settling {
	member(): SettlingMember;
	/** Passes on what is settled at once, such as before a subscription ends. Otherwise outcomes of one turn go together. */
	flush(): void;
}

export function createSettling(send: (seqs: number[], outcome: Outcome) => void): Settling {
	const waiting = new Map<number, { members: Set<SettlingMember>; outcome: Outcome; isSettled: boolean }>();
	let due: number[] = [];

	/** All receivers of a message get it in one turn, so that it is complete at the end of that turn. */
	function check(seq: number): void {
		if (due.length === 0) setImmediate(flush);
		due.push(seq);
	}

	function flush(): void {
		const seqs = due;
		due = [];
		let batch: number[] = [];
		let last: Outcome = 'done';
		const pass = () => batch.length > 0 && send(batch, last);
		for (const seq of seqs) {
			const one = waiting.get(seq);
			if (!one || one.members.size > 0) continue;
			waiting.delete(seq);
			if (one.outcome !== last) {
				pass();
				batch = [];
				last = one.outcome;
			}
			batch.push(seq);
		}
		pass();
	}

	return {
		flush,
		member() {
			const member: SettlingMember = {
				received(seq) {
					const one = waiting.get(seq);
					if (one) one.members.add(member);
					else waiting.set(seq, { members: new Set([member]), outcome: 'done', isSettled: false });
				},
				settle(seq, outcome) {
					const one = waiting.get(seq);
					if (!one?.members.delete(member)) return;
					one.isSettled = true;
					if (outcome === 'again') one.outcome = 'again';
					if (one.members.size === 0) check(seq);
				},
				leave() {
					for (const [seq, { members, isSettled }] of waiting) {
						if (!members.delete(member) || members.size > 0) continue;
						if (isSettled) check(seq);
						else waiting.delete(seq);
					}
				},
			};
			return member;
		},
	};
}
