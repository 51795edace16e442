import type { BrowsePage } from '../../../model/contracts/browse';
import { sortedByName } from '../../../model/text/natural-order';
import type { OpenStream } from '../wire/open-stream';
import { child, children } from '../wire/xml';
import type { Contacts } from './contacts';
import type { Discovery } from './discovery';
import * as nodes from './nodes';
import { page, sortedItems } from './nodes';
import type { ContactRequests } from './requests';
import type { Rooms } from './rooms';

/** Maximum number of listed items of a PubSub node: the newest, where the service agrees. */
const maxItems = 50;

export interface Browser {
	children(parent: string | undefined): Promise<BrowsePage>;
}

export interface BrowserOptions {
	stream: OpenStream;
	contacts: Contacts;
	requests: ContactRequests;
	rooms: Rooms;
	discovery: Discovery;
}

/** Kinds of nodes that can be expanded, as they stand in the path of a node's id. */
type Expandable = 'contacts' | 'contact' | 'rooms' | 'room' | 'entity' | 'features' | 'pubsub' | 'service' | 'node';

/** Lists contacts, rooms, services and PubSub nodes as the tree beside the log. */
export function createBrowser({ stream, contacts, requests, rooms, discovery }: BrowserOptions): Browser {
	const lists: Record<Expandable, (jid: string, node?: string) => BrowsePage | Promise<BrowsePage>> = {
		async contacts() {
			await contacts.load();
			return page([...requests.list().map(nodes.requestNode), ...sortedItems(contacts.list()).map(nodes.contactNode)]);
		},
		contact(jid) {
			const resources = [...(contacts.find(jid)?.resources ?? [])];
			return page(resources.map(([resource, presence]) => nodes.resourceNode(jid, resource, presence)));
		},
		async rooms() {
			const joined = rooms.list();
			const services = await discovery.services('conference');
			const found = await Promise.all(services.map(({ jid }) => discovery.items(jid).catch(() => [])));
			const others = found.flat().filter(({ jid }) => !joined.some((room) => room.jid === jid));
			const note = services.length === 0 ? `${stream.domain} has no service for rooms.` : undefined;
			return page(
				[
					...joined.map((room) => nodes.roomNode(room.jid, undefined, room)),
					...sortedItems(others).map(({ jid, name }) => nodes.roomNode(jid, name)),
				],
				note,
			);
		},
		room(jid) {
			const occupants = rooms.list().find((room) => room.jid === jid)?.occupants ?? [];
			return page(
				sortedByName([...occupants], ([nick]) => nick).map(([nick, occupant]) =>
					nodes.occupantNode(jid, nick, occupant),
				),
			);
		},
		async entity(jid, node) {
			const info = await discovery.info(jid, node);
			const items = await discovery.items(jid, node).catch(() => []);
			return page([
				...nodes.infoNodes(jid, node, info),
				...sortedItems(items).map((item) => nodes.entityNode(item.jid, item.node, item.name)),
			]);
		},
		async features(jid, node) {
			const { features } = await discovery.info(jid, node);
			const names = sortedByName([...new Set(features)], (name) => name);
			return page(names.map((name) => nodes.featureNode(jid, node, name)));
		},
		async pubsub() {
			const services = await discovery.services('pubsub');
			return page([
				...services.map(({ jid, name }) => nodes.serviceNode(jid, name)),
				nodes.serviceNode(stream.account, stream.account, 'Own nodes (PEP)'),
			]);
		},
		async service(jid) {
			const items = sortedItems(await discovery.items(jid));
			return page(items.flatMap(({ node, name }) => (node === undefined ? [] : [nodes.pubsubNode(jid, node, name)])));
		},
		async node(jid, node = '') {
			const { element } = await discovery.published(jid, node, maxItems);
			const items = children(child(child(element, 'pubsub'), 'items'), 'item');
			return page(items.map((item) => nodes.itemNode(jid, node, item)));
		},
	};

	return {
		async children(parent) {
			if (parent === undefined) return page(nodes.topNodes(stream.domain, requests.list().length));
			const [kind, jid = '', node] = nodes.pathOf(parent);
			// JSON has no undefined: a missing node is null in the id.
			return Object.hasOwn(lists, kind) ? lists[kind as Expandable](jid, node ?? undefined) : page([]);
		},
	};
}
