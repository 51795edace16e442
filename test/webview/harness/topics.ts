import type { TreePage, TreeQuery, TreeRow } from '../../../src/model/contracts/topic';
import { start } from './store';

interface Node {
	id: number;
	name: string;
	path: string;
	depth: number;
	children: Node[];
	messages: number;
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

	add(path: string): void {
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
	}

	private row(node: Node, expanded: boolean): TreeRow {
		const leaf = node.messages > 0;
		return {
			id: node.id,
			depth: node.depth,
			name: node.name,
			path: node.path,
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
					}
				: {}),
			expandable: node.children.length > 0,
			expanded,
		};
	}

	tree({ expanded, filter, offset, count }: TreeQuery): TreePage {
		const open = new Set(expanded);
		const shown: [Node, boolean][] = [];
		const fits = (path: string): boolean => {
			if (!filter) return true;
			if (filter.kind === 'text') return path.includes(filter.value);
			return new RegExp(`^${filter.value.replace(/\+/g, '[^/]+').replace(/\/?#$/, '.*')}$`).test(path);
		};
		const walk = (nodes: Node[]): boolean => {
			let any = false;
			for (const node of nodes) {
				const at = shown.length;
				shown.push([node, filter ? node.children.length > 0 : open.has(node.id)]);
				const below = (filter || open.has(node.id)) && walk(node.children);
				if (filter && !below && !fits(node.path)) shown.length = at;
				else any = true;
			}
			return any;
		};
		walk(this.top);
		return {
			total: shown.length,
			rows: shown.slice(offset, offset + count).map(([node, isOpen]) => this.row(node, isOpen)),
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
