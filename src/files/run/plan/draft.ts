import type { Draft } from '../../../model/contracts/message';
import type { Values } from '../../../model/profile/field';
import type { ProtocolDescription, Verb } from '../../../protocols/description';
import { missingTarget, placed } from '../../failures';
import type { Range, Request } from '../../syntax/ast';
import type { VerbWord } from '../../syntax/words';
import { binaryField } from '../../values/sending-verb';
import type { Body } from './body';

/** The body of a message without one; undefined: nothing is sent. A conversation without a body only listens. */
export const emptyBody = ({ steps }: Request, { action }: VerbWord): Body | undefined =>
	steps.length === 1 && (action === 'send' || action === 'request')
		? { bytes: new Uint8Array(), binary: false }
		: undefined;

export function draftOf(
	description: ProtocolDescription,
	verb: Verb | undefined,
	target: string,
	values: Values,
	body: Body,
): Draft {
	const field = binaryField(description, verb?.id);
	// The bytes of a file are binary and typed text is text, unless the header of the field says otherwise.
	const isBinary = field && values[field.key] === undefined && body.binary;
	const typed = isBinary ? { ...values, [field.key]: description.files?.binary?.value } : values;
	return { verb: verb?.id ?? '', target: verb?.target === 'none' ? '' : target, values: typed, payload: body.bytes };
}

/** Throws a PlacedFailure for a target that the verb does not accept. */
export function checkDraft(draft: Draft, description: ProtocolDescription, request: Request): void {
	const verb = description.verbs.find(({ id }) => id === draft.verb);
	if (verb?.target === 'required' && draft.target === '')
		throw placed(missingTarget(description.words.target), placeOf(request));
	const wrong = verb?.target === 'none' ? undefined : verb?.checkTarget(draft.target);
	if (wrong) throw placed({ code: 'bad-target', message: wrong }, placeOf(request));
}

/** Where a problem of the target is shown. */
export const placeOf = ({ target, verb }: Request): Range => (target.text === '' ? verb : target);
