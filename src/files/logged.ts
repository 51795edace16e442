import type { Draft } from '../model/message';
import { direction } from '../model/message';
import type { ProtocolDescription } from '../protocols/description';
import { receivedValues } from './received';

/** A line of the log, as its engine tells it. */
export interface Logged {
	target: string;
	payload: Uint8Array;
	flags: number;
	meta?: unknown;
}

/** What would send this line of the log once more: as what it was sent, if the log says so. */
export function loggedDraft(description: ProtocolDescription, { target, payload, flags, meta }: Logged): Draft {
	const { verbs, again, columns } = description;
	const said = columns.map((column) => column.text(flags));
	const verb = verbs.find(({ label }) => said.includes(label)) ?? verbs.find(({ id }) => id === again) ?? verbs[0];
	// An answer of a server is had again by asking, and a question that only asks has no body.
	const asks = description.id === 'coap' && direction(flags) === 'in';
	return {
		verb: verb?.id ?? '',
		target: verb?.target === 'none' ? '' : target,
		values: asks ? {} : receivedValues(description, flags, meta, verb),
		payload: asks ? new Uint8Array() : payload,
	};
}
