import * as vscode from 'vscode';
import { Coalescer } from '../../../base/coalesce';
import { type Disposable, DisposableStore } from '../../../base/disposable';
import { formatRate } from '../../../model/text/words';
import { createStatusItem } from '../../ui/status-item';
import type { RuleRuns } from './registry';
import { isActive } from './rule-run';
import type { RuleStates } from './states';

/** Shows how many rules run and how many messages they receive. Hidden while none runs. */
export function createRuleStatus(runs: RuleRuns, states: RuleStates): Disposable {
	const lifetime = new DisposableStore();
	const item = lifetime.add(
		createStatusItem(
			'messagingWorkbench.rulesStatus',
			'Messaging Workbench Rules',
			'messagingWorkbench.showRules',
			vscode.StatusBarAlignment.Left,
			-1,
		),
	);
	const update = lifetime.add(
		new Coalescer(1000, () => {
			const active = runs.all.filter(isActive);
			if (active.length === 0) return item.hide();
			const rate = active.reduce((sum, { stats }) => sum + (stats?.rate ?? 0), 0);
			const failed = active.reduce((sum, { stats }) => sum + (stats?.failed ?? 0), 0);
			const waiting = active.filter((run) => states.waitsFor(run).length > 0).length;
			const noun = active.length === 1 ? 'rule' : 'rules';
			const details = [
				`${active.length} ${noun} running, ${formatRate(rate)} messages received`,
				...(failed > 0 ? [`${failed} failed`] : []),
				...(waiting > 0 ? [`${waiting} waiting for connection`] : []),
			];
			item.show({
				icon: 'arrow-swap',
				text: `${active.length} ${noun} · ${formatRate(rate)}`,
				tooltip: `Messaging Workbench: ${details.join(', ')}`,
				warning: waiting > 0,
			});
		}),
	);
	lifetime.add(runs.onChanged(() => update.request()));
	lifetime.add(runs.onFigures(() => update.request()));
	return lifetime;
}
