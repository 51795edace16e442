import type { BrowseNode, BrowsePage } from '../../../model/contracts/browse';
import type { Property } from '../../../model/contracts/session';
import { sortedByName } from '../../../model/text/natural-order';
import { shortened } from '../../../model/text/text';
import { bareJid } from '../describe/jid';
import { automaticType } from '../describe/verbs';
import { attribute, type Element } from '../wire/xml';
import type { Contact, Presence } from './contacts';
import type { Info, Item } from './discovery';
import type { ContactRequest } from './requests';
import type { JoinedRoom, Occupant } from './rooms';

/** Content of a node's id: its kind, an address, and further names. */
export type Path = [kind: string, jid?: string, node?: string, item?: string];
export const nodeId = (...path: Path): string => JSON.stringify(path);
export const pathOf = (id: string): Path => JSON.parse(id) as Path;

export const page = (nodes: BrowseNode[], note?: string): BrowsePage => ({ total: nodes.length, nodes, note });
const property = (label: string, value: string | undefined): Property[] => (value ? [{ label, value }] : []);
const joined = (...parts: (string | false | undefined)[]) => parts.filter((part) => part).join(' · ');
const nameOf = ({ name, node, jid }: Pick<Item, 'jid' | 'node' | 'name'>): string => name ?? node ?? jid;
export const sortedItems = <T extends Pick<Item, 'jid' | 'node' | 'name'>>(items: T[]): T[] =>
	sortedByName(items, nameOf);

const folder = (kind: string, name: string): BrowseNode => ({
	id: nodeId(kind),
	kind: 'folder',
	name,
	expandable: true,
});

const requestCount = (count: number) => (count === 0 ? undefined : count === 1 ? '1 request' : `${count} requests`);

/** `requests`: number of unanswered contact requests. */
export const topNodes = (domain: string, requests: number): BrowseNode[] => [
	{ ...folder('contacts', 'Contacts'), kind: 'contacts', description: requestCount(requests) },
	folder('rooms', 'Rooms'),
	folder('pubsub', 'PubSub'),
	{ ...entityNode(domain), name: `Services of ${domain}` },
];

export function requestNode({ jid, text }: ContactRequest): BrowseNode {
	return {
		id: nodeId('request', jid),
		kind: 'request',
		name: jid,
		description: joined('wants to see your presence', text),
		expandable: false,
		target: jid,
		compose: { verb: 'message', values: { type: automaticType } },
	};
}

export function contactNode({ jid, name, subscription, groups, resources, listed, asked }: Contact): BrowseNode {
	const [first] = [...resources.values()].sort((a, b) => b.priority - a.priority);
	return {
		id: nodeId('contact', jid),
		kind: 'contact',
		name: name ?? jid,
		description: joined(name && jid, first?.show ?? 'offline', asked && 'requested'),
		properties: [
			...property('Address', jid),
			...property('Subscription', listed ? (subscription ?? 'none') : 'not in the contact list'),
			...property('Groups', groups.join(', ')),
			...property('Status', first?.status),
		],
		expandable: resources.size > 0,
		target: jid,
		compose: { verb: 'message', values: { type: automaticType } },
	};
}

export function resourceNode(jid: string, resource: string, { show, status, priority }: Presence): BrowseNode {
	return {
		id: nodeId('resource', jid, resource),
		kind: 'resource',
		name: resource || '(no resource)',
		description: joined(show, `priority ${priority}`, status),
		properties: [...property('Show', show), ...property('Status', status), ...property('Priority', String(priority))],
		expandable: false,
		target: resource ? `${jid}/${resource}` : jid,
		compose: { verb: 'message', values: { type: automaticType } },
	};
}

/** `inside`: nick and occupants of a room that the user is in. */
export function roomNode(jid: string, name?: string, inside?: JoinedRoom): BrowseNode {
	return {
		id: nodeId('room', jid),
		kind: inside ? 'joined' : 'room',
		name: name ?? jid,
		description: inside ? joined(`joined as ${inside.nick}`, `${inside.occupants.size} there`) : name && jid,
		properties: property('Address', jid),
		expandable: inside !== undefined,
		target: jid,
		compose: { verb: 'message', values: { type: automaticType } },
		...(!inside && { subscription: { target: jid, mode: 'room' }, modes: ['room'] }),
	};
}

export function occupantNode(room: string, nick: string, occupant: Occupant): BrowseNode {
	const { role, affiliation, show, status, jid } = occupant;
	return {
		id: nodeId('occupant', room, nick),
		kind: 'occupant',
		name: nick,
		description: joined(role, affiliation !== 'none' && affiliation, show),
		properties: [
			...property('Address', jid),
			...property('Role', role),
			...property('Affiliation', affiliation),
			...property('Status', status),
		],
		expandable: false,
		target: `${room}/${nick}`,
		compose: { verb: 'message', values: { type: automaticType } },
	};
}

export function entityNode(jid: string, node?: string, name?: string): BrowseNode {
	return {
		id: nodeId('entity', jid, node),
		kind: 'entity',
		name: name ?? node ?? jid,
		description: name ? (node ?? jid) : undefined,
		expandable: true,
		target: bareJid(jid),
		compose: { verb: 'iq', values: { type: 'get', preset: 'info', ...(node && { node }) } },
	};
}

/** Identities of an entity, and the folder of its features. */
export function infoNodes(jid: string, node: string | undefined, { identities, features, fields }: Info): BrowseNode[] {
	return [
		...identities.map(({ category, type, name }) => ({
			id: nodeId('identity', jid, node, `${category}/${type}/${name}`),
			kind: 'identity',
			name: `${category}/${type}`,
			description: name,
			properties: [...fields].flatMap(([label, value]) => property(label, value)),
			expandable: false,
		})),
		{
			id: nodeId('features', jid, node),
			kind: 'features',
			name: 'Features',
			description: String(features.length),
			expandable: features.length > 0,
		},
	];
}

export const featureNode = (jid: string, node: string | undefined, name: string): BrowseNode => ({
	id: nodeId('feature', jid, node, name),
	kind: 'feature',
	name,
	expandable: false,
});

export const serviceNode = (jid: string, description?: string, name = jid): BrowseNode => ({
	id: nodeId('service', jid),
	kind: 'service',
	name,
	description,
	expandable: true,
});

export function pubsubNode(service: string, node: string, name: string | undefined): BrowseNode {
	const target = `${service}/${node}`;
	return {
		id: nodeId('node', service, node),
		kind: 'node',
		name: node,
		description: name === node ? undefined : name,
		expandable: true,
		target,
		compose: { verb: 'publish' },
		subscription: { target, mode: 'pubsub' },
		modes: ['pubsub'],
	};
}

export function itemNode(service: string, node: string, item: Element): BrowseNode {
	const id = attribute(item, 'id');
	const [payload] = item.children;
	const text = payload?.text.trim();
	return {
		id: nodeId('item', service, node, id ?? ''),
		kind: 'item',
		name: id ?? '(no id)',
		description: payload && (text ? `${payload.name}: ${shortened(text, 60)}` : payload.name),
		properties: property('Publisher', attribute(item, 'publisher')),
		expandable: false,
		target: `${service}/${node}`,
		compose: { verb: 'publish', values: { itemId: id ?? '' } },
	};
}
