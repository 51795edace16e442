import type { Answer, OpenStream } from '../wire/open-stream';
import { attribute, child, children, namespaces, xml } from '../wire/xml';

/** Identities and features of an entity (XEP-0030). */
export interface Info {
	identities: { category: string; type: string; name?: string }[];
	features: string[];
	/** Extended information (XEP-0128) by field name, such as the occupants of a room or the title of a node. */
	fields: Map<string, string>;
}

export interface Item {
	jid: string;
	node?: string;
	name?: string;
}

/** An answer is reused for this long: the tree is drawn again with every change elsewhere. Milliseconds. */
const freshFor = 3000;
const maxServices = 50;

export interface Discovery {
	info(jid: string, node?: string): Promise<Info>;
	items(jid: string, node?: string): Promise<Item[]>;
	/** The server's own services that have an identity of this category. */
	services(category: string): Promise<{ jid: string; name?: string }[]>;
	/** The latest items of a PubSub node, at most `max`. `logged`: requested anew, for the log. */
	published(service: string, node: string, max: number, logged?: 'logged'): Promise<Answer>;
	/** Drops all cached answers. */
	forget(): void;
}

export function createDiscovery(stream: OpenStream): Discovery {
	const cache = new Map<string, { at: number; answer: Promise<unknown> }>();

	function cached<T>(key: string, request: () => Promise<T>): Promise<T> {
		const now = performance.now();
		for (const [name, { at }] of cache) if (now - at > freshFor) cache.delete(name);
		const found = cache.get(key);
		if (found) return found.answer as Promise<T>;
		const answer = request();
		cache.set(key, { at: now, answer });
		answer.catch(() => cache.delete(key));
		return answer;
	}

	async function requestInfo(to: string, node?: string): Promise<Info> {
		const content = xml('query', { xmlns: namespaces.info, node });
		const { element } = await stream.ask({ to, content, refused: `${to} did not describe itself`, browsing: true });
		const query = child(element, 'query');
		const fields = new Map<string, string>();
		for (const form of children(query, 'x'))
			for (const field of children(form, 'field')) {
				const values = children(field, 'value').map(({ text }) => text);
				fields.set(attribute(field, 'var') ?? '', values.join(', '));
			}
		return {
			identities: children(query, 'identity').map((identity) => ({
				category: attribute(identity, 'category') ?? '',
				type: attribute(identity, 'type') ?? '',
				name: attribute(identity, 'name'),
			})),
			features: children(query, 'feature').map((feature) => attribute(feature, 'var') ?? ''),
			fields,
		};
	}

	async function requestItems(to: string, node?: string): Promise<Item[]> {
		const content = xml('query', { xmlns: namespaces.items, node });
		const { element } = await stream.ask({ to, content, refused: `${to} did not list its items`, browsing: true });
		return children(child(element, 'query'), 'item').map((item) => ({
			jid: attribute(item, 'jid') ?? to,
			node: attribute(item, 'node'),
			name: attribute(item, 'name'),
		}));
	}

	const info = (jid: string, node?: string) =>
		cached(JSON.stringify(['info', jid, node]), () => requestInfo(jid, node));
	const items = (jid: string, node?: string) =>
		cached(JSON.stringify(['items', jid, node]), () => requestItems(jid, node));

	return {
		info,
		items,
		async services(category) {
			const all = (await items(stream.domain)).slice(0, maxServices);
			const infos = await Promise.all(all.map(({ jid, node }) => info(jid, node).catch(() => undefined)));
			return all.filter((_, at) => infos[at]?.identities.some((identity) => identity.category === category));
		},
		published(service, node, max, logged) {
			const request = xml('items', { node, max_items: String(max) });
			const content = xml('pubsub', { xmlns: namespaces.pubsub }, request);
			const refused = `The service did not send the items of ${node}`;
			if (logged) return stream.ask({ to: service, content, refused });
			return cached(JSON.stringify(['published', service, node, max]), () =>
				stream.ask({ to: service, content, refused, browsing: true }),
			);
		},
		forget: () => cache.clear(),
	};
}
