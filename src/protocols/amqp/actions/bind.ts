import { FailureError, fail } from '../../../base/failure';
import type { ActResult } from '../../../model/contracts/browse';
import type { Act } from '../../adapter';
import type { NodeName } from '../browse/browse';
import { bindingName } from '../browse/nodes';
import type { Topology } from '../browse/topology';
import { checkAny, parseAddress, tooLong } from '../describe/addresses';
import { callOnce, exchangeBind, exchangeUnbind, queueBind, queueUnbind } from '../wire/calls';
import type { Connection } from '../wire/connection';
import type { Table } from '../wire/table';
import { pairsOf } from './declare';

interface Ends {
	source: string;
	to: NodeName['kind'];
	destination: string;
	key: string;
	terms: Table;
}

/** Accepts a name such as "orders", or an address: "exchange/orders", "exchange/orders/eu.#" with the key. */
function sourceOf({ values }: Act): { source: string; key: string } {
	const text = String(values.exchange ?? '').trim();
	if (text === '') throw fail('bad-target', 'Enter an exchange.', { field: 'exchange' });
	const address = parseAddress(text);
	if (address?.kind === 'queue')
		throw fail('bad-target', 'Messages come from an exchange: a queue cannot be bound to a queue.', {
			field: 'exchange',
		});
	const key = typeof values.key === 'string' ? values.key : '';
	if (address?.kind !== 'exchange') return { source: text, key };
	return { source: address.exchange, key: key === '' ? address.key : key };
}

/** The ends of the binding: the node of the action is the destination, or with "bind-here" the source. */
function endsOf(act: Act, node: NodeName): Ends {
	const terms = pairsOf(act.values);
	if (act.action !== 'bind-here') return { ...sourceOf(act), to: node.kind, destination: node.name, terms };
	const target = String(act.values.target ?? '').trim();
	const wrong = checkAny(target);
	const address = parseAddress(target);
	if (wrong || !address) throw fail('bad-target', wrong ?? 'Enter a queue or an exchange.', { field: 'target' });
	const key = typeof act.values.key === 'string' ? act.values.key : '';
	return address.kind === 'queue'
		? { source: node.name, to: 'queue', destination: address.queue, key, terms }
		: {
				source: node.name,
				to: 'exchange',
				destination: address.kind === 'exchange' ? address.exchange : '',
				key,
				terms,
			};
}

const inWords = ({ to, destination, source }: Pick<Ends, 'to' | 'destination' | 'source'>) =>
	[`the ${to} "${destination}"`, `the exchange "${source}"`] as const;
const keyInWords = (key: string) => (key === '' ? 'without a key' : `with the key "${key}"`);

/** Where both ends are exchanges, the exchange in the refusal shows which permission is missing. */
function whichEnd({ to, source, destination }: Ends, error: unknown): never {
	if (to === 'queue' || !(error instanceof FailureError) || error.failure.code !== 'access-refused') throw error;
	const about = /exchange '([^']*)'/.exec(error.failure.evidence ?? '')?.[1];
	if (source === destination || (about !== source && about !== destination)) throw error;
	const message = error.failure.message.replace('no read or write', about === source ? 'no read' : 'no write');
	throw new FailureError({ ...error.failure, message });
}

/** Sends the request for a binding or its end, and returns the ends in words. */
async function send(connection: Connection, ends: Ends, [forQueue, forExchange]: readonly [Request, Request]) {
	if ([ends.source, ends.destination, ends.key].some(tooLong))
		throw fail('bad-target', 'Names and routing keys must not exceed 255 bytes.');
	const { source, to, destination, key, terms } = ends;
	const request = to === 'queue' ? forQueue : forExchange;
	await callOnce(connection, request(destination, source, key, terms)).catch((error) => whichEnd(ends, error));
	return inWords(ends);
}

type Request = typeof queueBind;
const binds = [queueBind, exchangeBind] as const;
const unbinds = [queueUnbind, exchangeUnbind] as const;

export async function bind(connection: Connection, act: Act, node: NodeName): Promise<ActResult> {
	const ends = endsOf(act, node);
	const [one, other] = await send(connection, ends, binds);
	return { text: `Bound ${one} to ${other} ${keyInWords(ends.key)}.` };
}

export async function unbindFrom(connection: Connection, act: Act, node: NodeName): Promise<ActResult> {
	const ends = endsOf(act, node);
	const [one, other] = await send(connection, ends, unbinds);
	// The server answers alike where there was no binding.
	return {
		text: `There is no longer a binding of ${one} to ${other} ${keyInWords(ends.key)}${ends.terms.length > 0 ? ' and these arguments' : ''}.`,
	};
}

/** Deletes a binding that is a node of the tree. */
export async function unbind(
	connection: Connection,
	topology: Topology | undefined,
	node: string | undefined,
): Promise<ActResult> {
	const binding = bindingName(node);
	if (!binding) throw fail('bad-node', 'This action needs a binding.');
	const { source, key } = binding;
	const [one, other] = inWords(binding);
	if (source === '')
		throw fail(
			'not-allowed',
			'Every queue is bound to the default exchange by its name; this binding cannot be deleted.',
		);
	if (!binding.hasTerms) await send(connection, { ...binding, terms: [] }, unbinds);
	else {
		// Only the server knows the types of its arguments.
		if (!topology || binding.id === undefined)
			throw fail(
				'no-management',
				'A binding with arguments is deleted through the management API, which this connection does not use.',
			);
		await topology.deleteBinding({ ...binding, id: binding.id });
	}
	return {
		text: `Unbound ${one} from ${other}: the binding ${keyInWords(key)}${binding.hasTerms ? ' and its arguments' : ''} was deleted.`,
	};
}
