import type { Row } from '../../../src/model/contracts/message';
import { capital } from '../../base/words';
import { icon } from '../../controls/icons';
import type { MenuItem } from '../../controls/menu';
import { messageMenu } from '../node-menu';
import type { PanelStore } from '../store';

/** The menu of messages of the log. With one message it also has the items for its target and payload. */
export async function logMenu(store: PanelStore, seqs: number[]): Promise<MenuItem[]> {
	const actions = await messageMenu(store, seqs);
	const [seq] = seqs;
	if (seq === undefined) return actions;
	const file: MenuItem = {
		label: `New Message File from ${seqs.length > 1 ? 'Messages' : 'Message'}`,
		icon: icon('edit'),
		run: () => store.run(store.remote.messageFile(seqs)),
	};
	return seqs.length > 1 ? [...actions, file] : [...(await oneMessage(store, seq)), file, ...actions];
}

async function oneMessage(store: PanelStore, seq: number): Promise<MenuItem[]> {
	const { remote } = store;
	const detail = await remote.detail(seq);
	const { row, decodings } = detail;
	const copyPayload = async () => {
		const { text } = await remote.decode(seq, decodings[0] ?? 'hex', row.size);
		await remote.copy(text);
	};
	const items = exchange(store, row);
	if (row.target !== '') {
		const again = () => store.run(store.composeAgain(detail));
		const { send } = store.describe.words;
		items.push({ label: `${send} Again`, icon: icon('redo'), run: again }, ...ofTarget(store, row.target));
	}
	items.push(
		{ label: 'Copy Payload', icon: icon('copy'), run: () => store.run(copyPayload()) },
		{ label: 'Copy as Code…', icon: icon('copy'), run: () => store.run(remote.copyMessage(seq)) },
	);
	return items;
}

/** Items for a request that was sent, or for an answer. */
function exchange(store: PanelStore, { seq, answers, receipt }: Row): MenuItem[] {
	const items: MenuItem[] = [];
	const [answer] = receipt?.answers ?? [];
	if (answers !== undefined)
		items.push({ label: 'Show Request', icon: icon('arrow-up'), run: () => store.showMessage(answers) });
	if (answer !== undefined)
		items.push({ label: 'Show Answer', icon: icon('reply'), run: () => store.showMessage(answer) });
	if (receipt?.proof === 'pending' && receipt.stoppable)
		items.push({ label: 'Stop', icon: icon('debug-stop'), run: () => store.run(store.remote.cancel(seq)) });
	return items;
}

function ofTarget(store: PanelStore, target: string): MenuItem[] {
	const name = capital(store.describe.words.target);
	return [
		{
			label: `Show Only This ${name}`,
			icon: icon('filter'),
			run: () => store.filterTarget({ kind: 'exact', value: target }),
		},
		{ label: `Copy ${name}`, icon: icon('copy'), run: () => store.run(store.remote.copy(target)) },
	];
}
