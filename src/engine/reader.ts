import { fail } from '../base/failure';
import type { ReadApi } from '../model/engine-api';
import type { ProtocolDescription } from '../protocols/description';
import type { Log } from './log/log';
import type { Rows } from './rows';
import type { Tree } from './tree/tree';
import { createViews } from './view/views';

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
	const views = createViews(log, rows, description, tree.path);
	return {
		api: {
			view: views.view,
			page: views.page,
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
		cleared: views.restart,
	};
}
