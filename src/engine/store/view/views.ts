import { fail } from '../../../base/failure';
import { atEnd, type LogFilter, type Page, type Row } from '../../../model/contracts/message';
import type { ProtocolDescription } from '../../../protocols/description';
import type { Log } from '../log/log';
import { createMarker, type Marker } from '../match/marks';
import { createMatcher } from '../match/matcher';
import type { Rows } from '../rows';
import { createPlainView, createSearchView, type View } from './view';

/**
 * Maximum rows of a page, rows of the first page, maximum number of views (the oldest is dropped), and maximum sequence
 * numbers in one answer.
 */
const maxRows = 500;
const firstRows = 100;
const maxViews = 32;
const maxSeqs = 100_000;

export interface Views {
	view(name: string, filter: LogFilter, near?: number): Page;
	page(name: string, from: number, count: number, marks?: string): Page;
	seqs(name: string, from: number, count: number): { from: number; seqs: number[] };
	position(name: string, seq: number): number;
	drop(name: string): void;
	/** Restarts every view after sequence numbers and node ids became invalid. */
	restart(): void;
}

export interface ViewsOptions {
	log: Log;
	rows: Rows;
	description: ProtocolDescription;
	path(node: number): string;
	/** Lines of the notes in the log. */
	notes(): readonly number[];
}

/** Whether the view contains a line. */
function has(view: View, seq: number): boolean {
	const position = view.position(seq);
	return position < view.high() && view.at(position) === seq;
}

export function createViews({ log, rows, description, path, notes }: ViewsOptions): Views {
	const views = new Map<string, { filter: LogFilter; view: View; marker: Marker | undefined }>();

	function make(filter: LogFilter, near?: number): View {
		const matcher = createMatcher(filter, description, path);
		return matcher ? createSearchView(log, matcher, near) : createPlainView(log);
	}

	function need(name: string): View {
		const view = views.get(name)?.view;
		if (!view) throw fail('no-view', `The view "${name}" no longer exists.`, { remedy: { text: 'Filter again.' } });
		return view;
	}

	function remove(name: string): void {
		views.get(name)?.view.stop();
		views.delete(name);
	}

	/** Marks the matches in the rows that the named view contains. */
	function mark(shown: Row[], name: string): void {
		const { view, marker } = views.get(name) ?? {};
		if (!view || !marker) return;
		view.refresh();
		const hits = shown.filter(({ seq }) => has(view, seq));
		const marks = marker(hits.flatMap(({ target, preview, part }) => [target, preview, part?.preview ?? '']));
		for (const [at, row] of hits.entries())
			row.marks = {
				target: marks[3 * at] ?? [],
				preview: marks[3 * at + 1] ?? [],
				...(row.part && { part: marks[3 * at + 2] ?? [] }),
			};
	}

	function read(view: View, from: number, count: number): Page {
		const low = view.low();
		const high = view.high();
		const most = Math.min(maxRows, Math.max(0, count));
		const start = Math.min(Math.max(from === atEnd ? high - most : from, low), high);
		const end = Math.min(high, start + most);
		const shown: Row[] = [];
		const problem = view.problem();
		for (let position = start; position < end; position++) shown.push(rows.row(view.at(position)));
		// Most views contain everything.
		const isWhole = high - low === log.next - log.first;
		const noted = isWhole ? notes() : notes().filter((seq) => has(view, seq));
		return {
			...{ low, high, notes: noted.length },
			...{ searched: view.searched(), from: start, rows: shown },
			...(problem === undefined ? {} : { problem }),
		};
	}

	return {
		view(name, filter, near) {
			const view = make(filter, near);
			const marker = filter.find && createMarker(filter.find);
			remove(name);
			for (const oldest of views.keys()) {
				if (views.size < maxViews) break;
				remove(oldest);
			}
			views.set(name, { filter, view, marker });
			return read(view, view.high() - firstRows, firstRows);
		},
		page(name, from, count, marks) {
			const view = need(name);
			view.refresh();
			const page = read(view, from, count);
			if (marks !== undefined) mark(page.rows, marks);
			return page;
		},
		seqs(name, from, count) {
			const view = need(name);
			const start = Math.min(Math.max(from, view.low()), view.high());
			const end = Math.min(view.high(), start + Math.min(maxSeqs, Math.max(0, count)));
			return { from: start, seqs: Array.from({ length: Math.max(0, end - start) }, (_, at) => view.at(start + at)) };
		},
		position: (name, seq) => need(name).position(seq),
		drop: remove,
		restart() {
			for (const entry of views.values()) {
				entry.view.stop();
				entry.view = make(entry.filter);
			}
		},
	};
}
