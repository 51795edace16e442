import { fail } from '../../../base/failure';
import type { LogFilter, Page } from '../../../model/contracts/message';
import type { ProtocolDescription } from '../../../protocols/description';
import type { Log } from '../log/log';
import { createMatcher } from '../match/matcher';
import type { Rows } from '../rows';
import { createPlainView, createSearchView, type View } from './view';

/** Maximum rows of a page, rows of the first page, and maximum number of views; the oldest view is dropped. */
const maxRows = 500;
const firstRows = 100;
const maxViews = 32;

export interface Views {
	view(name: string, filter: LogFilter): Page;
	page(name: string, from: number, count: number): Page;
	/** Restarts every view after sequence numbers and node ids became invalid. */
	restart(): void;
}

export function createViews(
	log: Log,
	rows: Rows,
	description: ProtocolDescription,
	path: (node: number) => string,
): Views {
	const views = new Map<string, { filter: LogFilter; view: View }>();

	function make(filter: LogFilter): View {
		const matcher = createMatcher(filter, description, path);
		return matcher ? createSearchView(log, matcher) : createPlainView(log);
	}

	function remove(name: string): void {
		views.get(name)?.view.stop();
		views.delete(name);
	}

	function read(view: View, from: number, count: number): Page {
		const low = view.low();
		const high = view.high();
		const start = Math.min(Math.max(from, low), high);
		const end = Math.min(high, start + Math.min(maxRows, Math.max(0, count)));
		const shown = [];
		for (let position = start; position < end; position++) shown.push(rows.row(view.at(position)));
		return { low, high, searched: view.searched(), from: start, rows: shown };
	}

	return {
		view(name, filter) {
			const view = make(filter);
			remove(name);
			for (const oldest of views.keys()) {
				if (views.size < maxViews) break;
				remove(oldest);
			}
			views.set(name, { filter, view });
			return read(view, view.high() - firstRows, firstRows);
		},
		page(name, from, count) {
			const view = views.get(name)?.view;
			if (!view) throw fail('no-view', `The view "${name}" no longer exists.`, { remedy: { text: 'Filter again.' } });
			view.refresh();
			return read(view, from, count);
		},
		restart() {
			for (const entry of views.values()) {
				entry.view.stop();
				entry.view = make(entry.filter);
			}
		},
	};
}
