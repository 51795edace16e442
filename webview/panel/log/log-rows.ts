import { html, type TemplateResult } from 'lit';
import type { Row } from '../../../src/model/contracts/message';
import { capital } from '../../base/words';
import type { VisibleRange } from '../../controls/virtual-list';
import '../../controls/virtual-list';
import type { PanelStore } from '../store';
import type { LogFind } from './find/log-find';
import type { LogPages } from './log-pages';
import { columnCount, logRow, type RowShape } from './log-row';
import type { Picking } from './picking';

/** What the rows are drawn from, and what happens in them. */
export interface RowsHost {
	readonly store: PanelStore;
	readonly pages: LogPages;
	readonly picking: Picking;
	readonly find: LogFind;
	/** One past the last position that is shown. */
	readonly end: number;
	/** The list moves with the newest message. */
	readonly sticks: boolean;
	/** The message in the detail, by `seq`. */
	readonly selected: number | undefined;
	/** Changes with the rows. */
	readonly version: number;
	readonly onScrolled: (atEnd: boolean) => void;
	readonly onRange: (range: VisibleRange) => void;
	readonly onKey: (event: KeyboardEvent) => void;
	readonly onContextMenu: (event: MouseEvent) => void;
	readonly onCopy: (event: Event) => void;
}

/** The messages as the rows of a grid. */
export function tableRows(host: RowsHost, shape: RowShape): TemplateResult {
	const { store, pages, picking, find, selected, end } = host;
	const { active, selection, onActive, onPress, onClick } = picking;
	const row = (position: number) => {
		const row = pages.row(position);
		const isSelected = selection.has(position) || (row !== undefined && row.seq === selected);
		// The head is the first row of the grid.
		return logRow(shape, row, {
			position,
			index: position - pages.low + 2,
			selected: isSelected,
			active: position === active,
			current: row !== undefined && row.seq === find.current,
			edge: store.colors.edge(row),
		});
	};
	return html`<mw-virtual-list role="grid" aria-multiselectable="true" aria-owns="log-head"
		aria-label=${capital(store.describe.words.messages)} aria-rowcount=${end - pages.low + 1}
		aria-colcount=${columnCount(shape.describe)}
		.low=${pages.low} .high=${end} .stick=${host.sticks} .active=${active}
		.version=${`${host.version} ${selected} ${active} ${selection.size} ${find.isOpen} ${find.current} ${shape.hasTargets}`}
		.row=${row} .onScrolled=${host.onScrolled} .onRange=${host.onRange} .onActive=${onActive}
		@keydown=${host.onKey} @pointerdown=${onPress} @click=${onClick} @contextmenu=${host.onContextMenu}
		@copy=${host.onCopy}></mw-virtual-list>`;
}

/** The messages as a chat. */
export function chatRows(host: RowsHost): TemplateResult {
	const { store, pages, picking, selected, end } = host;
	const { active, selection, onActive, onPress, onClick } = picking;
	return html`<mw-chat role="listbox" aria-multiselectable="true"
		aria-label=${capital(store.describe.words.messages)}
		.store=${store} .low=${pages.low} .high=${end} .stick=${host.sticks} .active=${active}
		.version=${`${host.version} ${selected} ${active} ${selection.size}`}
		.rowAt=${(position: number) => pages.row(position)}
		.isSelected=${(position: number, row: Row) => selection.has(position) || row.seq === selected}
		.onScrolled=${host.onScrolled} .onRange=${host.onRange} .onActive=${onActive}
		@keydown=${host.onKey} @pointerdown=${onPress} @click=${onClick} @contextmenu=${host.onContextMenu}
		@copy=${host.onCopy}></mw-chat>`;
}
