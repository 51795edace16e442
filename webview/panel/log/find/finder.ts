import { FailureError } from '../../../../src/base/failure';
import type { Remote } from '../../../../src/base/rpc';
import type { LogFilter, Page, TextQuery } from '../../../../src/model/contracts/message';
import type { PanelApi } from '../../../../src/model/contracts/panel-api';
import { Latest } from '../../../base/latest-question';

/** The name of the view of matches in the engine. */
export const findView = 'find';

/** Time between requests while the engine is still searching. Milliseconds. */
const searchPause = 60;

type Question = { kind: 'search'; query: TextQuery } | { kind: 'count'; query: TextQuery };

/** A search in the filtered log: the matches as a view of the engine, and the current one among them. */
export class Finder {
	query: TextQuery | undefined;
	low = 0;
	high = 0;
	/** Part of the log that has been searched, 0 to 1. */
	searched = 1;
	/** Why there is no result, or no complete one. */
	problem: string | undefined;
	/** The current match: its position in the view, and its line in the log. */
	current: { position: number; seq: number } | undefined;
	private filter: LogFilter = {};
	/** The line where the search began; undefined: the newest. */
	private near: number | undefined;
	/** The first match was shown. */
	private arrived = false;
	private readonly questions = new Latest<Question, Page>(
		({ kind, query }) =>
			kind === 'search'
				? this.remote.view(findView, { ...this.filter, find: query }, this.near)
				: this.remote.page(findView, 0, 0),
		(page, question) => void this.take(page, question),
		(error, question) => this.failed(error, question),
	);

	constructor(
		private readonly remote: Remote<PanelApi>,
		private readonly changed: () => void,
		/** Shows a match that was found while the user types. */
		private readonly reached: (seq: number) => void,
		private readonly report: (error: unknown) => void,
	) {}

	/** The number of the current match, from 1. */
	get number(): number | undefined {
		return this.current && this.current.position - this.low + 1;
	}

	search(query: TextQuery, filter: LogFilter, near: number | undefined): void {
		this.stop();
		if (query.text === '') return;
		this.query = query;
		this.filter = filter;
		this.near = near;
		this.searched = 0;
		this.questions.want({ kind: 'search', query });
	}

	/** Counts new matches. */
	refresh(): void {
		const { query } = this;
		if (query && this.arrived && this.questions.idle) this.questions.want({ kind: 'count', query });
	}

	stop(): void {
		if (this.query) void this.remote.dropView(findView).catch(() => undefined);
		this.query = undefined;
		this.current = undefined;
		this.problem = undefined;
		this.arrived = false;
		this.searched = 1;
		this.low = this.high = 0;
	}

	/** Goes to the next or the previous match, over the ends of the log. Resolves with its line. */
	async step(by: 1 | -1): Promise<number | undefined> {
		const { current, low, high } = this;
		if (high <= low) return undefined;
		const to = current ? current.position + by : high - 1;
		return this.go(to >= high ? low : to < low ? high - 1 : to);
	}

	private async go(position: number): Promise<number | undefined> {
		const { query } = this;
		const { from, seqs } = await this.remote.seqs(findView, position, 1);
		const [seq] = seqs;
		if (seq === undefined || query !== this.query) return undefined;
		this.current = { position: from, seq };
		this.changed();
		return seq;
	}

	private async take(page: Page, { query }: Question): Promise<void> {
		if (query !== this.query) return;
		this.low = page.low;
		this.high = page.high;
		this.searched = page.searched;
		this.problem = page.problem;
		if (!this.current && !this.arrived && this.high > this.low) await this.arrive();
		else if (page.searched === 1) this.arrived = true;
		if (query !== this.query) return;
		this.changed();
		if (page.searched < 1 && !page.problem)
			setTimeout(() => query === this.query && this.questions.want({ kind: 'count', query }), searchPause);
	}

	/** Goes to the match at or after the place where the search began, or to the one before it. */
	private async arrive(): Promise<void> {
		this.arrived = true;
		try {
			const after = this.near === undefined ? this.high : await this.remote.position(findView, this.near);
			const seq = await this.go(Math.max(this.low, Math.min(after, this.high - 1)));
			if (seq !== undefined) this.reached(seq);
		} catch (error) {
			this.report(error);
		}
	}

	/** The search is started again after the engine has lost it. */
	private failed(error: unknown, { kind, query }: Question): void {
		if (query !== this.query) return;
		const code = error instanceof FailureError ? error.failure.code : undefined;
		if (code === 'no-view' && kind === 'count') this.questions.want({ kind: 'search', query });
		else if (code !== 'bad-filter') this.report(error);
		if (code !== 'bad-filter') return;
		this.problem = (error as FailureError).message;
		this.searched = 1;
		this.low = this.high = 0;
		this.changed();
	}
}
