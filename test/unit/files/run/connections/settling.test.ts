import assert from 'node:assert/strict';
import test from 'node:test';
import { createSettling } from '../../../../../src/files/run/connections/settling';

/** "a1" receiver a gets message 1, "a1." settles it, "a1!" says again, "a-" leaves, "/" ends the turn. */
const cases: [title: string, events: string, sent: string][] = [
	['one receiver', 'a1 a2 / a1. a2. /', '/done 1,2'],
	['all of the receivers', 'a1 b1 / a1. / b1. /', '//done 1'],
	['and with "again" if one says so', 'a1 b1 / a1! / b1. /', '//again 1'],
	['in the order of the outcomes', 'a1 a2 a3 / a2. a1! a3. /', '/done 2; again 1; done 3'],
	['the second receiver of the same turn counts', 'a1 a1. b1 / b1. /', '/done 1'],
	['one that has not received it does not count', 'a1 / b1. / a1. /', '//done 1'],
	['one that leaves is not waited for', 'a1 b1 / a1. / b- /', '//done 1'],
	['and settles nothing itself', 'a1 / a- /', ''],
	['an outcome counts once', 'a1 / a1. / a1! /', '/done 1'],
];

for (const [title, events, sent] of cases)
	test(`held messages are settled by ${title}`, () => {
		const turns: string[][] = [[]];
		const settling = createSettling((seqs, outcome) => turns.at(-1)?.push(`${outcome} ${seqs.join()}`));
		const members = new Map<string, ReturnType<typeof settling.member>>();
		for (const event of events.split(' ')) {
			const [name = '', rest = '', outcome] = event;
			const member = members.get(name) ?? settling.member();
			if (name === '/') {
				settling.flush();
				turns.push([]);
				continue;
			}
			members.set(name, member);
			if (rest === '-') member.leave();
			else if (outcome === undefined) member.received(Number(rest));
			else member.settle(Number(rest), outcome === '.' ? 'done' : 'again');
		}
		assert.equal(
			turns
				.map((turn) => turn.join('; '))
				.join('/')
				.replace(/\/+$/, ''),
			sent,
		);
	});
