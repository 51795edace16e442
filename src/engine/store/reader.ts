import type { ReadApi } from '../../model/contracts/engine-api';
import { type Decoded, type Decoding, type Detail, direction, type HexWidth } from '../../model/contracts/message';
import type { Action, ProtocolDescription } from '../../protocols/description';
import { decodePayload, numberIn, numbersIn } from '../decode/decode';
import { difference } from '../decode/diff';
import { fittingDecodings, withUnpacked } from '../decode/fits';
import type { Log } from './log/log';
import { createParts } from './parts';
import type { Rows } from './rows';
import { createSaid } from './said';
import { createSeries, maxCharted } from './series';
import { createTimeline } from './timeline/timeline';
import type { Tree } from './tree/tree';
import { createViews } from './view/views';

/** Maximum number of paths in a detail. */
const maxNumbers = 100;
/** Maximum bytes of each side of a comparison. */
const maxCompared = 256 * 1024;

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
	/** Lines of the notes in the log. */
	notes(): readonly number[];
}

export function createReader({ description, log, tree, rows, notes }: ReaderOptions): Reader {
	const views = createViews({ log, rows, description, path: tree.path, notes });

	const parts = createParts(description, rows);

	function decodingsOf(seq: number, { bytes, coding } = rows.content(seq)): Decoding[] {
		return withUnpacked(fittingDecodings(bytes, description.contentType?.(rows.meta(seq))), coding);
	}

	function decode(seq: number, decoding: Decoding, maxBytes: number, perLine?: HexWidth, part?: string): Decoded {
		const raw = part === undefined ? rows.payload(seq) : parts.bytes(seq, part);
		if (decoding === 'hex' || decoding === 'base64') return decodePayload(raw, decoding, maxBytes, perLine);
		const { bytes, end } = part === undefined ? rows.content(seq) : parts.content(raw);
		const decoded = decodePayload(bytes, decoding, maxBytes, perLine);
		if (end === 'whole') return decoded;
		const why =
			end === 'cut'
				? 'The compressed data ends too early.'
				: `Only the first ${bytes.length} bytes of the compressed payload are decompressed.`;
		return { ...decoded, problem: decoded.problem === undefined ? why : `${why} ${decoded.problem}` };
	}

	/** The best fitting decoding that can contain numbers. */
	const structured = (decodings: readonly Decoding[]): Decoding | undefined =>
		decodings.find((decoding) => decoding === 'json' || decoding === 'cbor' || decoding === 'msgpack');

	function numbersOf(seq: number, decoding: Decoding | undefined): ReadonlyMap<string, number> {
		if (!decoding || rows.payload(seq).length > maxCharted) return new Map();
		const { bytes } = rows.content(seq);
		return bytes.length <= maxCharted ? numbersIn(bytes, decoding) : new Map();
	}

	const { series, cleared } = createSeries({
		log,
		rows,
		decodingOf: (seq) => structured(decodingsOf(seq)),
		numberAt(seq, decoding, path) {
			if (rows.payload(seq).length > maxCharted) return undefined;
			const { bytes } = rows.content(seq);
			return bytes.length <= maxCharted ? numberIn(bytes, decoding, path) : undefined;
		},
	});

	function detailOf(seq: number): Detail {
		const row = rows.row(seq);
		const content = rows.content(seq);
		const decodings = decodingsOf(seq, content);
		const further = parts.list(seq);
		const detail: Detail = {
			row,
			properties: description.properties(row.flags, rows.meta(seq)),
			decodings,
			...(content.coding && { coding: content.coding }),
			...(further.parts.length > 0 && { parts: further.parts }),
			...(further.unlisted > 0 && { unlistedParts: further.unlisted }),
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

	/** Evicted messages match no action. */
	function fits(seq: number, action: Action): boolean {
		try {
			const { segment, row } = rows.place(seq);
			const flags = segment.flags[row] as number;
			if (action.settles && segment.settlements?.get(seq)?.open !== true) return false;
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
			seqs: views.seqs,
			position: views.position,
			dropView: views.drop,
			detail: detailOf,
			decode,
			payload: (seq, part) => new Uint8Array(part === undefined ? rows.payload(seq) : parts.bytes(seq, part)),
			diff: (seq, previous, decoding, perLine, part) => {
				const decoded = (at: number) =>
					part !== undefined && parts.find(at, part) === undefined
						? decodePayload(Buffer.alloc(0), decoding, maxCompared, perLine)
						: decode(at, decoding, maxCompared, perLine, part);
				return difference(decoded(previous), decoded(seq));
			},
			series,
			timeline: createTimeline(log),
			said: createSaid(rows, description),
			tree: tree.tree,
			children: tree.children,
			complete: tree.complete,
			locate: tree.locate,
			fitting,
			marked: tree.marked,
		},
		cleared() {
			views.restart();
			cleared();
		},
	};
}
