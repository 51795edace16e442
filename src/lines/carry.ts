import { fail } from '../base/failure';
import type { Draft } from '../model/contracts/message';
import { toText } from '../model/contracts/payload';
import type { Values } from '../model/profile/field';
import { wrongValue } from '../model/profile/fields';
import type { ProtocolDescription, Verb } from '../protocols/description';
import type { Logged } from '../protocols/message-files';
import { loggedDraft } from './draft';
import { receivedValues } from './values';

/** A draft for another connection, and the labels of what it leaves out. */
export interface Carried {
	draft: Draft;
	left: string[];
}

/** A logged message; `values`: its options, where they are in no flags and properties. */
export type Carriable = Logged & { values?: Values };

/**
 * The draft that sends a logged message over another connection to `target`. Over the same protocol everything is kept. Over
 * another one payload, content type and headers are, as far as it has them. Throws `cannot-write`, or `bad-target` where the
 * target is none of that protocol.
 */
export function carried(
	from: ProtocolDescription,
	to: ProtocolDescription,
	logged: Carriable,
	target: string,
): Carried {
	const whole = from.id === to.id ? wholeDraft(from, logged) : undefined;
	const verb = to.verbs.find(({ id }) => id === whole?.verb) ?? to.verbs[0];
	if (!verb) throw fail('cannot-write', `${to.label} cannot send.`);
	if (verb.target === 'required' && target === '')
		throw fail('bad-target', `A ${from.words.message} without a ${to.words.target}: map it to one.`);
	const wrong = verb.target === 'none' || target === '' ? undefined : verb.checkTarget(target);
	if (wrong) throw fail('bad-target', wrong);
	const { values, left } = whole ? { values: whole.values, left: [] } : carriedValues(from, verb, logged);
	return {
		draft: {
			verb: verb.id,
			target: verb.target === 'none' ? '' : target,
			values,
			payload: whole?.payload ?? logged.payload,
		},
		left,
	};
}

function wholeDraft(from: ProtocolDescription, logged: Carriable): Draft {
	const { values, target, payload } = logged;
	return values ? { verb: from.verbs[0]?.id ?? '', target, values, payload } : loggedDraft(from, logged);
}

function carriedValues(
	from: ProtocolDescription,
	verb: Verb,
	{ flags, meta, payload, values: own = receivedValues(from, flags, meta) }: Carriable,
): { values: Values; left: string[] } {
	const values: Values = {};
	const left: string[] = [];
	const pairs = verb.fields.find(({ type }) => type === 'pairs');
	const fieldOf = (key: string) => verb.fields.find((field) => field.key === key);
	const type = typeof own.contentType === 'string' ? own.contentType : from.contentType?.(meta);
	const typed = fieldOf('contentType');
	if (typed && type !== undefined && wrongValue(typed, type) === undefined) values.contentType = type;
	for (const [key, value] of Object.entries(own)) {
		const field = from.verbs[0]?.fields.find((one) => one.key === key);
		// A default says nothing that the sender of the message has chosen.
		const isDefault = field && 'default' in field && field.default === value;
		if (!field || value === undefined || isDefault || values[key] !== undefined) continue;
		if (field.type === 'pairs' && pairs && wrongValue(pairs, value) === undefined) values[pairs.key] = value;
		else left.push(field.label);
	}
	return { values: { ...values, ...(isText(payload) ? {} : verb.binaryValues) }, left };
}

const isText = (payload: Uint8Array) => toText(payload) !== undefined;
