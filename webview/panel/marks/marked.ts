import { css, html, nothing, type TemplateResult } from 'lit';
import { type Mark, type MarkCounts, type MarkKind, markKinds, markWords } from '../../../src/model/checks/mark';
import type { LogFilter } from '../../../src/model/contracts/message';
import { number, visible } from '../../base/words';
import { icon } from '../../controls/icons';
import { toolButton } from '../../controls/tool-button';
import { type FilterState, toLogFilter } from '../saved';
import type { PanelStore } from '../store';

export const markedStyles = css`
	.mark-cell { flex: 0 1 auto; max-width: 60%; display: inline-flex; align-items: center; gap: 4px; font-size: 0.92em; }
	.mark-cell > span:last-child { overflow: hidden; text-overflow: ellipsis; }
	@container (max-width: 640px) { .mark-cell { display: none; } }
`;

/** Names of codicons. */
const markIcons: Readonly<Record<MarkKind, string>> = {
	replayed: 'shield',
	old: 'watch',
	duplicate: 'copy',
	gap: 'ellipsis',
	reordered: 'arrow-swap',
	restarted: 'debug-restart',
	unverified: 'question',
};

/** The class of the color of a mark. */
export const markStyle: Readonly<Record<MarkKind, string>> = {
	replayed: 'bad',
	old: 'bad',
	duplicate: 'warn',
	gap: 'warn',
	reordered: 'warn',
	restarted: 'dim',
	unverified: 'warn',
};

/** The most serious one first, as the kinds are listed. */
export const bySeriousness = (marks: readonly Mark[]): Mark[] =>
	markKinds.flatMap((kind) => marks.filter((mark) => mark.kind === kind));

const titleOf = (marks: readonly Mark[]) =>
	bySeriousness(marks)
		.map(({ kind, reason }) => `${markWords[kind].title}: ${visible(reason)}`)
		.join('\n');

/** The icon beside the direction of a marked message. */
export function markIcon(marks: readonly Mark[]): TemplateResult | typeof nothing {
	const [mark] = bySeriousness(marks);
	return mark
		? html`<span class=${markStyle[mark.kind]}>${icon(markIcons[mark.kind], titleOf(marks))}</span>`
		: nothing;
}

/** The reason in words; where there is no room for it, the icon has it as its title. */
export function markCell(marks: readonly Mark[], column: number): TemplateResult | typeof nothing {
	const [mark] = bySeriousness(marks);
	if (!mark) return nothing;
	return html`<span class=${`mark-cell ${markStyle[mark.kind]}`} role="gridcell" aria-colindex=${column} title=${titleOf(marks)}
		><span>${visible(mark.reason)}${marks.length > 1 ? ` (+${marks.length - 1})` : ''}</span></span>`;
}

/** The kinds of which a filter shows the messages; undefined: it shows others, too. */
const isOnly = ({ marked }: FilterState, kind: MarkKind) => marked?.length === 1 && marked[0] === kind;

/** The counts of marked messages, each of which filters the log. */
export function markCounts(store: PanelStore, filter: FilterState, counts: MarkCounts = {}): TemplateResult[] {
	return markKinds
		.filter((kind) => counts[kind])
		.map((kind) => {
			const { one, many, help } = markWords[kind];
			const count = counts[kind] ?? 0;
			const pressed = isOnly(filter, kind);
			const toggle = () => store.filterMarked(pressed ? undefined : [kind]);
			const title = `${help}\n${pressed ? 'Show all messages' : 'Show only these messages'}`;
			return html`<span><button class=${`link ${markStyle[kind]}`} aria-pressed=${pressed} title=${title} @click=${toggle}>${number(
				count,
			)} ${count === 1 ? one : many}</button></span>`;
		});
}

/** The filter by marks, with a button that removes it. */
export function chosenMarks(store: PanelStore, { marked }: FilterState): TemplateResult | typeof nothing {
	if (!marked) return nothing;
	const [only] = marked.length === 1 ? marked : [];
	const text = only ? markWords[only].title : 'Marked';
	return html`<div class="below time" title=${`Only messages that are marked${only ? ` as ${text.toLowerCase()}` : ''}`}
		>${icon(only ? markIcons[only] : 'warning')}<span class="cut grow">${text}</span>
		${toolButton('close', 'Show Messages Without Marks', () => store.filterMarked(undefined))}</div>`;
}

/** The name of the view of marked messages in the engine. */
const markedView = 'marked';

/** Shows the next or previous marked message of the filtered log, from this line on. */
export async function stepMarked(store: PanelStore, from: number, by: -1 | 1): Promise<boolean> {
	const { remote, saved } = store;
	const filter: LogFilter = { ...toLogFilter(saved.filter), marked: saved.filter.marked ?? [...markKinds] };
	try {
		await remote.view(markedView, filter, from);
		const position = await remote.position(markedView, by > 0 ? from + 1 : from);
		const { seqs } = await remote.seqs(markedView, by > 0 ? position : position - 1, 1);
		const [seq] = seqs;
		if (seq === undefined || (by > 0 ? seq <= from : seq >= from)) return false;
		store.showMessage(seq);
		return true;
	} catch (error) {
		store.show(error);
		return false;
	}
}
