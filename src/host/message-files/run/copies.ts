import type { FeedMessage } from '../../../model/contracts/engine-api';
import type { ProtocolDescription } from '../../../protocols/description';

/** Copies that are waited for: more only in a flood, where the oldest are given up. */
const mostOwed = 1000;
/** Messages, after which a copy that has not come is not coming. */
const patience = 100;

/**
 * Overlapping subscriptions of one session may bring a message once for each (MQTT 5, 3.3.4; MQTT 3.1.1, 3.3.5), or once
 * for all: the broker decides. Where it cannot tell which subscription a message is for, copies are known by being the
 * same as one that came before, as many as subscriptions fit. A broker that is seen to send one for all is believed from
 * then on; until then two messages that are really the same, one after the other, count as one.
 */
export interface Copies {
	/** Whether it is the first of its copies. `subscriptions`: targets of all that are active on the session. */
	isFirst(message: FeedMessage, subscriptions: readonly string[]): boolean;
}

interface Owed {
	message: FeedMessage;
	/** Copies that may still come. */
	left: number;
	/** Any came: this broker sends one for each. */
	came: boolean;
	number: number;
}

export function createCopies({ pattern, retained }: ProtocolDescription): Copies {
	const tests = new Map<string, (target: string) => boolean>();
	let owed: Owed[] = [];
	let number = 0;
	let oneForAll = false;

	function fits(filter: string, target: string): boolean {
		let test = tests.get(filter);
		if (!test) {
			if (tests.size > mostOwed) tests.clear();
			test = pattern?.isPattern(filter) ? pattern.compile(filter) : (one) => one === filter;
			tests.set(filter, test);
		}
		return test(target);
	}

	function forget(): void {
		const late = owed.filter((one) => number - one.number > patience);
		if (late.length === 0 && owed.length <= mostOwed) return;
		if (late.some(({ came }) => !came)) oneForAll = true;
		owed = owed.filter((one) => !late.includes(one)).slice(-mostOwed);
	}

	return {
		isFirst(message, subscriptions) {
			number++;
			if (oneForAll) return true;
			forget();
			const known = owed.find((one) => one.left > 0 && isSame(one.message, message));
			if (known) {
				known.left--;
				known.came = true;
				if (known.left === 0) owed = owed.filter((one) => one !== known);
				return false;
			}
			// What was kept comes for a new subscription alone.
			const kept = retained !== undefined && (message.flags & retained.flag) !== 0;
			const left = kept ? 0 : subscriptions.filter((one) => fits(one, message.target)).length - 1;
			if (left > 0) owed.push({ message, left, came: false, number });
			return true;
		},
	};
}

/** They may differ in how they were delivered, which is each subscription's own. */
function isSame(one: FeedMessage, other: FeedMessage): boolean {
	return (
		one.target === other.target &&
		one.payload.length === other.payload.length &&
		JSON.stringify(one.meta) === JSON.stringify(other.meta) &&
		one.payload.every((byte, at) => byte === other.payload[at])
	);
}
