import type { Property } from '../../../model/contracts/session';
import type { Request } from '../messages/requests';
import { type JsonRecord, readRecord, recordAt, textAt, textsAt } from '../wire/json';
import { property } from './words';

/** Milliseconds to wait for what only improves the tree. */
const within = 1000;

/**
 * User, account and permissions as the server states them (nats-server 2.10 and later); empty if it does not. Asks once.
 */
export function createUserFacts(request: Request): () => Promise<Property[]> {
	let facts: Promise<Property[]> | undefined;
	const read = async () => {
		const answer = await request('$SYS.REQ.USER.INFO', '', { within });
		return userFacts(readRecord(answer.payload.toString('utf8')));
	};
	return () => {
		facts ??= read().catch(() => []);
		return facts;
	};
}

export function userFacts(record: JsonRecord | undefined): Property[] {
	const data = recordAt(record, 'data');
	const permissions = recordAt(data, 'permissions');
	const rules = (key: string) => {
		const rule = recordAt(permissions, key);
		const part = (name: string, words: string) => {
			const subjects = textsAt(rule, name);
			return subjects.length === 0 ? [] : [`${words} ${subjects.join(', ')}`];
		};
		return [...part('allow', 'only'), ...part('deny', 'not')].join('; ');
	};
	return [
		...property('User', textAt(data, 'user')),
		...property('Account', textAt(data, 'account')),
		...property('May publish to', rules('publish')),
		...property('May subscribe to', rules('subscribe')),
	];
}
