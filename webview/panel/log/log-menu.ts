import { markKinds } from '../../../src/model/checks/mark';
import { direction, type Row } from '../../../src/model/contracts/message';
import { capital } from '../../base/words';
import { icon } from '../../controls/icons';
import type { MenuItem } from '../../controls/menu';
import { canCheck, newCheckLabel, startCheck } from '../marks/new-check';
import { messageMenu } from '../node-menu';
import type { PanelStore } from '../store';
import type { LogFind } from './find/log-find';
import { copyKeys, copyMessages, keysOf, newFileItem, saveLog, severalItems } from './log-commands';
import type { Picking } from './picking';

/**
 * The menu of messages of the log. With one message it also has the items for its target and payload. `say` shows a result
 * in the log.
 */
export async function logMenu(store: PanelStore, seqs: number[], say: (text: string) => void): Promise<MenuItem[]> {
	const actions = (await messageMenu(store, seqs)).map((item) => ({ ...item, group: item.group ?? 'actions' }));
	const [seq] = seqs;
	if (seq === undefined) return actions;
	const own = seqs.length > 1 ? severalItems(store, seqs, say) : await oneMessage(store, seq, say);
	return [...own, ...actions];
}

/** The menu of the whole log. */
export const logItems = (
	store: PanelStore,
	find: LogFind,
	picking: Picking,
	stepMarked: (by: -1 | 1) => void,
): MenuItem[] => [
	{ label: 'Find…', icon: icon('search'), group: 'find', keys: keysOf('F'), run: find.open },
	{
		label: 'Select All',
		icon: icon('list-selection'),
		group: 'find',
		keys: keysOf('A'),
		run: () => picking.selectAll(),
	},
	...(Object.keys(store.status.marked ?? {}).length > 0 ? markedItems(store, stepMarked) : []),
	{
		label: store.recording ? 'Export…' : 'Save Log as File…',
		icon: icon('save-as'),
		group: 'save',
		run: () => saveLog(store),
	},
];

const markedItems = (store: PanelStore, step: (by: -1 | 1) => void): MenuItem[] => [
	{
		label: 'Show Only Marked',
		icon: icon('filter'),
		group: 'marked',
		run: () => store.filterMarked([...markKinds]),
	},
	{ label: 'Next Marked', icon: icon('arrow-down'), group: 'marked', keys: 'F8', run: () => step(1) },
	{ label: 'Previous Marked', icon: icon('arrow-up'), group: 'marked', keys: 'Shift+F8', run: () => step(-1) },
];

async function oneMessage(store: PanelStore, seq: number, say: (text: string) => void): Promise<MenuItem[]> {
	const { remote } = store;
	const detail = await remote.detail(seq);
	const { row, decodings } = detail;
	const copyPayload = async () => {
		const { text } = await remote.decode(seq, decodings[0] ?? 'hex', row.size);
		await remote.copy(text);
	};
	const copyLine = () => store.run(copyMessages(store, [seq], 'json-lines').then(say));
	const items = exchange(store, row);
	if (direction(row.flags) === 'note')
		return [{ label: 'Copy', icon: icon('copy'), group: 'copy', keys: copyKeys, run: copyLine }];
	const { send, target } = store.describe.words;
	if (row.target !== '' && store.describe.verbs.length > 0)
		items.push({
			label: `${send} Again`,
			icon: icon('redo'),
			group: 'do',
			run: () => store.run(store.compose.again(detail)),
		});
	if (row.target !== '')
		items.push({
			label: `Show Only This ${capital(target)}`,
			icon: icon('filter'),
			group: 'do',
			run: () => store.filterTarget({ kind: 'exact', value: row.target }),
		});
	if (canCheck(store, row))
		items.push({
			label: newCheckLabel,
			icon: icon('shield'),
			group: 'do',
			run: () => store.run(startCheck(store, seq)),
		});
	items.push({ label: 'Copy Payload', icon: icon('copy'), group: 'copy', run: () => store.run(copyPayload()) });
	if (row.target !== '')
		items.push({
			label: `Copy ${capital(target)}`,
			icon: icon('copy'),
			group: 'copy',
			run: () => store.run(remote.copy(row.target)),
		});
	items.push({ label: 'Copy as JSON Line', icon: icon('copy'), group: 'copy', keys: copyKeys, run: copyLine });
	items.push(
		{ label: 'Copy as Code…', icon: icon('copy'), group: 'copy', run: () => store.run(remote.copyMessage(seq)) },
		newFileItem(store, [seq]),
	);
	return items;
}

/** Items for a request that was sent, or for an answer. */
function exchange(store: PanelStore, { seq, answers, receipt }: Row): MenuItem[] {
	const items: MenuItem[] = [];
	const [answer] = receipt?.answers ?? [];
	if (answers !== undefined)
		items.push({ label: 'Show Request', icon: icon('arrow-up'), group: 'show', run: () => store.showMessage(answers) });
	if (answer !== undefined)
		items.push({ label: 'Show Answer', icon: icon('reply'), group: 'show', run: () => store.showMessage(answer) });
	if (receipt?.proof === 'pending' && receipt.stoppable)
		items.push({
			label: 'Stop',
			icon: icon('debug-stop'),
			group: 'show',
			run: () => store.run(store.remote.cancel(seq)),
		});
	return items;
}
