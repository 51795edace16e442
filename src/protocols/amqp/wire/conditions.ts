import { sentence } from '../../../base/sentence';
import { peerText } from '../../shared/peer-text';

const quoted = (text: string) => `"${peerText(text, { most: 100 })}"`;

/** RabbitMQ's names for the properties of a declaration, in the words of the form. */
const properties: Record<string, string> = {
	durable: 'durable',
	auto_delete: 'deleted automatically',
	exclusive: 'exclusive',
	internal: 'internal',
	type: 'type',
	'x-queue-type': 'type (x-queue-type)',
};

const forbidden: Record<string, string> = {
	'non-durable': 'must be durable',
	'exclusive-owner': 'cannot be for one connection only',
	exclusive: 'cannot be for one connection only',
	'auto-delete': 'cannot be deleted automatically',
};

/** Reasons for which RabbitMQ shows an Erlang term. */
const wrong: Record<string, string> = {
	routing_key_but_no_dlx_defined: 'a dead-letter routing key needs a dead-letter exchange',
	invalid_overflow: 'this overflow behavior is unknown',
};

/**
 * RabbitMQ's reason for a failed precondition (406) as a sentence; undefined where it is not about a declaration. Its
 * texts have been the same since RabbitMQ 3.0.
 */
export function conditionInWords(text: string): string | undefined {
	const [, differing, kind, name, rest] =
		/inequivalent arg '([^']*)' for (queue|exchange) '([\s\S]*)' in vhost '[\s\S]*': received ([\s\S]*)$/.exec(text) ??
		[];
	if (differing !== undefined && kind && name !== undefined && rest !== undefined) {
		const [received = '', current = ''] = rest.split(' but current is ');
		const what = properties[differing] ?? differing;
		return `There is ${kind === 'queue' ? 'a' : 'an'} ${kind} ${quoted(name)} already, and it differs: ${what} is ${value(current, 'not set')} there, and ${value(received, 'none')} was asked for.`;
	}
	const [, property, ofWhat, whose] =
		/invalid property '([^']*)' for (queue|exchange) '([\s\S]*)' in vhost/.exec(text) ?? [];
	if (property !== undefined && ofWhat && whose !== undefined)
		return `A ${ofWhat} of this type ${forbidden[property] ?? `cannot be ${quoted(property)}`}, so ${quoted(whose)} was not declared.`;
	const [, argument, , , reason = ''] =
		/invalid arg '([^']*)' for (queue|exchange) '([\s\S]*)' in vhost '[^']*'(?:: ([\s\S]*)| of queue type [\s\S]*)$/.exec(
			text,
		) ?? [];
	if (argument === undefined) return undefined;
	if (/of queue type/.test(text)) return `Queues of this type do not take the argument ${quoted(argument)}.`;
	const explained = wrong[reason] ?? peerText(reason.replace(/^"|"$/g, ''), { most: 120 });
	return sentence(`The argument ${quoted(argument)} is invalid: ${explained}`);
}

/** Reads "the value '1000' of type 'long'", "'true'" or "none". */
function value(text: string, none: string): string {
	const [, quotedValue] = /'([\s\S]*?)'(?: of type '[^']*')?$/.exec(text) ?? [];
	if (quotedValue === undefined) return none;
	if (quotedValue === 'true') return 'yes';
	if (quotedValue === 'false') return 'no';
	return quoted(quotedValue);
}
