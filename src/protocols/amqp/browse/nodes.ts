import type { BrowseNode } from '../../../model/contracts/browse';
import type { Property } from '../../../model/contracts/session';
import { peerText } from '../../shared/peer-text';
import { exchangeTarget, queueTarget } from '../describe/addresses';
import { type Binding, deadLettersOf, type Exchange, type Queue } from './topology';

const shown = (name: string) => peerText(name, { most: 255 });
export const n = (value: number) => value.toLocaleString('en');

type Shown = string | number | boolean | undefined;

function inWords(value: Exclude<Shown, undefined>): string {
	if (typeof value === 'boolean') return value ? 'yes' : 'no';
	return typeof value === 'number' ? n(value) : peerText(value);
}

function properties(...pairs: [string, Shown][]): Property[] {
	return pairs.flatMap(([label, value]) =>
		value === undefined || value === '' ? [] : [{ label, value: inWords(value) }],
	);
}

function fromArguments(terms: Record<string, unknown> | undefined): Property[] {
	return Object.entries(terms ?? {})
		.slice(0, 50)
		.map(([label, value]) => ({
			label: shown(label),
			value: peerText(typeof value === 'string' ? value : (JSON.stringify(value) ?? '')),
			group: 'Arguments',
		}));
}

export function exchangeNode(exchange: Exchange, managed: boolean): BrowseNode {
	const { name, type, problem } = exchange;
	const isDefault = name === '';
	return {
		id: `exchange:${name}`,
		kind: 'exchange',
		name: isDefault ? '(default)' : shown(name),
		description: problem ?? [type, exchange.internal && 'internal'].filter((part) => part).join(', '),
		...(problem !== undefined && { bad: true }),
		properties: [
			...properties(
				['Problem', problem],
				['Type', type],
				['Durable', exchange.durable],
				['Auto-delete', exchange.autoDelete],
				['Internal (clients cannot publish to it)', exchange.internal],
			),
			...fromArguments(exchange.arguments),
		],
		expandable: managed && !isDefault,
		target: exchangeTarget(name),
		compose: { verb: 'publish' },
		...(isDefault
			? { modes: [] }
			: {
					modes: ['tap'],
					subscription: {
						target: exchangeTarget(name, type === 'direct' ? '' : type === 'fanout' ? undefined : '#'),
						mode: 'tap',
					},
				}),
	};
}

export function queueNode(queue: Queue, managed: boolean, tap = false): BrowseNode {
	const { name, ready, unacknowledged, consumers, state, problem } = queue;
	const isStream = queue.type === 'stream';
	const counts = [
		tap && 'tap of this connection',
		ready !== undefined && `${n(ready)} ready`,
		unacknowledged ? `${n(unacknowledged)} unacknowledged` : false,
		consumers !== undefined && `${n(consumers)} ${consumers === 1 ? 'consumer' : 'consumers'}`,
		state !== undefined && state !== 'running' && state !== 'idle' && shown(state),
		!tap && queue.type !== undefined && shown(queue.type),
	];
	return {
		id: `queue:${name}`,
		kind: tap ? 'tap' : isStream ? 'stream' : 'queue',
		name: shown(name),
		description: problem ?? counts.filter((part) => part).join(' · '),
		...((problem !== undefined || state === 'down' || state === 'crashed' || state === 'minority') && { bad: true }),
		properties: [
			...properties(
				['Problem', problem],
				['Type', queue.type],
				['State', state],
				['Ready', ready],
				['Unacknowledged', unacknowledged],
				['Consumers', consumers],
				['Durable', queue.durable],
				['Exclusive', queue.exclusive],
				['Auto-delete', queue.autoDelete],
				['Policy', queue.policy],
				['Dead letters', deadLetters(queue)],
				['Node', queue.node],
			),
			...fromArguments(queue.arguments),
		],
		expandable: managed,
		...(tap
			? { modes: [] }
			: {
					target: queueTarget(name),
					compose: { verb: 'queue' },
					subscription: { target: queueTarget(name) },
					modes: [isStream ? 'stream' : 'consume'],
				}),
	};
}

function deadLetters(queue: Queue): string | undefined {
	const route = deadLettersOf(queue);
	if (!route) return undefined;
	const { exchange, key } = route;
	return `to ${exchange === '' ? 'the default exchange' : `exchange ${exchange}`}${key === undefined ? '' : `, key ${key}`}`;
}

/** The contents of the id of a binding's node. */
export interface BindingName extends Pick<Binding, 'source' | 'to' | 'destination' | 'key' | 'id'> {
	/** The binding has arguments. */
	hasTerms: boolean;
}

export function bindingName(node: string | undefined): BindingName | undefined {
	if (!node?.startsWith('binding:')) return undefined;
	try {
		const [, , source, to, destination, key, terms, id] = JSON.parse(node.slice('binding:'.length)) as unknown[];
		if (typeof source !== 'string' || typeof destination !== 'string' || typeof key !== 'string') return undefined;
		if (to !== 'queue' && to !== 'exchange') return undefined;
		return { source, to, destination, key, hasTerms: terms !== 0, ...(typeof id === 'string' && { id }) };
	} catch {
		return undefined;
	}
}

/** A binding, seen from one of its ends. */
export function bindingNode(binding: Binding, from: 'queue' | 'exchange', name: string): BrowseNode {
	const { source, destination, to, key } = binding;
	const outgoing = from === 'exchange' && source === name;
	const other = outgoing
		? `${to} ${shown(destination)}`
		: source === ''
			? 'the default exchange'
			: `exchange ${shown(source)}`;
	return {
		id: `binding:${JSON.stringify([from, name, source, to, destination, key, Object.keys(binding.arguments).length, binding.id])}`,
		kind: 'binding',
		name: `${outgoing ? '→' : '←'} ${other}`,
		description: key === '' ? 'no key' : `key ${shown(key)}`,
		properties: [
			...properties(
				['From exchange', source === '' ? '(default)' : source],
				['To', `${to} ${destination}`],
				['Key', key],
			),
			...fromArguments(binding.arguments),
		],
		expandable: false,
		...(source !== '' && {
			target: exchangeTarget(source, key),
			compose: { verb: 'publish' },
			subscription: { target: exchangeTarget(source, key), mode: 'tap' },
			modes: ['tap'],
		}),
		...(source === '' && { modes: [] }),
	};
}
