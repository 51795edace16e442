import type { MarkCounts } from '../../../src/model/checks/mark';
import { atEnd, flag, type LogFilter, type Page, type Row, type TextQuery } from '../../../src/model/contracts/message';

export const start = Date.UTC(2026, 0, 2, 3, 4, 5);

/** The row with a number, from which all its values are derived. */
export function madeRow(seq: number): Row {
	const site = seq % 100;
	const device = (seq * 7) % 1000;
	const note = seq % 1000 === 999;
	const preview = note
		? `Reconnected after ${seq % 17} s`
		: `{"seq":${seq},"temp":${(20 + (seq % 50) / 10).toFixed(1)}${seq % 10_000 === 1234 ? ',"find":"needle"' : ''}}`;
	return {
		seq,
		time: start + seq,
		flags: note ? flag.note : seq % 50 === 7 ? flag.out : seq % 3 === 0 ? 0x100 : 0,
		target: note ? '' : `plant-${String(site).padStart(2, '0')}/dev-${String(device).padStart(3, '0')}`,
		size: preview.length,
		preview,
		binary: false,
	};
}

/** Start and end of each match, alternately. */
function ranges(text: string, { text: wanted, matchCase, regex }: TextQuery): number[] {
	const source = regex ? wanted : wanted.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
	return [...text.matchAll(new RegExp(source, matchCase ? 'g' : 'gi'))].flatMap(({ 0: { length }, index }) => [
		index,
		index + length,
	]);
}

/** A log that derives its rows on demand, plus rows that were added, and views on it that search in steps. */
export class Store {
	readonly added = new Map<number, Row>();
	first = 0;
	next: number;
	private readonly views = new Map<
		string,
		{ filter: LogFilter; hits: number[] | undefined; base: number; done: number }
	>();

	constructor(made: number) {
		this.next = made;
	}

	row(seq: number): Row {
		return this.added.get(seq) ?? madeRow(seq);
	}

	add(row: Omit<Row, 'seq'>): Row {
		const full = { ...row, seq: this.next++ };
		this.added.set(full.seq, full);
		return full;
	}

	change(seq: number, more: Partial<Row>): void {
		this.added.set(seq, { ...this.row(seq), ...more });
	}

	/** Adds derived rows, as after a flood. */
	grow(count: number): void {
		this.next += count;
	}

	/** Marks of rows that were added or changed, by kind. */
	marks(): MarkCounts {
		const counts: MarkCounts = {};
		for (const { checkMarks = [] } of this.added.values())
			for (const { kind } of checkMarks) counts[kind] = (counts[kind] ?? 0) + 1;
		return counts;
	}

	evict(count: number): void {
		this.first = Math.min(this.next, this.first + count);
	}

	view(name: string, filter: LogFilter): Page {
		for (const query of [{ text: '', ...filter }, ...(filter.find ? [filter.find] : [])]) ranges('', query);
		const { regex: _regex, matchCase: _case, ...parts } = filter;
		const all = Object.values(parts).every((one) => one === undefined);
		this.views.set(name, { filter, hits: all ? undefined : [], base: 0, done: this.next });
		return this.page(name, 0, 0);
	}

	private fits(row: Row, filter: LogFilter): boolean {
		const { text, target, directions, find, from, to, marked } = filter;
		if (marked && !row.checkMarks?.some(({ kind }) => marked.includes(kind))) return false;
		if ((from !== undefined && row.time < from) || (to !== undefined && row.time >= to)) return false;
		const way = row.flags & flag.note ? 'note' : row.flags & flag.out ? 'out' : 'in';
		if (directions && !directions.includes(way)) return false;
		if (target) {
			const { kind, value } = target;
			if (kind === 'exact' && row.target !== value) return false;
			if (kind === 'below' && row.target !== value && !row.target.startsWith(`${value}/`)) return false;
			if (kind === 'text' && !row.target.includes(value)) return false;
			if (
				kind === 'pattern' &&
				!new RegExp(`^${value.replace(/\+/g, '[^/]+').replace(/\/?#$/, '.*')}$`).test(row.target)
			)
				return false;
		}
		const queries = [...(text === undefined ? [] : [{ ...filter, text }]), ...(find ? [find] : [])];
		return queries.every((query) => [row.preview, row.target].some((hay) => ranges(hay, query).length > 0));
	}

	/** Positions of an ascending list of lines. */
	private lines(name: string): { low: number; high: number; at(position: number): number } {
		const view = this.views.get(name);
		if (!view) throw new Error('no-view');
		const { hits, base } = view;
		if (!hits) return { low: this.first, high: this.next, at: (position) => position };
		return { low: base, high: base + hits.length, at: (position) => hits[position - base] as number };
	}

	seqs(name: string, from: number, count: number): { from: number; seqs: number[] } {
		const { low, high, at } = this.lines(name);
		const start = Math.min(Math.max(from, low), high);
		return {
			from: start,
			seqs: Array.from({ length: Math.min(high - start, count) }, (_, index) => at(start + index)),
		};
	}

	position(name: string, seq: number): number {
		const { low, high, at } = this.lines(name);
		let position = low;
		while (position < high && at(position) < seq) position++;
		return position;
	}

	drop(name: string): void {
		this.views.delete(name);
	}

	/** Marks what the view looks for in the rows that it contains. */
	marked(page: Page, name: string | undefined): Page {
		const find = name === undefined ? undefined : this.views.get(name)?.filter.find;
		if (!find) return page;
		const rows = page.rows.map((row) => {
			const marks = { target: ranges(row.target, find), preview: ranges(row.preview, find) };
			return marks.target.length + marks.preview.length > 0 ? { ...row, marks } : row;
		});
		return { ...page, rows };
	}

	/** Searches the newest part of the log first; each call continues with the next part. */
	page(name: string, from: number, count: number): Page {
		const view = this.views.get(name);
		if (!view) throw new Error('no-view');
		if (!view.hits) {
			const at = Math.max(this.first, Math.min(from === atEnd ? this.next - count : from, this.next));
			const rows = Array.from({ length: Math.max(0, Math.min(at + count, this.next) - at) }, (_, index) =>
				this.row(at + index),
			);
			const notes = Math.floor(this.next / 1000) - Math.floor(this.first / 1000);
			return { low: this.first, high: this.next, notes, searched: 1, from: at, rows };
		}
		if (view.done > this.first) {
			const stop = Math.max(this.first, view.done - 250_000);
			const older: number[] = [];
			for (let seq = stop; seq < view.done; seq++) if (this.fits(this.row(seq), view.filter)) older.push(seq);
			view.hits = [...older, ...view.hits];
			view.base -= older.length;
			view.done = stop;
		}
		const { hits, base } = view;
		const end = base + hits.length;
		const at = Math.max(base, Math.min(from === atEnd ? end - count : from, end));
		const rows = hits.slice(at - base, at + count - base).map((seq) => this.row(seq));
		return {
			low: base,
			high: end,
			notes: hits.filter((seq) => this.row(seq).flags & flag.note).length,
			searched: (this.next - view.done) / (this.next - this.first || 1),
			from: at,
			rows,
		};
	}
}
