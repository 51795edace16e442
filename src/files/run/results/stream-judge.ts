import { headerOf } from '../../../lines/values';
import { createChecks } from '../../../model/checks/checks';
import type { Mark, MarkKind } from '../../../model/checks/mark';
import type { CheckedMessage } from '../../../model/checks/message';
import type { CheckRule, ReadRule } from '../../../model/checks/rule';
import { formatCount } from '../../../model/text/words';
import type { ProtocolDescription } from '../../../protocols/description';
import type { StreamWord, What } from '../../syntax/ast';
import type { Received } from '../connection';

/** An expectation about a stream of messages. Rules ask for each message, requests for all of them at the end. */
export interface StreamJudge {
	/** Judges the next message. Returns what is wrong with it; empty if nothing is. */
	add(message: Received): readonly Mark[];
	/** Whether the latest message with a gap in front of it still has one: late messages fill gaps. */
	readonly isOpen: () => boolean;
	/**
	 * Forgets a message in which nothing was wrong and that will be delivered again, because its steps have failed: its second
	 * delivery is no replay and no duplicate.
	 */
	forget(message: Received): void;
	/** Why nothing can be found: neither the protocol nor a check of the connection tells it. Undefined: something can. */
	readonly problem: string | undefined;
}

/** The kinds of marks that an expectation excludes. A message that cannot be checked is not known to be fine. */
const excluded: Readonly<Record<StreamWord, readonly MarkKind[]>> = {
	replays: ['replayed', 'old', 'unverified'],
	duplicates: ['duplicate', 'unverified'],
	gaps: ['gap', 'unverified'],
	reordering: ['reordered', 'unverified'],
};

type StreamWhat = Extract<What, { kind: 'stream' }>;

/** What is known of the connection. */
export interface StreamSource {
	description: ProtocolDescription;
	/** The rules of its profile. */
	checks?: readonly CheckRule[];
}

export function createStreamJudge(
	{ no, by }: StreamWhat,
	{ description, checks: rules = [] }: StreamSource,
): StreamJudge {
	const kinds = new Set(excluded[no]);
	let isOpen = () => true;
	const checks = createChecks({
		...(by ? { rules: [ruleFor(no, by)] } : { delivery: ownDelivery(description) }),
		header: (flags, meta, name) => headerOf(description, flags, meta, name),
		retained: description.retained?.flag,
		gaps: true,
		onGap: (open) => {
			isOpen = open;
		},
	});
	const checked = ({ target, payload, flags = 0, meta, time, subscriptions }: Received): CheckedMessage => ({
		...{ target, payload, flags, time },
		...(meta && { meta }),
		...(subscriptions && { subscriptions }),
	});
	return {
		get isOpen() {
			return isOpen;
		},
		add(message) {
			isOpen = () => true;
			const own = checks?.check(checked(message)) ?? [];
			// The same finding by the connection and by the protocol is one.
			const given = by ? [] : (message.marks ?? []);
			const all = [...own, ...given.filter(({ reason }) => !own.some((one) => one.reason === reason))];
			return all.filter(({ kind }) => kinds.has(kind));
		},
		forget: (message) => checks?.forget(checked(message)),
		problem: by || tells(description, no) || rules.some(tellsBy(no)) ? undefined : problemOf(description, no),
	};
}

/** Numbers of the peer's streams are judged here also where the log does not mark them. */
function ownDelivery({ delivery }: ProtocolDescription): ProtocolDescription['delivery'] {
	return delivery?.sequence ? { ...delivery, sequence: { ...delivery.sequence, marks: true } } : delivery;
}

/** A field as a nonce for what must come once, and as a counter for the rest. */
function ruleFor(no: StreamWord, by: NonNullable<StreamWhat['by']>): ReadRule {
	if (no === 'replays') return { nonce: by };
	return no === 'duplicates' ? { id: by } : { sequence: by };
}

/** Whether a rule of the connection finds it. */
const tellsBy =
	(no: StreamWord) =>
	({ nonce, timestamp, sequence, id }: CheckRule): boolean => {
		if (no === 'replays') return (nonce ?? timestamp) !== undefined;
		return sequence !== undefined || (no === 'duplicates' && id !== undefined);
	};

/** Whether the protocol says something about it. */
function tells({ delivery }: ProtocolDescription, no: StreamWord): boolean {
	if (!delivery) return false;
	const { repeated, late, id, sequence } = delivery;
	switch (no) {
		case 'replays':
			return false;
		case 'duplicates':
			return (repeated ?? id ?? sequence) !== undefined;
		case 'gaps':
			return sequence !== undefined;
		case 'reordering':
			return (late ?? sequence) !== undefined;
	}
}

const problemOf = ({ label }: ProtocolDescription, no: StreamWord): string =>
	`${label} does not tell ${no}, and the connection has no check for them. Name a field of the messages: "no ${no} by body ${no === 'replays' ? 'nonce' : 'seq'}".`;

/** What `judge` returns, without what was expected. */
export interface StreamVerdict {
	passed: boolean;
	actual: string;
	reason?: string;
}

/** Judges one message after the other, as a condition of a rule. */
export function judgeNext(judge: StreamJudge, message: Received): StreamVerdict {
	if (judge.problem !== undefined) return { passed: false, actual: 'unknown', reason: judge.problem };
	const [first] = judge.add(message);
	return first ? { passed: false, actual: first.reason } : { passed: true, actual: 'none' };
}

/** Judges all messages of a request. */
export function judgeStream(
	what: StreamWhat,
	{ messages, connection }: { messages: readonly Received[]; connection?: StreamSource },
): StreamVerdict {
	if (!connection) return { passed: false, actual: 'nothing', reason: 'There is no message.' };
	const judge = createStreamJudge(what, connection);
	if (judge.problem !== undefined) return { passed: false, actual: 'unknown', reason: judge.problem };
	const found = messages.flatMap((message, at) => {
		const [first] = judge.add(message);
		return first ? [{ text: `message[${at}]: ${first.reason}`, kind: first.kind, isOpen: judge.isOpen }] : [];
	});
	const wrong = found.filter(({ kind, isOpen }) => kind !== 'gap' || isOpen());
	const count = formatCount(wrong.length);
	if (wrong.length === 0) return { passed: true, actual: `none in ${formatCount(messages.length)}` };
	const listed = wrong.slice(0, maxListed).map(({ text }) => text);
	const more = wrong.length > maxListed ? `; and ${formatCount(wrong.length - maxListed)} more` : '';
	return { passed: false, actual: count, reason: `${listed.join('; ')}${more}.` };
}

/** Messages that a verdict lists. */
const maxListed = 5;
