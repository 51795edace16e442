import type { Delivery } from './delivery';
import type { Mark } from './mark';
import { type CheckedMessage, type CheckLimits, checkLimits, type OnFull, type OnGap } from './message';
import { createPlaces } from './places';
import type { ReadRule } from './rule';
import { applyRule, forgetRule, type RuleState, startRule } from './rule-state';
import { createSeenOnce } from './seen-once';
import { isMissing, type Sequence } from './sequence';
import { durationText } from './timestamp';
import { sequenceMark, shown } from './words';

export interface ChecksOptions {
	rules?: readonly ReadRule[];
	delivery?: Delivery;
	/** A filter of the protocol as a test for targets; undefined: targets are compared. */
	compile?(target: string): (target: string) => boolean;
	/** The value of a header or property, whatever the case of its name. */
	header?(flags: number, meta: object | undefined, name: string): string | undefined;
	/** Flag of messages that the peer keeps and sends again to each subscriber: their numbers may come again. */
	retained?: number;
	/** Marks gaps in the peer's own streams, too. */
	gaps?: boolean;
	onGap?: OnGap;
	limits?: Partial<CheckLimits>;
	onFull?: OnFull;
}

/** Judges messages in the order of their arrival. State is bounded. */
export interface Checks {
	/** Bits of flags without any of which a message has no marks; undefined: each message is to be checked. */
	readonly bits: number | undefined;
	/**
	 * Whether a message is the next one of its stream, which is all that is checked of it. Otherwise `check` judges it. Hot path:
	 * creates no object.
	 */
	isNext(
		target: string,
		flags: number,
		meta: object | undefined,
		subscriptions: readonly string[] | undefined,
	): boolean;
	/** Undefined: nothing is wrong. Never throws, whatever the message is. */
	check(message: CheckedMessage): Mark[] | undefined;
	/**
	 * Forgets a message that was not processed and will be delivered again, so that its second delivery is not a replay. Only
	 * for messages without marks.
	 */
	forget(message: CheckedMessage): void;
	/** The user reads a target again: places in a stream that come again are no duplicates. */
	subscribed(subscription: string): void;
}

/** Targets whose rules are cached. */
const maxTargets = 10_000;

/** Undefined if there is nothing that could be checked, so that a flood costs nothing. */
export function createChecks(options: ChecksOptions): Checks | undefined {
	const { delivery, rules = [], compile, header, retained = 0, onFull = () => {} } = options;
	if (!delivery && rules.length === 0) return undefined;
	const limits = { ...checkLimits, ...options.limits };
	const states = rules.map((rule) => startRule(rule, limits, onFull));
	const tests = rules.map(({ target }) =>
		target === undefined ? () => true : (compile?.(target) ?? ((one: string) => one === target)),
	);
	const { bits, repeated, late, id } = delivery ?? {};
	const place = delivery?.sequence?.marks ? delivery.sequence : undefined;
	const onlyPlace = states.length > 0 || id || repeated || late ? undefined : place;
	const ids = id && createSeenOnce(undefined, limits.texts, () => onFull('texts'));
	const places = createPlaces(limits.streams, () => onFull('streams'));
	let targets = new Map<string, RuleState[]>();

	function statesOf(target: string): RuleState[] {
		const cached = targets.get(target);
		if (cached) return cached;
		if (targets.size >= maxTargets) targets = new Map();
		const found = states.filter((_, at) => tests[at]?.(target));
		targets.set(target, found);
		return found;
	}

	const sequenceOf = ({ subscriptions, target }: CheckedMessage, stream: string | number): Sequence =>
		places.get(subscriptions, target, stream);

	function checkDelivery(message: CheckedMessage): Mark[] | undefined {
		const { flags, meta, time } = message;
		let marks: Mark[] | undefined;
		if (bits === undefined || (flags & bits) !== 0) {
			const again = repeated?.(flags, meta);
			if (again !== undefined) marks = [{ kind: 'duplicate', reason: again }];
			const reason = late?.(flags);
			if (reason !== undefined) marks = [...(marks ?? []), { kind: 'reordered', reason }];
		}
		if (id && ids) {
			const text = id.of(flags, meta);
			const seen = text === undefined ? undefined : ids.see(text, time);
			if (seen !== undefined && text !== undefined) {
				const reason = `${id.label} received ${durationText(Math.max(0, time - seen))} ago: ${shown(text)}`;
				marks = [...(marks ?? []), { kind: 'duplicate', reason }];
			}
		}
		if (place) {
			const at = place.of(flags, meta);
			if (!at) return marks;
			const { stream, value } = at;
			const sequence = sequenceOf(message, stream);
			const seen = sequence.see(value);
			if (!seen) return marks;
			if (seen.kind === 'gap') options.onGap?.(() => isMissing(sequence, seen.after, value));
			if (options.gaps || seen.kind !== 'gap') marks = [...(marks ?? []), sequenceMark(place.label, value, seen)];
		}
		return marks;
	}

	return {
		isNext(target, flags, meta, subscriptions) {
			const at = onlyPlace?.of(flags, meta);
			return at !== undefined && places.get(subscriptions, target, at.stream).isNext(at.value);
		},
		bits: states.length > 0 || id || place ? undefined : bits,
		check(message) {
			let marks = delivery && checkDelivery(message);
			if (states.length === 0) return marks;
			for (const state of statesOf(message.target)) {
				const source = {
					payload: message.payload,
					header: (name: string) => header?.(message.flags, message.meta, name),
				};
				const found = applyRule(state, message, source, (message.flags & retained) !== 0, options.onGap);
				if (found) marks = [...(marks ?? []), ...found];
			}
			return marks;
		},
		forget(message) {
			const text = id?.of(message.flags, message.meta);
			if (text !== undefined) ids?.forget(text);
			const at = place?.of(message.flags, message.meta);
			if (at) sequenceOf(message, at.stream).forget(at.value);
			const header = (name: string) => options.header?.(message.flags, message.meta, name);
			for (const state of statesOf(message.target)) forgetRule(state, message, { payload: message.payload, header });
		},
		subscribed: places.restart,
	};
}
