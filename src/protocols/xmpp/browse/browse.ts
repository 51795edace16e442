import type { BrowseNode, BrowsePage } from '../../../model/contracts/browse';
import type { Property } from '../../../model/contracts/session';
import { sortedByName } from '../../../model/text/natural-order';
import { shortened } from '../../../model/text/text';
import { bareJid } from '../describe/jid';
import type { Line } from '../wire/open-stream';
import { attribute, child, children, type Element } from '../wire/xml';
import type { Contact, Contacts } from './contacts';
import type { Discovery, Info, Item } from './discovery';
import type { Rooms } from './rooms';

/** What a node's id says: the kind, an address, and further names. */
export type Path = [kind: string, jid?: string, node?: string, item?: string];
export const nodeId = (...path: Path): string => JSON.stringify(path);
const nameOf = ({ name, node, jid }: Pick<Item, 'jid' | 'node' | 'name'>): string => name ?? node ?? jid;
export const pathOf = (id: string): Path => JSON.parse(id) as Path;

/** Items of a PubSub node that are listed; the newest, where the service agrees. */
const mostItems = 50;

export interface Browser {
	children(parent: string | undefined): Promise<BrowsePage>;
}

export interface BrowserOptions {
	line: Line;
	contacts: Contacts;
	rooms: Rooms;
	discovery: Discovery;
}

const page = (nodes: BrowseNode[], note?: string): BrowsePage => ({ total: nodes.length, nodes, note });
const property = (label: string, value: string | undefined): Property[] => (value ? [{ label, value }] : []);

export function createBrowser({ line, contacts, rooms, discovery }: BrowserOptions): Browser {
	function top(): BrowsePage {
		const folder = (kind: string, name: string): BrowseNode => ({
			id: nodeId(kind),
			kind: 'folder',
			name,
			expandable: true,
		});
		return page([
			folder('contacts', 'Contacts'),
			folder('rooms', 'Rooms'),
			folder('pubsub', 'PubSub'),
			{ ...entity(line.domain), name: `Services of ${line.domain}` },
		]);
	}

	function contact(one: Contact): BrowseNode {
		const { jid, name, subscription, groups, resources } = one;
		const shows = [...resources.values()].sort((a, b) => b.priority - a.priority);
		return {
			id: nodeId('contact', jid),
			kind: 'contact',
			name: name ?? jid,
			description: [name && jid, shows[0]?.show ?? 'offline', one.asked && 'asked'].filter((part) => part).join(' · '),
			properties: [
				...property('Address', jid),
				...property('Subscription', one.listed ? (subscription ?? 'none') : 'not in the contact list'),
				...property('Groups', groups.join(', ')),
				...property('Status', shows[0]?.status),
			],
			expandable: resources.size > 0,
			target: jid,
			compose: { verb: 'message', values: { type: 'chat' } },
		};
	}

	async function listContacts(): Promise<BrowsePage> {
		await contacts.load();
		const all = sortedByName(contacts.list(), nameOf);
		return page(all.map(contact));
	}

	function listResources(jid: string): BrowsePage {
		const found = [...(contacts.find(jid)?.resources ?? [])];
		return page(
			found.map(([resource, { show, status, priority }]) => ({
				id: nodeId('resource', jid, resource),
				kind: 'resource',
				name: resource || '(no resource)',
				description: [show, `priority ${priority}`, status].filter((part) => part).join(' · '),
				properties: [
					...property('Show', show),
					...property('Status', status),
					...property('Priority', String(priority)),
				],
				expandable: false,
				target: resource ? `${jid}/${resource}` : jid,
				compose: { verb: 'message', values: { type: 'chat' } },
			})),
		);
	}

	function room(jid: string, name: string | undefined, inside?: string): BrowseNode {
		return {
			id: nodeId('room', jid),
			kind: inside === undefined ? 'room' : 'joined',
			name: name ?? jid,
			description: inside ?? (name ? jid : undefined),
			properties: property('Address', jid),
			expandable: inside !== undefined,
			target: jid,
			compose: { verb: 'message', values: { type: 'groupchat' } },
			subscription: { target: jid, mode: 'room' },
			modes: ['room'],
		};
	}

	async function listRooms(): Promise<BrowsePage> {
		const ours = rooms.list();
		const joined = ours.map(({ jid, nick, occupants }) =>
			room(jid, undefined, `in as ${nick} · ${occupants.size} there`),
		);
		const services = await discovery.services('conference');
		const found = await Promise.all(services.map(({ jid }) => discovery.items(jid).catch(() => [])));
		const others = sortedByName(
			found.flat().filter(({ jid }) => !ours.some((one) => one.jid === jid)),
			nameOf,
		);
		const note = services.length === 0 ? `${line.domain} has no service for rooms.` : undefined;
		return page([...joined, ...others.map(({ jid, name }) => room(jid, name))], note);
	}

	function listOccupants(jid: string): BrowsePage {
		const found = rooms.list().find((one) => one.jid === jid);
		return page(
			sortedByName([...(found?.occupants ?? [])], ([nick]) => nick).map(
				([nick, { role, affiliation, show, status, jid: real }]) => ({
					id: nodeId('occupant', jid, nick),
					kind: 'occupant',
					name: nick,
					description: [role, affiliation !== 'none' && affiliation, show].filter((part) => part).join(' · '),
					properties: [
						...property('Address', real),
						...property('Role', role),
						...property('Affiliation', affiliation),
						...property('Status', status),
					],
					expandable: false,
					target: `${jid}/${nick}`,
					compose: { verb: 'message', values: { type: 'chat' } },
				}),
			),
		);
	}

	function entity(jid: string, node?: string, name?: string): BrowseNode {
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

	async function listEntity(jid: string, node?: string): Promise<BrowsePage> {
		const info = await discovery.info(jid, node);
		const items = await discovery.items(jid, node).catch(() => []);
		const identities = info.identities.map(
			({ category, type, name }): BrowseNode => ({
				id: nodeId('identity', jid, node, `${category}/${type}/${name}`),
				kind: 'identity',
				name: `${category}/${type}`,
				description: name,
				properties: [...info.fields].flatMap(([label, value]) => property(label, value)),
				expandable: false,
			}),
		);
		const features: BrowseNode = {
			id: nodeId('features', jid, node),
			kind: 'features',
			name: 'Features',
			description: String(info.features.length),
			expandable: info.features.length > 0,
		};
		return page([
			...identities,
			features,
			...sortedByName(items, nameOf).map((one) => entity(one.jid, one.node, one.name)),
		]);
	}

	async function listFeatures(jid: string, node?: string): Promise<BrowsePage> {
		const { features }: Info = await discovery.info(jid, node);
		return page(
			sortedByName([...new Set(features)], (name) => name).map((name) => ({
				id: nodeId('feature', jid, node, name),
				kind: 'feature',
				name,
				expandable: false,
			})),
		);
	}

	async function listServices(): Promise<BrowsePage> {
		const services = await discovery.services('pubsub');
		const own: BrowseNode = { ...service(line.account), name: 'Own nodes (PEP)', description: line.account };
		return page([...services.map(({ jid, name }) => ({ ...service(jid), description: name })), own]);
	}

	const service = (jid: string): BrowseNode => ({
		id: nodeId('service', jid),
		kind: 'service',
		name: jid,
		expandable: true,
	});

	async function listNodes(jid: string, parent?: string): Promise<BrowsePage> {
		const items = await discovery.items(jid, parent);
		return page(
			sortedByName(items, nameOf).flatMap(({ node, name }): BrowseNode[] =>
				node === undefined
					? []
					: [
							{
								id: nodeId('node', jid, node),
								kind: 'node',
								name: node,
								description: name === node ? undefined : name,
								expandable: true,
								target: `${jid}/${node}`,
								compose: { verb: 'publish' },
								subscription: { target: `${jid}/${node}`, mode: 'pubsub' },
								modes: ['pubsub'],
							},
						],
			),
		);
	}

	async function listItems(jid: string, node: string): Promise<BrowsePage> {
		const { element } = await discovery.published(jid, node, mostItems);
		const items = children(child(child(element, 'pubsub'), 'items'), 'item');
		return page(
			items.map((item) => ({
				id: nodeId('item', jid, node, attribute(item, 'id') ?? ''),
				kind: 'item',
				name: attribute(item, 'id') ?? '(no id)',
				description: brief(item.children[0]),
				properties: property('Publisher', attribute(item, 'publisher')),
				expandable: false,
				target: `${jid}/${node}`,
				compose: { verb: 'publish', values: { itemId: attribute(item, 'id') ?? '' } },
			})),
		);
	}

	const brief = (payload: Element | undefined) =>
		payload && `${payload.name}${payload.text.trim() ? `: ${shortened(payload.text.trim(), 60)}` : ''}`;

	return {
		async children(parent) {
			if (parent === undefined) return top();
			const [kind, jid = '', node] = pathOf(parent);
			switch (kind) {
				case 'contacts':
					return listContacts();
				case 'contact':
					return listResources(jid);
				case 'rooms':
					return listRooms();
				case 'room':
					return listOccupants(jid);
				case 'entity':
					return listEntity(jid, node ?? undefined);
				case 'features':
					return listFeatures(jid, node ?? undefined);
				case 'pubsub':
					return listServices();
				case 'service':
					return listNodes(jid);
				case 'node':
					return listItems(jid, node ?? '');
				default:
					return page([]);
			}
		},
	};
}
