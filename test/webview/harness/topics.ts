import type { Row } from '../../../src/model/contracts/message';
import type { TreePage, TreeQuery, TreeRow } from '../../../src/model/contracts/topic';
import { start } from './store';

interface Node {
	id: number;
	name: string;
	path: string;
	depth: number;
	children: Node[];
	messages: number;
	/** The message that arrived last; those of the topics from the start are derived from their number. */
	last?: Row;
}

/** A tree with the given number of topics, a thousand in each branch, and further ones that are added by path. */
export class Topics {
	private readonly top: Node[] = [];
	private readonly byId = new Map<number, Node>();
	topics = 0;

	constructor(count: number) {
		for (let at = 0; at < count; at++)
			this.add(`plant-${String(Math.floor(at / 1000)).padStart(2, '0')}/dev-${String(at % 1000).padStart(3, '0')}`);
	}

	add(path: string, last?: Row): void {
		let level = this.top;
		let node: Node | undefined;
		const names = path.split('/');
		names.forEach((name, depth) => {
			node = level.at(-1)?.name === name ? level.at(-1) : level.find((one) => one.name === name);
			if (!node) {
				node = {
					id: this.byId.size + 1,
					name,
					path: names.slice(0, depth + 1).join('/'),
					depth,
					children: [],
					messages: 0,
				};
				this.byId.set(node.id, node);
				level.push(node);
			}
			level = node.children;
		});
		if (node && node.messages++ === 0) this.topics++;
		if (node && last) node.last = last;
	}

	private row(node: Node, expanded: boolean, above: Node[] = [], depth = node.depth): TreeRow {
		const leaf = node.messages > 0;
		return {
			id: node.id,
			depth,
			name: node.name,
			path: node.path,
			...(above.length > 0 ? { above: above.map(({ id, name, path }) => ({ id, name, path })) } : {}),
			messages: node.messages,
			total: node.messages + node.children.length,
			below: node.children.length,
			rate: node.id % 3,
			...(leaf
				? {
						time: start + node.id,
						seq: node.id % 1000,
						preview: `{"seq":${node.id}}`,
						flags: node.id % 5 === 0 ? 0xffff00 : 0,
						...(node.last ? { seq: node.last.seq, time: node.last.time, preview: node.last.preview } : {}),
					}
				: {}),
			expandable: node.children.length > 0,
			expanded,
		};
	}

	tree({ expanded, filter, compact, offset, count, pinned }: TreeQuery): TreePage {
		const open = new Set(expanded);
		const fits = (path: string): boolean => {
			if (!filter) return true;
			if (filter.kind === 'text') return path.includes(filter.value);
			return new RegExp(`^${filter.value.replace(/\+/g, '[^/]+').replace(/\/?#$/, '.*')}$`).test(path);
		};
		let matches = 0;
		const shown = new Set<Node>();
		const test = (nodes: Node[]): boolean => {
			let any = false;
			for (const node of nodes) {
				const below = test(node.children);
				const own = node.messages > 0 && fits(node.path);
				if (own) matches++;
				if (!own && !below) continue;
				shown.add(node);
				any = true;
			}
			return any;
		};
		if (filter) test(this.top);
		const visible = (nodes: Node[]) => (filter ? nodes.filter((node) => shown.has(node)) : nodes);
		const rows: [Node, boolean, Node[], number][] = [];
		const walk = (nodes: Node[], above: Node[], depth: number): void => {
			for (const node of nodes) {
				const children = visible(node.children);
				if (compact && node.messages === 0 && children.length === 1) {
					walk(children, [...above, node], depth);
					continue;
				}
				const isOpen = children.length > 0 && (filter !== undefined || open.has(node.id));
				rows.push([node, isOpen, above, depth]);
				if (isOpen) walk(children, [], depth + 1);
			}
		};
		walk(visible(this.top), [], 0);
		const found = (path: string): TreeRow | null => {
			const node = this.byId.get(this.locate(path).at(-1) ?? -1);
			return node ? this.row(node, false) : null;
		};
		return {
			total: rows.length,
			rows: rows.slice(offset, offset + count).map((row) => this.row(...row)),
			...(filter ? { matches } : {}),
			...(pinned ? { pinned: pinned.map(found) } : {}),
		};
	}

	locate(path: string): number[] {
		const ids: number[] = [];
		let level = this.top;
		for (const name of path.split('/')) {
			const node = level.find((one) => one.name === name);
			if (!node) return [];
			ids.push(node.id);
			level = node.children;
		}
		return ids;
	}

	complete(text: string, most: number): string[] {
		const found: string[] = [];
		for (const node of this.byId.values()) {
			if (node.messages > 0 && node.path.startsWith(text)) found.push(node.path);
			if (found.length === most) break;
		}
		return found;
	}
}
