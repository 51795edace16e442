import type { ReadApi } from '../../model/contracts/engine-api';
import { type Decoding, type Detail, direction, type Series } from '../../model/contracts/message';
import type { Action, ProtocolDescription } from '../../protocols/description';
import { decodePayload, numbersIn } from '../decode/decode';
import { difference } from '../decode/diff';
import { fittingDecodings } from '../decode/fits';
import type { Log } from './log/log';
import type { Rows } from './rows';
import type { Tree } from './tree/tree';
import { createViews } from './view/views';

/** Maximum number of paths in a detail, and of points in a chart. */
const maxNumbers = 100;
const maxPoints = 10_000;
/** Maximum bytes of each side of a comparison, and of a payload that is searched for numbers. */
const maxCompared = 256 * 1024;
const maxCharted = 256 * 1024;
/** Maximum time that a chart may block the event loop, in milliseconds. */
const seriesMs = 100;

/** The part of a session that can be read without its link. */
export type StoreReader = Omit<ReadApi, 'status' | 'browse' | 'graph' | 'ask'>;

export interface Reader {
	readonly api: StoreReader;
	/** Restarts all views after the log was cleared. */
	cleared(): void;
}

export interface ReaderOptions {
	description: ProtocolDescription;
	log: Log;
	tree: Tree;
	rows: Rows;
}

export function createReader({ description, log, tree, rows }: ReaderOptions): Reader {
	const views = createViews(log, rows, description, tree.path);

	function decodingsOf(seq: number): Decoding[] {
		return fittingDecodings(rows.payload(seq), description.contentType?.(rows.meta(seq)));
	}

	/** The best fitting decoding that can contain numbers. */
	const structured = (decodings: readonly Decoding[]): Decoding | undefined =>
		decodings.find((decoding) => decoding === 'json' || decoding === 'cbor' || decoding === 'msgpack');

	function numbersOf(seq: number, decoding: Decoding | undefined): ReadonlyMap<string, number> {
		const payload = rows.payload(seq);
		return decoding && payload.length <= maxCharted ? numbersIn(payload, decoding) : new Map();
	}

	function detailOf(seq: number): Detail {
		const row = rows.row(seq);
		const decodings = decodingsOf(seq);
		const detail: Detail = {
			row,
			properties: description.properties(row.flags, rows.meta(seq)),
			decodings,
			numbers: [...numbersOf(seq, structured(decodings)).keys()].slice(0, maxNumbers),
		};
		const next = rows.next(seq);
		if (next !== undefined) {
			detail.next = next;
			for (const latest of rows.earlier(seq, log.next)) {
				detail.latest = latest;
				break;
			}
		}
		for (const previous of rows.earlier(seq, seq)) return { ...detail, previous };
		return detail;
	}

	function series(seq: number, path: string, most: number): Series {
		const decoding = structured(decodingsOf(seq));
		const end = performance.now() + seriesMs;
		const times: number[] = [];
		const values: number[] = [];
		let large = 0;
		let slow = false;
		for (const at of rows.earlier(seq, log.next)) {
			if (values.length >= Math.min(most, maxPoints)) break;
			slow = performance.now() > end;
			if (slow) break;
			if (rows.payload(at).length > maxCharted) large++;
			const value = numbersOf(at, decoding).get(path);
			if (value !== undefined) {
				const { segment, row } = rows.place(at);
				times.push(segment.time[row] as number);
				values.push(value);
			}
		}
		const cut = [
			large > 0 ? `${large} of more than ${maxCharted / 1024} KB not shown` : '',
			slow ? 'older ones omitted: reading them would take too long' : '',
		].filter(Boolean);
		return {
			times: times.reverse(),
			values: values.reverse(),
			...(cut.length > 0 ? { cut: cut.join('; ') } : {}),
		};
	}

	/** Evicted messages match no action. */
	function fits(seq: number, action: Action): boolean {
		try {
			const { segment, row } = rows.place(seq);
			const flags = segment.flags[row] as number;
			return action.fits ? action.fits(flags, rows.meta(seq)) : direction(flags) === 'in';
		} catch {
			return false;
		}
	}

	function fitting(messages: number[]): [string, number[]][] {
		const actions = (description.actions ?? []).filter((action) => action.on.messages);
		return actions
			.map((action): [string, number[]] => [action.id, messages.filter((seq) => fits(seq, action))])
			.filter(([, fit]) => fit.length > 0);
	}

	return {
		api: {
			view: views.view,
			page: views.page,
			detail: detailOf,
			decode: (seq, decoding, maxBytes) => decodePayload(rows.payload(seq), decoding, maxBytes),
			payload: (seq) => new Uint8Array(rows.payload(seq)),
			diff: (seq, previous, decoding) => {
				const decoded = (at: number) => decodePayload(rows.payload(at), decoding, maxCompared);
				return difference(decoded(previous), decoded(seq));
			},
			series,
			tree: tree.tree,
			children: tree.children,
			complete: tree.complete,
			locate: tree.locate,
			fitting,
			marked: tree.marked,
		},
		cleared: views.restart,
	};
}
