import * as vscode from 'vscode';
import { isRecord } from '../../base/check';
import { Coalescer } from '../../base/coalesce';
import { type Disposable, DisposableStore } from '../../base/disposable';
import type { Remote } from '../../base/rpc';
import { type PanelApi, type PanelEvents, panelChecks, type Start } from '../../model/contracts/panel-api';
import type { Profile } from '../../model/profile/profile';
import { idleStatus } from '../connections/sessions';
import type { Services } from '../services';
import { stepTaken } from '../steps-taken';
import type { Documents } from '../ui/documents';
import { visibleText } from '../ui/visible-text';
import { createPanelApi, panelProfile } from './api';
import { attachPage } from './page';
import { savedKey } from './saved-state';

const viewType = 'messagingWorkbench.panel';

/** Minimum interval between status updates to the page, in milliseconds. The page then requests the rows that it shows. */
const statusInterval = 250;

/** The panels of connections. Each connection has at most one, in an editor tab. */
export interface Panels extends Disposable {
	open(profile: Profile): void;
	/** Opens the panel and shows a target in it; with `compose`, also in the compose form. */
	reveal(profile: Profile, ...target: Reveal): void;
	/** Opens the panel and starts in it what was chosen in a menu. */
	start(profile: Profile, what: Start): void;
	/** Closes the panel of a deleted connection and deletes its saved state. */
	forget(id: string): Promise<void>;
}

type Reveal = Parameters<PanelEvents['reveal']>;

interface Open {
	panel: vscode.WebviewPanel;
	/** Shows the panel and calls its page, now or when it is ready. */
	call(run: (page: Remote<PanelEvents>) => void): void;
}

export function createPanels(services: Services, documents: Documents): Panels {
	const { context, sessions, profiles } = services;
	const lifetime = new DisposableStore();
	const panels = new Map<string, Open>();

	function attach(id: string, panel: vscode.WebviewPanel): Open {
		const own = new DisposableStore();
		let ready = false;
		let waiting: ((page: Remote<PanelEvents>) => void) | undefined;
		const api = createPanelApi(services, documents, id, () => {
			ready = true;
			const call = waiting;
			waiting = undefined;
			// Sent after the response to `init`, because the page can show it only then.
			if (call) setTimeout(() => call(rpc.remote), 50);
		});
		const push = own.add(
			new Coalescer(statusInterval, () => {
				if (panel.visible && ready) void rpc.remote.changed(sessions.get(id)?.status ?? idleStatus);
			}),
		);
		own.add(sessions.onChanged((changed) => changed === id && push.request()));
		const name = () => {
			const stored = profiles.find(id);
			if (!stored) return;
			panel.title = visibleText(stored.profile.name);
			const picture = stored.profile.production ? 'panel-production.svg' : 'panel.svg';
			panel.iconPath = vscode.Uri.joinPath(context.extensionUri, 'media', picture);
			if (panel.visible && ready) void rpc.remote.renamed(panelProfile(stored.profile, services.log.redact));
		};
		name();
		const events = ['changed', 'renamed', 'reveal', 'start'] as const;
		const rpc = own.add(attachPage<Remote<PanelApi>, PanelEvents>(panel, services, 'panel', api, panelChecks, events));
		own.add(profiles.onChanged(name));
		own.add(
			panel.onDidChangeViewState(() => {
				// VS Code destroys a hidden page. A new one calls `init` again.
				if (panel.visible) push.request();
				else ready = false;
			}),
		);
		panel.onDidDispose(() => {
			own.dispose();
			panels.delete(id);
		});
		const open: Open = {
			panel,
			call(run) {
				panel.reveal();
				if (ready && panel.visible) run(rpc.remote);
				else waiting = run;
			},
		};
		panels.set(id, open);
		stepTaken('hasPanel');
		return open;
	}

	/** The group of the panel that was shown last, so that a document opened beside it does not halve the next one. */
	function column(): vscode.ViewColumn {
		const open = [...panels.values()].map(({ panel }) => panel);
		const shown = open.find(({ active }) => active) ?? open.filter(({ visible }) => visible).at(-1) ?? open.at(-1);
		return shown?.viewColumn ?? vscode.ViewColumn.Active;
	}

	function ensure({ id, name }: Profile): Open {
		return panels.get(id) ?? attach(id, vscode.window.createWebviewPanel(viewType, visibleText(name), column(), {}));
	}

	lifetime.add(
		vscode.window.registerWebviewPanelSerializer(viewType, {
			async deserializeWebviewPanel(panel, state) {
				await profiles.ready;
				const id =
					profileOf(state) ??
					profiles.profiles.find(({ profile }) => visibleText(profile.name) === panel.title)?.profile.id;
				if (id !== undefined && profiles.find(id) && !panels.has(id)) attach(id, panel);
				else panel.dispose();
			},
		}),
	);
	lifetime.add({
		dispose() {
			for (const { panel } of [...panels.values()]) panel.dispose();
		},
	});
	return {
		open: (profile) => ensure(profile).panel.reveal(),
		reveal: (profile, ...target) => ensure(profile).call((page) => void page.reveal(...target)),
		start: (profile, what) => ensure(profile).call((page) => void page.start(what)),
		async forget(id) {
			panels.get(id)?.panel.dispose();
			await context.workspaceState.update(savedKey(id), undefined);
		},
		dispose: () => lifetime.dispose(),
	};
}

/** Id of the profile from the state that a page keeps, `{ profile }`. A page that was never drawn has no state. */
function profileOf(state: unknown): string | undefined {
	const id = isRecord(state) ? state.profile : undefined;
	return typeof id === 'string' ? id : undefined;
}
