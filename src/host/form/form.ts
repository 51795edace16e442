import { randomUUID } from 'node:crypto';
import * as vscode from 'vscode';
import { type Disposable, DisposableStore } from '../../base/disposable';
import { toFailure } from '../../base/failure';
import { type FormApi, type FormEvents, formChecks } from '../../model/contracts/panel-api';
import { idFor, uniqueName } from '../../model/contracts/settings';
import { checkProfile } from '../../model/profile/check';
import type { Profile } from '../../model/profile/profile';
import { descriptions } from '../../protocols/descriptions';
import { connectProfile } from '../connections/connect';
import { cancelled, invalidField, testCancelled } from '../failures';
import { attachPage } from '../panel/page';
import { storedProfile } from '../profiles/store';
import type { Services } from '../services';
import type { Scope } from '../settings/sources';
import { visibleText } from '../ui/visible-text';
import { createFormSecrets } from './secrets';

/** Forms for adding and editing connections. Each connection has at most one. */
export interface Forms extends Disposable {
	/** Opens the form of a connection, or of a new one if `id` is undefined. Throws `no-profile`. */
	open(id: string | undefined): void;
}

export function createForms(services: Services): Forms {
	const { context, profiles, sessions, connecting } = services;
	const lifetime = new DisposableStore();
	const panels = new Map<string, vscode.WebviewPanel>();

	function open(id: string | undefined): void {
		const existing = panels.get(id ?? '');
		if (existing) {
			existing.reveal();
			return;
		}
		const stored = id === undefined ? undefined : storedProfile(profiles, id);
		const canWorkspace = (vscode.workspace.workspaceFolders ?? []).length > 0;
		const scope: Scope = stored?.source.scope ?? (canWorkspace ? 'workspace' : 'user');
		const folder = stored?.source.folder;
		// Secrets of a new connection are bound to this id until it is saved, and are then moved to its real id.
		const draftId = stored?.profile.id ?? `new-${randomUUID()}`;
		const profile = stored?.profile ?? newProfile(profiles);
		const title = visibleText(stored ? `Edit ${stored.profile.name}` : 'Add Connection');
		const panel = vscode.window.createWebviewPanel('messagingWorkbench.form', title, vscode.ViewColumn.Active, {
			retainContextWhenHidden: true,
		});
		panel.iconPath = vscode.Uri.joinPath(context.extensionUri, 'media', 'panel.svg');
		const formSecrets = createFormSecrets(services, draftId, folder);
		let test: AbortController | undefined;
		let saved = false;

		const api: FormApi = {
			init: async () => ({
				profile,
				isNew: !stored,
				scope,
				canWorkspace,
				storedSecrets: formSecrets.stored(profile),
			}),
			async save(input, scope, andConnect) {
				const taken = profiles.ids();
				const next = stored ? stored.profile.id : idFor(String(input.name ?? ''), taken);
				const complete = formSecrets.mark({ ...input, id: next });
				const wrong = checkProfile(complete, descriptions).find(({ severity }) => severity === 'error');
				if (wrong) throw invalidField(wrong.message);
				if (stored) await profiles.update(stored.profile.id, complete, scope);
				else {
					await profiles.add(complete, scope);
					await formSecrets.moveTo(complete as Profile);
				}
				saved = true;
				panel.dispose();
				if (andConnect) {
					if (sessions.get(next)?.status.state.kind === 'open') await sessions.close(next);
					void connectProfile(services, next);
				}
			},
			async test(input) {
				test?.abort();
				test = new AbortController();
				const candidate = { ...input, id: draftId, name: String(input.name || 'new connection') } as Profile;
				try {
					const request = await connecting.request(
						formSecrets.mark(candidate) as Profile,
						stored?.source.scope ?? 'user',
						folder,
					);
					if (!request) throw testCancelled();
					const report = await sessions.test(request, test.signal);
					return {
						...report,
						steps: report.steps.map((step) =>
							step.failure ? { ...step, failure: services.log.clean(step.failure) } : step,
						),
					};
				} catch (error) {
					const failure = services.log.clean(toFailure(error));
					if (failure.code === 'cancelled') throw cancelled(failure.message);
					return { ok: false, steps: [{ step: 'lookup', ms: 0, failure }], facts: [] };
				}
			},
			cancelTest: async () => test?.abort(),
			setSecret: (input, key) => formSecrets.ask(input, key),
			clearSecret: (input, key) => formSecrets.clear(input, key),
			secretsFor: async (input) => formSecrets.stored(input),
			pickFile: (title) => pickPath(title, folder),
			cancel: async () => panel.dispose(),
		};
		const rpc = attachPage<FormApi, FormEvents>(panel, services, 'form', api, formChecks);
		panels.set(id ?? '', panel);
		panel.onDidDispose(() => {
			panels.delete(id ?? '');
			test?.abort();
			rpc.dispose();
			if (!stored && !saved) void services.secrets.removeAll(draftId);
		});
	}

	lifetime.add({
		dispose() {
			for (const panel of [...panels.values()]) panel.dispose();
		},
	});
	return { open, dispose: () => lifetime.dispose() };
}

function newProfile({ profiles }: Services['profiles']): Record<string, unknown> {
	const names = new Set(profiles.map(({ profile }) => profile.name));
	const first = descriptions[0];
	return { name: uniqueName('New connection', names), protocol: first?.id, url: '' };
}

/** A path inside the workspace starts with `${workspaceFolder}/`, so that the settings are valid on other machines. */
async function pickPath(title: string, folder: vscode.WorkspaceFolder | undefined): Promise<string | undefined> {
	const root = folder ?? vscode.workspace.workspaceFolders?.[0];
	const [uri] =
		(await vscode.window.showOpenDialog({
			title: visibleText(title, 100),
			...(root ? { defaultUri: root.uri } : {}),
		})) ?? [];
	if (!uri) return undefined;
	const path = uri.fsPath;
	const inside = root && `${root.uri.fsPath}/`;
	return inside && path.startsWith(inside) ? `\${workspaceFolder}/${path.slice(inside.length)}` : path;
}
