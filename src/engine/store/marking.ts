import { headerOf } from '../../lines/values';
import { type Checks, createChecks } from '../../model/checks/checks';
import type { Mark, MarkCounts } from '../../model/checks/mark';
import { type CheckedMessage, type CheckLimits, checkLimits } from '../../model/checks/message';
import { type CheckRule, readRule } from '../../model/checks/rule';
import { formatCount } from '../../model/text/words';
import type { ProtocolDescription } from '../../protocols/description';

/** Marks received messages: by what the protocol says of a delivery, and by the rules of the profile. */
export interface Marking {
	/** Whether a message with these flags is to be checked: asked for each message of a flood. */
	needs(flags: number): boolean;
	/** As `Checks.isNext`. */
	isNext: Checks['isNext'];
	check(seq: number, message: CheckedMessage): readonly Mark[] | undefined;
	/** Adds marks of other kinds to those that a line has. */
	add(seq: number, marks: readonly Mark[], present: readonly Mark[] | undefined): void;
	/** Replaces the rules, unless they are the same: a profile that connects again still knows what it has received. */
	set(rules: readonly CheckRule[]): void;
	subscribed(id: string): void;
	/** Starts the counts anew. */
	clear(): void;
	readonly counts: MarkCounts;
}

export interface MarkingOptions {
	/** Keeps the marks of a line. */
	mark?(seq: number, marks: readonly Mark[]): void;
	/** Writes a line for the user into the log. */
	note(text: string): void;
}

export function createMarking(description: ProtocolDescription, { mark, note }: MarkingOptions): Marking {
	const { delivery, pattern, retained } = description;
	const reported = new Set<string>();
	let counts: MarkCounts = {};
	let current = '[]';
	let checks = make([]);
	/** Whether each message is to be checked, or those with these flags. */
	let always = false;
	let bits = 0;
	look();

	function make(rules: readonly CheckRule[]): Checks | undefined {
		return createChecks({
			// Only rules that were checked when the profile was resolved arrive here.
			rules: rules.flatMap((entry) => {
				const read = readRule(entry);
				return 'rule' in read ? [read.rule] : [];
			}),
			delivery,
			compile: (target) => (pattern?.isPattern(target) ? pattern.compile(target) : (one: string) => one === target),
			header: (flags, meta, name) => headerOf(description, flags, meta, name),
			retained: retained?.flag,
			onFull,
		});
	}

	function look(): void {
		always = checks !== undefined && checks.bits === undefined;
		bits = checks?.bits ?? 0;
	}

	function count(marks: readonly Mark[]): void {
		counts = { ...counts };
		for (const kind of new Set(marks.map((one) => one.kind))) counts[kind] = (counts[kind] ?? 0) + 1;
	}

	function onFull(what: keyof CheckLimits): void {
		if (reported.has(what)) return;
		reported.add(what);
		const limit = formatCount(checkLimits[what]);
		note(
			what === 'texts'
				? `More than ${limit} nonces or ids are to be remembered: the oldest are forgotten, and a message that repeats one of them is not marked.`
				: `More than ${limit} sequences are to be followed: some are forgotten, and start anew.`,
		);
	}

	return {
		needs: (flags) => always || (flags & bits) !== 0,
		isNext: (target, flags, meta, subscriptions) => checks?.isNext(target, flags, meta, subscriptions) === true,
		check(seq, message) {
			const marks = checks?.check(message);
			if (!marks) return undefined;
			mark?.(seq, marks);
			count(marks);
			return marks;
		},
		add(seq, marks, present = []) {
			const more = marks.filter(({ kind }) => !present.some((one) => one.kind === kind));
			if (more.length === 0) return;
			mark?.(seq, [...present, ...more]);
			count(more);
		},
		set(rules) {
			const text = JSON.stringify(rules);
			if (text === current) return;
			current = text;
			checks = make(rules);
			look();
		},
		subscribed: (id) => checks?.subscribed(id),
		clear() {
			counts = {};
		},
		get counts() {
			return counts;
		},
	};
}
