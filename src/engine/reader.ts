import { fail } from '../base/failure';
import type { ReadApi } from '../model/engine-api';
import type { ProtocolDescription } from '../protocols/description';
import type { Log } from './log/log';
import type { Rows } from './rows';
import type { Tree } from './tree/tree';

export interface Reader {
	readonly api: Omit<ReadApi, 'status'>;
	/** The log was cleared: views start anew. */
	cleared(): void;
}

export interface ReaderOptions {
	description: ProtocolDescription;
	log: Log;
	tree: Tree;
	rows: Rows;
}

/** First version: unfiltered views only. */
export function createReader({ description, log, tree, rows }: ReaderOptions): Reader {
	const page = (from: number, count: number) => {
		const start = Math.min(Math.max(from, log.first), log.next);
		const made = [];
		for (let seq = start; seq < Math.min(log.next, start + Math.min(count, 500)); seq++) made.push(rows.row(seq));
		return { low: log.first, high: log.next, searched: 1, from: start, rows: made };
	};
	return {
		api: {
			view: () => page(log.next - 100, 100),
			page: (_name, from, count) => page(from, count),
			detail: (seq) => {
				const row = rows.row(seq);
				const properties = description.properties(row.flags, rows.meta(seq));
				return { row, properties, decodings: ['text', 'hex', 'base64'], numbers: [] };
			},
			decode: (seq) => {
				const payload = rows.payload(seq);
				const size = { shownBytes: payload.length, totalBytes: payload.length };
				return { text: payload.toString(), language: 'plaintext', ...size };
			},
			payload: (seq) => new Uint8Array(rows.payload(seq)),
			diff: () => {
				throw fail('not-yet', 'Not written yet.');
			},
			series: () => ({ times: [], values: [] }),
			tree: tree.tree,
			children: tree.children,
			complete: tree.complete,
			locate: tree.locate,
			marked: tree.marked,
		},
		cleared() {},
	};
}
