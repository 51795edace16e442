import { FailureError } from '../../../src/base/failure';
import type { Remote } from '../../../src/base/rpc';
import { atEnd, type LogFilter, type Page, type Row } from '../../../src/model/contracts/message';
import type { PanelApi } from '../../../src/model/contracts/panel-api';
import { Latest } from '../../base/latest-question';
import type { VisibleRange } from '../../controls/virtual-list';

/** The name of the view in the engine. */
const view = 'log';
/** Rows requested before and after the visible ones, so that a small scroll needs no request. */
const margin = 60;

/** Time between requests while the engine is still searching. Milliseconds. */
const searchPause = 60;

type Question = { kind: 'filter'; filter: LogFilter } | { kind: 'rows'; range: VisibleRange; tail: boolean };

/** The panel's window on the engine's log: holds a page or two around the visible rows. */
export class LogPages {
	low = 0;
	high = 0;
	/** Number of notes in the view. */
	notes = 0;
	/** Part of the log that has been searched, 0 to 1. */
	searched = 1;
	/** Why the search of the filter has ended early. */
	problem: string | undefined;
	/** A view whose matches are marked in the rows. */
	private marks: string | undefined;
	/** The rows were requested before the marks changed. */
	private stale = false;
	private rows = new Map<number, Row>();
	private filter: LogFilter = {};
	/** The engine has the view with the current filter. */
	private created = false;
	/** The view was created again after the engine had lost it. */
	private recreated = false;
	private visible: VisibleRange = { from: 0, count: 50 };
	private tail = true;
	private readonly questions = new Latest<Question, Page>(
		(question) => this.ask(question),
		(page, question) => this.take(page, question),
		(error) => this.failed(error),
	);

	constructor(
		private readonly remote: Remote<PanelApi>,
		private readonly changed: () => void,
		private readonly report: (error: unknown) => void,
	) {}

	row(position: number): Row | undefined {
		return this.rows.get(position);
	}

	setFilter(filter: LogFilter): void {
		this.filter = filter;
		this.problem = undefined;
		this.created = false;
		this.questions.want({ kind: 'filter', filter });
	}

	/** Reports the visible rows. With `tail` the newest rows are requested, wherever they are. */
	show(range: VisibleRange, tail: boolean): void {
		this.visible = range;
		this.tail = tail;
		const end = Math.min(range.from + range.count, this.high);
		let position = Math.max(range.from, this.low);
		while (position < end && this.rows.has(position)) position++;
		if (position < end) this.refresh();
	}

	/** Requests the visible rows again after a change in the engine. */
	refresh(): void {
		if (this.created) this.questions.want({ kind: 'rows', range: this.visible, tail: this.tail });
		else if (this.questions.idle && !this.problem) this.questions.want({ kind: 'filter', filter: this.filter });
	}

	/** Marks the matches of another view in the rows, or none. The rows are requested again. */
	setMarks(marks: string | undefined): void {
		if (marks === undefined && this.marks === undefined) return;
		this.marks = marks;
		this.stale = true;
		this.refresh();
	}

	/** Finds the position of a message in the view. */
	async find(seq: number): Promise<{ position: number; row: Row } | undefined> {
		const position = await this.remote.position(view, seq);
		const page = await this.remote.page(view, position, 1);
		const [row] = page.rows;
		return row?.seq === seq && page.from === position ? { position, row } : undefined;
	}

	/** The messages at these ascending positions; those that are not in memory are requested. */
	async seqs(positions: readonly number[]): Promise<number[]> {
		const found: number[] = [];
		for (let at = 0; at < positions.length; ) {
			const first = positions[at] as number;
			const row = this.rows.get(first);
			if (row) {
				found.push(row.seq);
				at++;
				continue;
			}
			let length = 1;
			while (positions[at + length] === first + length) length++;
			const { from, seqs } = await this.remote.seqs(view, first, length);
			for (const [index, seq] of seqs.entries()) if (from + index < first + length) found.push(seq);
			at += length;
		}
		return found;
	}

	private ask(question: Question): Promise<Page> {
		if (question.kind === 'filter') return this.remote.view(view, question.filter);
		const { range, tail } = question;
		const count = Math.min(range.count + 2 * margin, 500);
		return this.remote.page(view, tail ? atEnd : range.from - margin, count, this.marks);
	}

	private take(page: Page, question: Question): void {
		const again = question.kind === 'filter';
		if (again) {
			if (question.filter !== this.filter) return;
			this.rows.clear();
			this.created = true;
		}
		this.low = page.low;
		this.high = page.high;
		this.notes = page.notes;
		this.searched = page.searched;
		this.problem = page.problem;
		if (this.rows.size > 1500 || this.stale || this.marks !== undefined) this.rows.clear();
		this.stale = false;
		page.rows.forEach((row, index) => {
			this.rows.set(page.from + index, row);
		});
		this.recreated = false;
		this.changed();
		if (again) this.refresh();
		else if (page.searched < 1 && !page.problem) setTimeout(() => this.refresh(), searchPause);
	}

	/** A restarted engine has no view, so it is created once more; a second failure is shown. */
	private failed(error: unknown): void {
		const code = error instanceof FailureError ? error.failure.code : undefined;
		if (code === 'no-view' && !this.recreated) {
			this.recreated = true;
			this.created = false;
			this.questions.want({ kind: 'filter', filter: this.filter });
		} else if (code === 'bad-filter') {
			this.problem = (error as FailureError).message;
			this.rows.clear();
			this.low = this.high = this.notes = 0;
			this.searched = 1;
			this.changed();
		} else {
			this.report(error);
		}
	}
}
