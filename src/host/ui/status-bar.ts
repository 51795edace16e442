import * as vscode from 'vscode';
import { Coalescer } from '../../base/coalesce';
import { type Disposable, DisposableStore } from '../../base/disposable';
import { formatRate } from '../../model/text/words';
import type { Services } from '../services';
import { createStatusItem } from './status-item';

/** Shows the number of open connections and the message rate. Hidden without a session. */
export function createStatusBar({ sessions, profiles }: Pick<Services, 'sessions' | 'profiles'>): Disposable {
	const lifetime = new DisposableStore();
	const item = lifetime.add(
		createStatusItem(
			'messagingWorkbench.status',
			'Messaging Workbench',
			'messagingWorkbench.connections.focus',
			vscode.StatusBarAlignment.Left,
			0,
		),
	);
	const contexts = new Map<string, boolean>();
	/** Sets a context key only if it changes, because VS Code evaluates its menus on each call. */
	function context(name: string, value: boolean): void {
		if (contexts.get(name) === value) return;
		contexts.set(name, value);
		void vscode.commands.executeCommand('setContext', `messagingWorkbench.${name}`, value);
	}
	const update = lifetime.add(
		new Coalescer(1000, () => {
			const { all } = sessions;
			const open = all.filter(({ status }) => status.state.kind === 'open');
			const troubled = all.filter(({ status }) => status.state.kind === 'retrying');
			context('hasOpen', open.length > 0);
			context(
				'hasSent',
				all.some(({ status }) => status.sent > 0),
			);
			context('hasProfiles', profiles.profiles.length > 0);
			const recordings = all.filter(({ status: { recording } }) => recording && recording.problem === undefined).length;
			context('isRecording', recordings > 0);
			if (open.length + troubled.length + recordings === 0) return item.hide();
			const rate = open.reduce((sum, { status }) => sum + status.rate, 0);
			const noun = open.length === 1 ? 'connection' : 'connections';
			const retrying = troubled.length > 0 ? `, ${troubled.length} waiting to retry` : '';
			const recorded = recordings > 0 ? `, ${recordings} being recorded` : '';
			const numbers = `${open.length} ${noun} open, ${formatRate(rate)} messages received${retrying}${recorded}`;
			item.show({
				icon: recordings > 0 ? 'record' : 'pulse',
				text: `${open.length} open · ${formatRate(rate)}${recordings > 0 ? ' · recording' : ''}`,
				tooltip: `Messaging Workbench: ${numbers}`,
				warning: troubled.length > 0,
			});
		}),
	);
	lifetime.add(sessions.onChanged(() => update.request()));
	lifetime.add(profiles.onChanged(() => update.request()));
	update.request();
	return lifetime;
}
