import type { LitElement } from 'lit';
import { emit, emitFailure } from '../../base/emit';
import { icon } from '../../controls/icons';
import type { MenuItem } from '../../controls/menu';
import type { Session } from '../session';
import { messageMenu } from '../tree/node-menu';

/** What can be done with lines of the log: with one, also what is about its own target and text. */
export async function logMenu(from: LitElement, session: Session, seqs: number[]): Promise<MenuItem[]> {
	const { describe, remote } = session;
	const { words } = describe;
	const actions = await messageMenu(from, session, seqs);
	const [seq] = seqs;
	if (seq === undefined) return actions;
	const failed = (error: unknown) => emitFailure(from, error);
	const file: MenuItem = {
		label: `New message file from ${seqs.length > 1 ? 'these' : 'it'}`,
		icon: icon('edit'),
		run: () => remote.messageFile(seqs).catch(failed),
	};
	if (seqs.length > 1) return [...actions, file];
	const detail = await remote.detail(seq);
	const { target, answers, receipt, size } = detail.row;
	const copy = async () => {
		const { text } = await remote.decode(seq, detail.decodings[0] ?? 'hex', size);
		await remote.copy(text);
	};
	const items: MenuItem[] = [];
	const [answer] = receipt?.answers ?? [];
	if (answers !== undefined)
		items.push({ label: 'Show its request', icon: icon('arrow-up'), run: () => emit(from, 'mw-show', answers) });
	if (answer !== undefined)
		items.push({ label: 'Show its answer', icon: icon('reply'), run: () => emit(from, 'mw-show', answer) });
	if (receipt?.proof === 'pending' && receipt.stoppable)
		items.push({ label: 'Stop', icon: icon('debug-stop'), run: () => remote.cancel(seq).catch(failed) });
	if (target !== '') {
		items.push(
			{ label: `${words.send} again`, icon: icon('redo'), run: () => emit(from, 'mw-again', detail) },
			{
				label: `Show only this ${words.target}`,
				icon: icon('filter'),
				run: () => emit(from, 'mw-target-filter', { kind: 'exact', value: target }),
			},
			{ label: `Copy the ${words.target}`, icon: icon('copy'), run: () => remote.copy(target).catch(failed) },
		);
	}
	items.push(
		{ label: 'Copy the payload', icon: icon('copy'), run: () => copy().catch(failed) },
		{
			label: 'Copy as a command or program…',
			icon: icon('copy'),
			run: () => remote.copyMessage(seq).catch(failed),
		},
	);
	return [...items, file, ...actions];
}
