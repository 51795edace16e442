import type { Line } from '../wire/open-stream';
import { attribute, child, children, type Element, namespaces, xml } from '../wire/xml';

/** What an entity is and can (XEP-0030). */
export interface Info {
	identities: { category: string; type: string; name?: string }[];
	features: string[];
	/** Of its extended information (XEP-0128), by the name of the field: occupants of a room, a node's title. */
	fields: Map<string, string>;
}

export interface Item {
	jid: string;
	node?: string;
	name?: string;
}

/** Shown again and again while something changes elsewhere: not every time worth a question. Milliseconds. */
const freshFor = 3000;
const mostServices = 50;

export interface Discovery {
	info(jid: string, node?: string): Promise<Info>;
	items(jid: string, node?: string): Promise<Item[]>;
	/** The server's own services whose identity is of this category. */
	services(category: string): Promise<{ jid: string; name?: string }[]>;
	/** Of PubSub: the ids and texts of a node's latest items. */
	published(service: string, node: string, most: number): Promise<{ element: Element; seq: number }>;
	/** What was told before does not hold any more. */
	forget(): void;
}

export function createDiscovery(line: Line): Discovery {
	const known = new Map<string, { at: number; answer: Promise<unknown> }>();

	function once<T>(key: string, ask: () => Promise<T>): Promise<T> {
		const now = performance.now();
		for (const [name, { at }] of known) if (now - at > freshFor) known.delete(name);
		const found = known.get(key);
		if (found) return found.answer as Promise<T>;
		const answer = ask();
		known.set(key, { at: now, answer });
		answer.catch(() => known.delete(key));
		return answer;
	}

	async function askInfo(to: string, node?: string): Promise<Info> {
		const content = xml('query', { xmlns: namespaces.info, node });
		const { element } = await line.ask({ to, content, what: `${to} did not tell what it is` });
		const query = child(element, 'query');
		const fields = new Map<string, string>();
		for (const form of children(query, 'x'))
			for (const field of children(form, 'field'))
				fields.set(
					attribute(field, 'var') ?? '',
					children(field, 'value')
						.map(({ text }) => text)
						.join(', '),
				);
		return {
			identities: children(query, 'identity').map((one) => ({
				category: attribute(one, 'category') ?? '',
				type: attribute(one, 'type') ?? '',
				name: attribute(one, 'name'),
			})),
			features: children(query, 'feature').map((one) => attribute(one, 'var') ?? ''),
			fields,
		};
	}

	async function askItems(to: string, node?: string): Promise<Item[]> {
		const content = xml('query', { xmlns: namespaces.items, node });
		const { element } = await line.ask({ to, content, what: `${to} did not list what it has` });
		return children(child(element, 'query'), 'item').map((one) => ({
			jid: attribute(one, 'jid') ?? to,
			node: attribute(one, 'node'),
			name: attribute(one, 'name'),
		}));
	}

	const info = (jid: string, node?: string) => once(JSON.stringify(['info', jid, node]), () => askInfo(jid, node));
	const items = (jid: string, node?: string) => once(JSON.stringify(['items', jid, node]), () => askItems(jid, node));

	return {
		info,
		items,
		async services(category) {
			const all = (await items(line.domain)).slice(0, mostServices);
			const told = await Promise.all(all.map(({ jid, node }) => info(jid, node).catch(() => undefined)));
			return all.filter((_, at) => told[at]?.identities.some((one) => one.category === category));
		},
		published(service, node, most) {
			const asked = xml('items', { node, max_items: String(most) });
			const content = xml('pubsub', { xmlns: namespaces.pubsub }, asked);
			return once(JSON.stringify(['published', service, node, most]), () =>
				line.ask({ to: service, content, what: `The items of ${node} were not told` }),
			);
		},
		forget: () => known.clear(),
	};
}
