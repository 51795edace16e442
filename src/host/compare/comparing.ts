import type { Disposable } from '../../base/disposable';
import type { Commands } from '../commands/registry';
import { alreadyComparing } from '../failures';
import type { Services } from '../services';
import { requireTrust } from '../trust';
import { notify, withNotification } from '../ui/notify';
import { keepFigures } from './figures';
import { askComparison } from './questions';
import { createReportTabs, saveReport } from './report-tab';
import { compareInThread } from './thread';

/** The commands that compare connections and save the report. `path`: of the thread's code. */
export function createComparing(services: Services, path: string): Disposable & { commands: Commands } {
	const { context } = services;
	const tabs = createReportTabs(context.extensionUri);
	let running: AbortController | undefined;

	async function compareConnections(): Promise<void> {
		requireTrust();
		if (running) throw alreadyComparing();
		const { version } = context.extension.packageJSON as { version: string };
		const data = await askComparison(services, `Messaging Workbench ${version}`);
		if (!data) return;
		// Two at once would measure each other.
		if (running) throw alreadyComparing();
		const own = new AbortController();
		running = own;
		try {
			const report = await withNotification('Comparing', (say, token) => {
				token.onCancellationRequested(() => own.abort());
				let before = 0;
				const progress = (text: string, done: number) => {
					say(text, (done - before) * 100);
					before = done;
				};
				return compareInThread(path, data, progress, own.signal);
			});
			await keepFigures(context.globalState, report);
			tabs.show(report);
			const save = 'Save Report…';
			const text = report.stopped
				? 'The comparison was stopped; the report has what was measured.'
				: 'The comparison is complete.';
			void notify('information', text, save).then((choice) => (choice === save ? saveReport(report) : undefined));
		} finally {
			running = undefined;
		}
	}

	async function saveComparison(): Promise<void> {
		const report = tabs.active();
		if (report) await saveReport(report);
	}

	return { commands: { compareConnections, saveComparison }, dispose: () => running?.abort() };
}
