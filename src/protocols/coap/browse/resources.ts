import type { BrowseNode } from '../../../model/contracts/browse';
import type { Property } from '../../../model/contracts/session';
import { formatName } from '../../../model/text/content-formats';
import { attributeOf, type CoreLink } from '../../../model/text/link-format';
import { sortedByName } from '../../../model/text/natural-order';
import { peerText } from '../../shared/peer-text';
import { normal } from '../describe/target';

/** One level of the resources' tree. */
interface Place {
	path: string;
	name: string;
	link?: CoreLink;
	below: Map<string, Place>;
}

/** The resources that a server lists, as a tree by the segments of their paths. */
export interface Resources {
	readonly count: number;
	/** Undefined if there is no such node. */
	children(parent: string | undefined): BrowseNode[] | undefined;
	/** Targets of all resources, sorted. */
	readonly targets: string[];
}

/** Resources with more path segments are left out. */
const maxDepth = 64;

export function resourcesOf(links: readonly CoreLink[]): Resources {
	const places = new Map<string, Place>();
	const top: Place = { path: '', name: '', below: new Map() };
	const elsewhere: BrowseNode[] = [];
	const targets = new Set<string>();
	for (const link of links) {
		// A URI with a host is a resource of another server (RFC 6690, 2.1).
		if (!link.href.startsWith('/') || link.href.startsWith('//')) {
			elsewhere.push(outside(link, elsewhere.length));
			continue;
		}
		const segments = segmentsOf(link.href);
		if (segments.length > maxDepth) continue;
		let place = top;
		for (const name of segments) {
			const path = `${place.path}/${name}`;
			let next = place.below.get(name);
			if (!next) {
				next = { path, name, below: new Map() };
				place.below.set(name, next);
				places.set(path, next);
			}
			place = next;
		}
		place.link ??= link;
		targets.add(normal(link.href));
	}
	return {
		count: targets.size,
		targets: sortedByName([...targets], (target) => target),
		children(parent) {
			const place = parent === undefined ? top : places.get(parent);
			if (!place) return undefined;
			const nodes = sortedByName([...place.below.values()], ({ name }) => name).map(nodeOf);
			return parent === undefined ? [...nodes, ...elsewhere] : nodes;
		},
	};
}

/** The query belongs to the last segment, which may contain slashes because of it. */
function segmentsOf(href: string): string[] {
	const at = href.indexOf('?');
	const segments = (at < 0 ? href : href.slice(0, at)).slice(1).split('/');
	if (at >= 0) segments.push(`${segments.pop()}${href.slice(at)}`);
	return segments;
}

function nodeOf({ path, name, link, below }: Place): BrowseNode {
	const node = { id: path, name: name === '' ? '/' : peerText(name), expandable: below.size > 0 };
	if (!link) return { ...node, kind: 'path' };
	const target = normal(link.href);
	const observable = attributeOf(link, 'obs') !== undefined;
	return {
		...node,
		kind: observable ? 'observable' : 'resource',
		description: descriptionOf(link, observable),
		properties: propertiesOf(link),
		target,
		compose: { verb: 'get' },
		...(observable && { subscription: { target, mode: 'observe' } }),
	};
}

function outside(link: CoreLink, at: number): BrowseNode {
	return {
		...{ id: `elsewhere ${at}`, kind: 'elsewhere', name: peerText(link.href), expandable: false },
		...{ description: descriptionOf(link, false), properties: propertiesOf(link) },
	};
}

function descriptionOf(link: CoreLink, observable: boolean): string | undefined {
	const ct = attributeOf(link, 'ct');
	const count = ct?.trim().split(/\s+/).length ?? 0;
	// A row has no room for more than two.
	const parts = [attributeOf(link, 'title') ?? attributeOf(link, 'rt'), count > 2 ? `${count} formats` : formats(ct)];
	const shown = parts.filter((part) => part).map((part) => peerText(part ?? '', { most: 80 }));
	if (observable) shown.push('observable');
	return shown.join(' · ') || undefined;
}

function formats(ct: string | undefined): string | undefined {
	return ct
		?.split(/\s+/)
		.map((number) => (/^\d+$/.test(number) ? (formatName(Number(number))?.split(';')[0] ?? number) : number))
		.join(', ');
}

const labels: Record<string, string> = {
	rt: 'Resource type (rt)',
	if: 'Interface (if)',
	ct: 'Content formats (ct)',
	sz: 'Size (sz)',
	obs: 'Observable (obs)',
	title: 'Title',
	rel: 'Relation (rel)',
	anchor: 'Anchor',
	ep: 'Endpoint (ep)',
	d: 'Sector (d)',
};

function propertiesOf(link: CoreLink): Property[] {
	const properties: Property[] = [{ label: 'Resource', value: peerText(link.href) }];
	for (const [name, value] of link.attributes) {
		const label = Object.hasOwn(labels, name) ? (labels[name] ?? name) : peerText(name);
		const text = name === 'ct' ? `${formats(value)} (${value})` : name === 'sz' ? `${value} bytes` : value;
		properties.push({ label, value: value === undefined ? 'yes' : peerText(text ?? '') });
	}
	return properties;
}
