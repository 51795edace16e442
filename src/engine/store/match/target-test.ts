import { inlineTarget, inlineTargetOf, type Segment } from '../log/segment';

/** The target of a node of the tree. */
export type Path = (node: number) => string;

/** Tests targets and caches the result for each node of the tree. */
export interface TargetTest {
	/** Tests the nodes of these rows and returns whether any target can match. Must be called before `fits`. */
	learn(segment: Segment, from: number, to: number): boolean;
	fits(segment: Segment, row: number): boolean;
}

export function createTargetTest(fits: (target: string) => boolean, path: Path): TargetTest {
	const known = createNodeStates();
	return {
		learn({ topic }, from, to) {
			let canFit = false;
			for (let row = from; row < to; row++) {
				const node = topic[row] as number;
				if (node === inlineTarget) {
					canFit = true;
					continue;
				}
				let state = known.get(node);
				if (state === 0) {
					state = fits(path(node)) ? 1 : 2;
					known.set(node, state);
				}
				if (state === 1) canFit = true;
			}
			return canFit;
		},
		fits(segment, row) {
			const node = segment.topic[row] as number;
			return node === inlineTarget ? fits(inlineTargetOf(segment, row)) : known.get(node) === 1;
		},
	};
}

/** A small number for each node: 0 unknown, 1 matches, 2 does not match. */
export interface NodeStates {
	get(node: number): number;
	set(node: number, state: number): void;
}

export function createNodeStates(): NodeStates {
	let states = new Uint8Array(1024);
	return {
		get: (node) => states[node] ?? 0,
		set(node, state) {
			if (node >= states.length) {
				const larger = new Uint8Array(node * 2);
				larger.set(states);
				states = larger;
			}
			states[node] = state;
		},
	};
}
