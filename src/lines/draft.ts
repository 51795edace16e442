import { fail } from '../base/failure';
import type { Draft } from '../model/contracts/message';
import type { ProtocolDescription } from '../protocols/description';
import type { Logged } from '../protocols/message-files';

/**
 * The draft that sends a line of the log again. Throws `cannot-write` with a sentence that names the part of the message
 * that no field can hold.
 */
export function loggedDraft(description: ProtocolDescription, logged: Logged): Draft {
	const { verbs, again, words, files } = description;
	const { verb: id = again, values, payload, lost } = files?.resend?.(logged) ?? { values: {} };
	if (lost)
		throw fail('cannot-write', `The ${words.message} cannot be sent again exactly as it was: not with ${lost}.`);
	const verb = verbs.find((one) => one.id === id) ?? verbs[0];
	return {
		verb: verb?.id ?? '',
		target: verb?.target === 'none' ? '' : logged.target,
		values,
		payload: payload ?? logged.payload,
	};
}
