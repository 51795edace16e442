import { FailureError } from '../../../src/base/failure';
import type { Remote } from '../../../src/base/rpc';
import type { LogFilter, Page, Row } from '../../../src/model/contracts/message';
import type { PanelApi } from '../../../src/model/contracts/panel-api';
import { Latest } from '../../base/latest-question';
import type { VisibleRange } from '../../controls/virtual-list';

/** The view's name in the engine. */
const view = 'log';
/** Rows asked for beyond the visible ones, so that a small scroll needs no answer. */
const margin = 60;

/** Between questions while the engine is still searching. Milliseconds. */
const searchPause = 60;

type Question = { kind: 'filter'; filter: LogFilter } | { kind: 'rows'; range: VisibleRange; tail: boolean };

/** The panel's window on the engine's log: holds a page or two around what is visible and asks for no more. */
export class LogPages {
	low = 0;
	high = 0;
	/** Part of the log that has been searched, 0 to 1. */
	searched = 1;
	private rows = new Map<number, Row>();
	private filter: LogFilter = {};
	private known = false;
	private stale = false;
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
		this.known = false;
		this.questions.want({ kind: 'filter', filter });
	}

	/** These rows are on the screen now. `tail`: the newest ones are wanted, wherever they are. */
	show(range: VisibleRange, tail: boolean): void {
		this.visible = range;
		this.tail = tail;
		const end = Math.min(range.from + range.count, this.high);
		let position = Math.max(range.from, this.low);
		while (position < end && this.rows.has(position)) position++;
		if (position < end) this.refresh();
	}

	/** The engine has something new. */
	refresh(): void {
		if (this.known) this.questions.want({ kind: 'rows', range: this.visible, tail: this.tail });
		else if (this.questions.idle) this.questions.want({ kind: 'filter', filter: this.filter });
	}

	/** Where a message stands in the view, by halving: a view is in the order of `seq`. */
	async find(seq: number): Promise<{ position: number; row: Row } | undefined> {
		let [from, to] = [this.low, this.high];
		while (from < to) {
			const middle = Math.floor((from + to) / 2);
			const page = await this.remote.page(view, middle, 1);
			const [row] = page.rows;
			if (!row || page.from !== middle) return undefined;
			if (row.seq === seq) return { position: middle, row };
			if (row.seq < seq) from = middle + 1;
			else to = middle;
		}
		return undefined;
	}

	/** The lines at these positions; what is not here is asked for. */
	async seqs(positions: readonly number[]): Promise<number[]> {
		const found = new Map<number, number>();
		for (const position of positions) {
			if (found.has(position)) continue;
			const row = this.rows.get(position);
			if (row) found.set(position, row.seq);
			else {
				const page = await this.remote.page(view, position, 500);
				page.rows.forEach((one, index) => {
					found.set(page.from + index, one.seq);
				});
			}
		}
		return positions.flatMap((position) => found.get(position) ?? []);
	}

	private async ask(question: Question): Promise<Page> {
		if (question.kind === 'filter') return this.remote.view(view, question.filter);
		const { range } = question;
		const count = Math.min(range.count + 2 * margin, 500);
		if (!question.tail) return this.remote.page(view, range.from - margin, count);
		const page = await this.remote.page(view, this.high - count, count);
		// In a flood the end has moved on meanwhile: once more, from where it is now.
		return page.from + page.rows.length < page.high ? this.remote.page(view, page.high - count, count) : page;
	}

	private take(page: Page, question: Question): void {
		const again = question.kind === 'filter';
		if (again) {
			if (question.filter !== this.filter) return;
			this.rows.clear();
			this.known = true;
		}
		this.low = page.low;
		this.high = page.high;
		this.searched = page.searched;
		if (this.rows.size > 1500) this.rows.clear();
		page.rows.forEach((row, index) => {
			this.rows.set(page.from + index, row);
		});
		this.stale = false;
		this.changed();
		if (again) this.refresh();
		else if (page.searched < 1) setTimeout(() => this.refresh(), searchPause);
	}

	/** The engine may have been started anew and know no view: made once more, then told. */
	private failed(error: unknown): void {
		if (error instanceof FailureError && error.failure.code === 'no-view' && !this.stale) {
			this.stale = true;
			this.known = false;
			this.questions.want({ kind: 'filter', filter: this.filter });
		} else {
			this.report(error);
		}
	}
}
