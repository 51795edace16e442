import type { FeedMessage } from '../../../model/contracts/engine-api';
import type { ProtocolDescription } from '../../../protocols/description';

/** Copies that are expected at once. In a flood with more of them, the oldest are dropped. */
const maxOwed = 1000;
/** A copy that has not come within this many messages is not expected any more. */
const patience = 100;

/**
 * Recognizes copies where the broker does not say which subscription a message is for. Overlapping subscriptions of one
 * session may bring a message once for each (MQTT 5, 3.3.4; MQTT 3.1.1, 3.3.5), or once for all: the broker decides. A
 * copy equals a message that came before, and there are as many as subscriptions match. Once a broker was seen to send
 * one message for all, nothing is taken for a copy; until then two equal messages in a row count as one.
 */
export interface Copies {
	/** Returns whether the message is the first of its copies. `subscriptions`: targets of all active subscriptions. */
	isFirst(message: FeedMessage, subscriptions: readonly string[]): boolean;
}

interface Owed {
	message: FeedMessage;
	/** Copies that may still come. */
	left: number;
	/** A copy has come: this broker sends one for each subscription. */
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
			if (tests.size > maxOwed) tests.clear();
			test = pattern?.isPattern(filter) ? pattern.compile(filter) : (one) => one === filter;
			tests.set(filter, test);
		}
		return test(target);
	}

	function forget(): void {
		const overdue = owed.filter((one) => number - one.number > patience);
		if (overdue.length === 0 && owed.length <= maxOwed) return;
		if (overdue.some(({ came }) => !came)) oneForAll = true;
		owed = owed.filter((one) => !overdue.includes(one)).slice(-maxOwed);
	}

	return {
		isFirst(message, subscriptions) {
			number++;
			if (oneForAll) return true;
			forget();
			const original = owed.find((one) => one.left > 0 && isSame(one.message, message));
			if (original) {
				original.left--;
				original.came = true;
				if (original.left === 0) owed = owed.filter((one) => one !== original);
				return false;
			}
			// A retained message is sent to a new subscription alone.
			const isRetained = retained !== undefined && (message.flags & retained.flag) !== 0;
			const left = isRetained ? 0 : subscriptions.filter((one) => fits(one, message.target)).length - 1;
			if (left > 0) owed.push({ message, left, came: false, number });
			return true;
		},
	};
}

/** Copies may differ in their flags, since each subscription has its own QoS. */
function isSame(one: FeedMessage, other: FeedMessage): boolean {
	return (
		one.target === other.target &&
		one.payload.length === other.payload.length &&
		JSON.stringify(one.meta) === JSON.stringify(other.meta) &&
		one.payload.every((byte, at) => byte === other.payload[at])
	);
}
