import { fail } from '../../base/failure';
import type { Draft } from '../../model/contracts/message';
import { direction } from '../../model/contracts/message';
import type { Logged, ProtocolDescription } from '../../protocols/description';
import { receivedValues } from '../run/received';

/**
 * What would send this line of the log once more: as what it was sent, if the log says so. Throws `cannot-write` with a
 * sentence that names what of the message no field can hold.
 */
export function loggedDraft(description: ProtocolDescription, logged: Logged): Draft {
	const { verbs, again, columns, resend } = description;
	const { target, payload, flags, meta } = logged;
	const said = columns.map((column) => column.text(flags));
	const verb = verbs.find(({ label }) => said.includes(label)) ?? verbs.find(({ id }) => id === again) ?? verbs[0];
	// An answer of a server is had again by asking, and a question that only asks has no body.
	const asks = description.id === 'coap' && direction(flags) === 'in';
	const { values, lost } = resend?.(logged) ?? { values: receivedValues(description, flags, meta, verb) };
	if (lost)
		throw fail(
			'cannot-write',
			`The ${description.words.message} cannot be sent again exactly as it was: not with ${lost}.`,
		);
	return {
		verb: verb?.id ?? '',
		target: verb?.target === 'none' ? '' : target,
		values,
		payload: asks ? new Uint8Array() : payload,
	};
}
