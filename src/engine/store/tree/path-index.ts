import { randomBytes } from 'node:crypto';

/**
 * Maximum paths in a Map, the fastest look-up of a string. Beyond it paths go to the slots, which need a ninth of the
 * memory.
 */
const maxMapped = 32_768;
/** Maximum fill ratio of the slots; above it, look-ups of missing paths become slow. */
const fullest = 0.75;

/** Nodes by their path. */
export interface PathIndex {
	find(path: string): number | undefined;
	/** Adds the next node. Its path must not be in the index yet. */
	add(path: string, node: number): void;
}

/** `paths`: of each node. */
export function createPathIndex(paths: readonly string[]): PathIndex {
	const mapped = new Map<string, number>();
	// Seeded, so that a peer cannot choose names that collide.
	const seed = randomBytes(4).readInt32LE();
	/** Node + 1 by hash of the path, for nodes that are not in the map; 0: free. */
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
			const cached = mapped.get(path);
			if (cached !== undefined || slots.length === 0) return cached;
			for (let slot = slotOf(path); ; slot = (slot + 1) & (slots.length - 1)) {
				const node = (slots[slot] as number) - 1;
				if (node < 0) return undefined;
				if (paths[node] === path) return node;
			}
		},
		add(path, node) {
			if (node < maxMapped) {
				mapped.set(path, node);
				return;
			}
			if (node + 1 - maxMapped > slots.length * fullest) {
				slots = new Uint32Array(Math.max(maxMapped, slots.length * 2));
				for (let earlier = maxMapped; earlier < node; earlier++) put(earlier);
			}
			put(node);
		},
	};
}
