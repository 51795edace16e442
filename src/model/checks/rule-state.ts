import { type FieldSource, readField } from './field';
import type { Mark } from './mark';
import type { CheckedMessage, CheckLimits, OnFull, OnGap } from './message';
import { defaultWindow, type ReadRule } from './rule';
import { createSeenOnce, type SeenOnce } from './seen-once';
import { createSequence, isMissing, type Sequence, toInteger } from './sequence';
import { createStreams, type Streams } from './streams';
import { durationText, toTime } from './timestamp';
import { sequenceMark, shown } from './words';

/** A rule with what it remembers. */
export interface RuleState {
	rule: ReadRule;
	nonces: SeenOnce | undefined;
	ids: SeenOnce | undefined;
	/** By sender or target. */
	sequences: Streams<Sequence>;
}

export function startRule(rule: ReadRule, limits: CheckLimits, onFull: OnFull): RuleState {
	const { nonce, timestamp, id, window } = rule;
	// A timestamp may lie ahead by the window, so that its message stays valid for twice as long. Without a window or a
	// timestamp, a nonce is never valid again.
	const kept = timestamp ? 2 * (window ?? defaultWindow) : window;
	return {
		rule,
		nonces: nonce && createSeenOnce(kept, limits.texts, () => onFull('texts')),
		ids: id && createSeenOnce(window, limits.texts, () => onFull('texts')),
		sequences: createStreams(createSequence, limits.streams, () => onFull('streams')),
	};
}

/** The fields of a message that a rule names; those with a problem become marks. */
function sender({ rule }: RuleState, { target }: CheckedMessage, source: FieldSource) {
	if (!rule.by) return { key: target, of: '' };
	const value = readField(rule.by, source);
	return 'problem' in value ? value : { key: `by\n${value.text}`, of: ` of ${shown(value.text)}` };
}

const unverified = (what: string, problem: string): Mark => ({
	kind: 'unverified',
	reason: `${what} cannot be checked: ${problem}`,
});

export function applyRule(
	state: RuleState,
	message: CheckedMessage,
	source: FieldSource,
	isRetained: boolean,
	onGap?: OnGap,
): Mark[] | undefined {
	const { rule, nonces, ids, sequences } = state;
	const from = sender(state, message, source);
	if ('problem' in from) return [unverified('The sender', from.problem)];
	let marks: Mark[] | undefined;
	const add = (mark: Mark | undefined) => {
		if (mark) marks = [...(marks ?? []), mark];
	};
	const untimely = timeMark(rule, message, source);
	add(untimely);
	if (rule.nonce && nonces) {
		const value = readField(rule.nonce, source);
		if ('problem' in value) add(unverified('The nonce', value.problem));
		else {
			// Messages outside of the window are refused anyway, and must not fill the memory or use up nonces.
			const seen = nonces.see(textKey(rule, from.key, value), message.time, !untimely);
			if (seen !== undefined) {
				const ago = durationText(Math.max(0, message.time - seen));
				add({ kind: 'replayed', reason: `Nonce${from.of} seen ${ago} ago: ${shown(value.text)}` });
			}
		}
	}
	if (rule.id && ids) {
		const value = readField(rule.id, source);
		if ('problem' in value) add(unverified('The id', value.problem));
		else {
			const seen = ids.see(textKey(rule, from.key, value), message.time);
			// What the peer keeps comes again with each subscription.
			if (seen !== undefined && !isRetained) {
				const ago = durationText(Math.max(0, message.time - seen));
				add({ kind: 'duplicate', reason: `Id${from.of} received ${ago} ago: ${shown(value.text)}` });
			}
		}
	}
	if (rule.sequence) {
		const value = readField(rule.sequence, source);
		const number = 'problem' in value ? undefined : toInteger(value.text);
		if ('problem' in value) add(unverified('The sequence', value.problem));
		else if (number === undefined) add(unverified('The sequence', `"${shown(value.text)}" is no whole number`));
		else {
			const sequence = sequences.get(from.key);
			const seen = sequence.see(number, number === 0 || number === 1 ? digestOf(message.payload) : undefined);
			if (seen?.kind === 'gap') onGap?.(() => isMissing(sequence, seen.after, number));
			// What the peer keeps comes again with each subscription.
			if (seen && !(isRetained && seen.kind !== 'gap')) add(sequenceMark('Sequence', number, seen, from.of));
		}
	}
	return marks;
}

/** Forgets a message that `applyRule` has not marked. */
export function forgetRule(state: RuleState, message: CheckedMessage, source: FieldSource): void {
	const { rule, nonces, ids, sequences } = state;
	const from = sender(state, message, source);
	if ('problem' in from) return;
	const nonce = rule.nonce && readField(rule.nonce, source);
	if (nonce && 'text' in nonce) nonces?.forget(textKey(rule, from.key, nonce));
	const id = rule.id && readField(rule.id, source);
	if (id && 'text' in id) ids?.forget(textKey(rule, from.key, id));
	const sequence = rule.sequence && readField(rule.sequence, source);
	const number = sequence && 'text' in sequence ? toInteger(sequence.text) : undefined;
	if (number !== undefined) sequences.get(from.key).forget(number);
}

/**
 * A nonce or an id is unique among all targets of a rule, so that a message is also found that is replayed to another target. The
 * number 1 and the text "1" differ, and 1.0 is the number 1.
 */
function textKey({ by }: ReadRule, from: string, { text, isNumber }: { text: string; isNumber: boolean }): string {
	const number = isNumber ? Number(text) : Number.NaN;
	const value = Number.isSafeInteger(number) && text.length < 16 ? `#${number}` : `${isNumber ? '#' : '"'}${text}`;
	return by ? `${from}\n${value}` : value;
}

function timeMark(rule: ReadRule, { time }: CheckedMessage, source: FieldSource): Mark | undefined {
	if (!rule.timestamp) return undefined;
	const value = readField(rule.timestamp, source);
	if ('problem' in value) return unverified('The timestamp', value.problem);
	const stamp = toTime(value.text);
	if (stamp === undefined) return unverified('The timestamp', `"${shown(value.text)}" is no time`);
	const { window = defaultWindow } = rule;
	const age = time - stamp;
	if (Math.abs(age) <= window) return undefined;
	const distance = durationText(Math.abs(age));
	const where = age > 0 ? `${distance} old` : `${distance} ahead of the clock of this computer`;
	// The value is last: a narrow log cuts it off.
	return { kind: 'old', reason: `${where}, the window is ${durationText(window)}: ${shown(value.text)}` };
}

/** FNV-1a of 32 bits. */
function digestOf(payload: Uint8Array): number {
	let digest = 0x811c9dc5;
	for (const byte of payload) digest = Math.imul(digest ^ byte, 0x01000193);
	return digest;
}
