import type { TextQuery } from '../../../model/contracts/message';
import type { ProtocolDescription } from '../../../protocols/description';
import { inlineTarget, inlineTargetOf, type Segment } from '../log/segment';
import type { Matcher } from './contract';
import { partTexts } from './parts';
import { compile } from './sandbox';
import { createNodeStates, type Path } from './target-test';

/** Bytes of a payload that are searched: backtracking can take quadratic time in them even with a harmless expression. */
const maxSearched = 256 * 1024;
/**
 * Times after which a run is interrupted, in milliseconds: the first attempt at a row and its repetitions. The limit is
 * wall time, so a busy machine can hit it with a harmless expression.
 */
const limits = [20, 40, 45] as const;
/** A run should take about this long, in milliseconds: the number of rows adapts. */
const target = { shortest: 2, longest: 8 };
const startRows = 64;
const maxRows = 2048;

/**
 * Finds rows by a regular expression on payload or target. A call tests as many rows as fit into a few milliseconds. A
 * row that takes too long alone ends the search with a problem.
 */
export function createExpressionMatcher(query: TextQuery, path: Path, description: ProtocolDescription): Matcher {
	const expression = compile(query);
	const known = createNodeStates();
	const texts: string[] = [];
	/** Nodes whose targets are among the texts, with their indexes. */
	const pending = new Map<number, number>();
	/** By row of the run: index of its payload, of its inline target or -1, and number of texts up to and including it. */
	const payloads = new Uint32Array(maxRows);
	const inline = new Int32Array(maxRows);
	const ends = new Uint32Array(maxRows);
	let rows = startRows;
	let strikes = 0;
	let rest = 0;
	let problem: string | undefined;

	/** Collects the texts of rows from `start` on, in direction `step`, and returns the number of rows. */
	function collect(segment: Segment, start: number, step: 1 | -1, most: number): number {
		let bytes = 0;
		let count = 0;
		for (let row = start; count < most && bytes <= maxSearched; row += step, count++) {
			const size = Math.min(segment.length[row] as number, maxSearched);
			const offset = segment.offset[row] as number;
			bytes += size;
			const payload = segment.bytes.toString('utf8', offset, offset + size);
			payloads[count] = texts.push(description.parts ? withParts(payload, segment, row) : payload) - 1;
			const node = segment.topic[row] as number;
			inline[count] = -1;
			if (node === inlineTarget) inline[count] = texts.push(inlineTargetOf(segment, row)) - 1;
			else if (known.get(node) === 0 && !pending.has(node)) pending.set(node, texts.push(path(node)) - 1);
			ends[count] = texts.length;
		}
		return count;
	}

	/** Each further payload is a line of its own behind the payload. */
	function withParts(payload: string, segment: Segment, row: number): string {
		return [payload, ...partTexts(description, segment, row)].join('\n').slice(0, maxSearched);
	}

	/** Fewer rows after a slow run, more after a fast one. */
	function adapt(took: number, tested: number, collected: number): void {
		if (tested < collected) rows = Math.max(1, tested >> 1);
		else if (took > target.longest) rows = Math.max(1, rows >> 1);
		else if (took < target.shortest) rows = Math.min(maxRows, rows * 2);
	}

	return {
		get rest() {
			return rest;
		},
		get problem() {
			return problem;
		},
		match(segment, from, to, found, backward = false) {
			texts.length = 0;
			pending.clear();
			if (from >= to || problem !== undefined) {
				rest = to - from;
				return 0;
			}
			const start = backward ? to - 1 : from;
			const before = performance.now();
			const collected = collect(segment, start, backward ? -1 : 1, Math.min(rows, to - from));
			const { hits, done } = expression.test(texts, limits[strikes] as number);
			let tested = collected;
			while (tested > 0 && (ends[tested - 1] as number) > done) tested--;
			adapt(performance.now() - before, tested, collected);
			rest = to - from - tested;
			if (tested > 0) strikes = 0;
			else if (++strikes === limits.length)
				problem = `The regular expression takes too long on message ${segment.first + start}. The search was stopped there.`;
			for (const [node, index] of pending) if (index < done) known.set(node, hits[index] === 1 ? 1 : 2);
			let count = 0;
			for (let at = 0; at < tested; at++) {
				const row = backward ? start - tested + 1 + at : start + at;
				const of = Math.abs(row - start);
				const node = segment.topic[row] as number;
				const inTarget = node === inlineTarget ? hits[inline[of] as number] === 1 : known.get(node) === 1;
				if (inTarget || hits[payloads[of] as number] === 1) found[count++] = row;
			}
			return count;
		},
	};
}
