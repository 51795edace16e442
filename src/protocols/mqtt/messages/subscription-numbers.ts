import { randomInt } from 'node:crypto';
import { eachProperty, numberAt, property } from '../describe/publish-properties';
import type { PublishProperties } from '../wire/publish-properties';

/**
 * Own numbers take three bytes on the wire (MQTT 5, 1.5.5). They begin anywhere in that range, so that messages that a
 * broker has stored for an earlier session with the same client ID do not carry a number of this one.
 */
const minOwn = 0x4000;
const maxOwn = 0x1f_ffff;
const key = 'mqtt.subscriptionNumbers';

/**
 * Subscription identifiers (MQTT 5, 3.8.2.1.2), by which the broker marks each message with the subscriptions that it
 * matches. Each subscription gets a number of its own unless the user has set one. Own numbers are taken out of the
 * properties before a message is logged: they belong to the workbench and not to the message. A number that is not known
 * here stays in the properties.
 */
export interface SubscriptionNumbers {
	/** The number for a SUBSCRIBE of this subscription; undefined: it is sent without one. `wanted`: set by the user. */
	assign(id: string, wanted: number | undefined): number | undefined;
	/** The broker has accepted the subscription with this number, which replaces an earlier one. */
	granted(id: string, number: number | undefined): void;
	removed(id: string): void;
	/** Subscriptions are sent without own numbers from now on, for as long as the session lasts. */
	stop(): void;
	isOwn(number: number): boolean;
	/** Ids of the subscriptions with these numbers; undefined if none is known. */
	idsOf(numbers: readonly number[]): readonly string[] | undefined;
	/** The bytes of the properties without own numbers; undefined if nothing is left. */
	withoutOwn(properties: Pick<PublishProperties, 'section' | 'length' | 'identifiers'>): Buffer | undefined;
}

/** The numbers of a session. They outlive its links. */
export function subscriptionNumbers(memory: Map<string, unknown>): SubscriptionNumbers {
	const stored = memory.get(key);
	if (stored) return stored as SubscriptionNumbers;
	const created = createSubscriptionNumbers();
	memory.set(key, created);
	return created;
}

export function createSubscriptionNumbers(first = randomInt(minOwn, maxOwn)): SubscriptionNumbers {
	let next = first;
	let isStopped = false;
	const own = new Map<string, number>();
	const ownNumbers = new Set<number>();
	/** Ids by number. The same array each time, since every message of a flood gets it. */
	const ids = new Map<number, readonly string[]>();
	/** Numbers that the user has set, by subscription. One stays until the end of its subscription, which a run may replace. */
	const chosen = new Map<string, number>();
	const isChosen = (number: number) => [...chosen.values()].includes(number);

	function link(number: number, id: string): void {
		const linked = ids.get(number) ?? [];
		if (!linked.includes(id)) ids.set(number, [...linked, id]);
	}

	/** Takes the id from all numbers but this one. */
	function unlink(id: string, except?: number): void {
		for (const [number, linked] of ids) {
			if (number === except || !linked.includes(id)) continue;
			const left = linked.filter((one) => one !== id);
			if (left.length > 0) ids.set(number, left);
			else ids.delete(number);
		}
	}

	function ownNumber(id: string): number {
		const assigned = own.get(id);
		if (assigned !== undefined && !isChosen(assigned)) return assigned;
		do next = next >= maxOwn ? minOwn : next + 1;
		while (isChosen(next) || ownNumbers.has(next));
		own.set(id, next);
		ownNumbers.add(next);
		return next;
	}

	/** Own numbers that no user has set, too. Looked up for every message. */
	let hidden: ReadonlySet<number> = new Set();
	const isOwn = (number: number) => hidden.has(number);
	const updateHidden = () => {
		hidden = new Set([...ownNumbers].filter((number) => !isChosen(number)));
	};

	return {
		assign(id, wanted = chosen.get(id)) {
			if (wanted !== undefined) chosen.set(id, wanted);
			else if (isStopped) return undefined;
			const number = wanted ?? ownNumber(id);
			// Before it is granted: retained messages may come before the SUBACK.
			link(number, id);
			updateHidden();
			return number;
		},
		granted: (id, number) => unlink(id, number),
		removed(id) {
			unlink(id);
			chosen.delete(id);
			updateHidden();
		},
		stop() {
			isStopped = true;
		},
		isOwn,
		idsOf(numbers) {
			const [number] = numbers;
			if (number !== undefined && numbers.length === 1) return ids.get(number);
			const found = numbers.flatMap((one) => ids.get(one) ?? []);
			return found.length > 0 ? [...new Set(found)] : undefined;
		},
		withoutOwn(properties) {
			const { identifiers, length } = properties;
			let owned = 0;
			for (const number of identifiers) if (hidden.has(number)) owned++;
			// Usually there is nothing else: a property identifier and three bytes for each number.
			if (owned > 0 && length === 4 * owned) return undefined;
			const { section } = properties;
			if (owned === 0) return section;
			const kept: Buffer[] = [];
			eachProperty(section, (id, at, end, start) => {
				const isDropped = id === property.subscriptionIdentifier && isOwn(numberAt(section, at, end));
				if (!isDropped) kept.push(section.subarray(start, end));
			});
			return kept.length > 1 ? Buffer.concat(kept) : kept[0];
		},
	};
}
