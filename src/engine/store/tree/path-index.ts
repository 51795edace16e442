import { randomBytes } from 'node:crypto';

/** Paths in a Map, which is the fastest way to find a string. It takes nine times the memory of the slots, so it ends here. */
const mostMapped = 32_768;
/** Part of the slots that may be taken: beyond that, looking for a path that is not there takes long. */
const fullest = 0.75;

/** Nodes by their path. */
export interface PathIndex {
	find(path: string): number | undefined;
	/** The next node, whose path is not in it. */
	add(path: string, node: number): void;
}

/** `paths`: of each node. */
export function createPathIndex(paths: readonly string[]): PathIndex {
	const mapped = new Map<string, number>();
	// A peer that chooses the names must not know which of them share a slot.
	const seed = randomBytes(4).readInt32LE();
	/** By the hash of the path, one more than the node; 0 is free. Of the nodes that are not in the map. */
	let slots = new Uint32Array(0);

	function slotOf(path: string): number {
		let hash = seed ^ path.length;
		for (let at = 0; at < path.length; at++) {
			hash = Math.imul(hash ^ path.charCodeAt(at), 0x5bd1e995);
			hash ^= hash >>> 15;
		}
		return hash & (slots.length - 1);
	}

	function put(node: number): void {
		let slot = slotOf(paths[node] as string);
		while (slots[slot] !== 0) slot = (slot + 1) & (slots.length - 1);
		slots[slot] = node + 1;
	}

	return {
		find(path) {
			const known = mapped.get(path);
			if (known !== undefined || slots.length === 0) return known;
			for (let slot = slotOf(path); ; slot = (slot + 1) & (slots.length - 1)) {
				const node = (slots[slot] as number) - 1;
				if (node < 0) return undefined;
				if (paths[node] === path) return node;
			}
		},
		add(path, node) {
			if (node < mostMapped) {
				mapped.set(path, node);
				return;
			}
			if (node + 1 - mostMapped > slots.length * fullest) {
				slots = new Uint32Array(Math.max(mostMapped, slots.length * 2));
				for (let earlier = mostMapped; earlier < node; earlier++) put(earlier);
			}
			put(node);
		},
	};
}
