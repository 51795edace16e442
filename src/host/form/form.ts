import * as vscode from 'vscode';
import { type Disposable, DisposableStore } from '../../base/disposable';
import { type Failure, toFailure } from '../../base/failure';
import { type FormApi, type FormEvents, formChecks } from '../../model/contracts/panel-api';
import { idFor } from '../../model/contracts/settings';
import { checkProfile } from '../../model/profile/check';
import { certificatePin, valueAt } from '../../model/profile/fields';
import type { Profile } from '../../model/profile/profile';
import { descriptions } from '../../protocols/descriptions';
import { askTrust } from '../connections/certificates';
import { connectProfile } from '../connections/connect';
import { cancelled, invalidField, testCancelled } from '../failures';
import { attachPage } from '../panel/page';
import { storedProfile } from '../profiles/store';
import type { Services } from '../services';
import type { Scope } from '../settings/sources';
import { askModal, notify } from '../ui/notify';
import { visibleText } from '../ui/visible-text';
import { pickPath } from './pick-path';
import { createFormSecrets } from './secrets';

/** Forms for adding and editing connections. Each connection has at most one. */
export interface Forms extends Disposable {
	/** Opens the form of a connection, or of a new one if `id` is undefined, which begins with `start`. Throws `no-profile`. */
	open(id: string | undefined, start?: Record<string, unknown>): void;
}

/** An unsaved profile. Kept in memory only. */
interface Draft {
	profile: Record<string, unknown>;
	scope: Scope;
}

/** Id of a new connection until it is saved. No secret is stored under it. */
const newId = 'new connection';

export function createForms(services: Services): Forms {
	const { context, profiles, sessions, connecting } = services;
	const lifetime = new DisposableStore();
	const panels = new Map<string, vscode.WebviewPanel>();
	let ending = false;

	function open(id: string | undefined, kept?: Draft): void {
		const existing = panels.get(id ?? '');
		if (existing) {
			existing.reveal();
			return;
		}
		const stored = id === undefined ? undefined : storedProfile(profiles, id);
		const canWorkspace = (vscode.workspace.workspaceFolders ?? []).length > 0;
		const scope: Scope = kept?.scope ?? stored?.source.scope ?? (canWorkspace ? 'workspace' : 'user');
		const folder = stored?.source.folder;
		const profile = kept?.profile ?? stored?.profile ?? { name: '', protocol: descriptions[0]?.id, url: '' };
		const title = visibleText(stored ? `Edit ${stored.profile.name}` : 'Add Connection');
		const panel = vscode.window.createWebviewPanel('messagingWorkbench.form', title, vscode.ViewColumn.Active, {
			retainContextWhenHidden: true,
		});
		panel.iconPath = vscode.Uri.joinPath(context.extensionUri, 'media', 'panel.svg');
		const formSecrets = createFormSecrets(services, stored?.profile.id ?? newId, folder);
		let test: AbortController | undefined;
		let draft = kept;
		let refused: Failure | undefined;
		let pin: string | undefined;
		/** The user has just approved the certificate in this form. */
		const approved = (input: Record<string, unknown>) =>
			pin !== undefined && valueAt(input, certificatePin) === pin ? [certificatePin] : [];

		const close = () => {
			draft = undefined;
			panel.dispose();
		};
		const api: FormApi = {
			init: async () => ({
				profile,
				isNew: !stored,
				scope,
				canWorkspace,
				storedSecrets: formSecrets.stored(profile),
				names: profiles.profiles.filter((one) => one.profile.id !== id).map((one) => one.profile.name),
				isDraft: kept !== undefined,
			}),
			async save(input, scope, andConnect) {
				const next = stored ? stored.profile.id : idFor(String(input.name ?? ''), profiles.ids());
				const complete = formSecrets.mark({ ...input, id: next });
				const wrong = checkProfile(complete, descriptions).find(({ severity }) => severity === 'error');
				if (wrong) throw invalidField(wrong.message);
				// Stored first, so that a failure in between leaves a connection whose secret can be found.
				await formSecrets.save(complete as Profile);
				if (stored) await profiles.update(stored.profile.id, complete, scope);
				else await profiles.add(complete, scope);
				close();
				if (andConnect) {
					if (sessions.get(next)?.status.state.kind === 'open') await sessions.close(next);
					void connectProfile(services, next, approved(complete));
				}
			},
			async test(input) {
				test?.abort();
				test = new AbortController();
				refused = undefined;
				const own = { id: stored?.profile.id ?? newId, name: String(input.name || 'new connection') };
				const candidate = formSecrets.forTest({ ...input, ...own }) as Profile;
				try {
					const request = await connecting.request(
						candidate,
						stored?.source.scope ?? 'user',
						folder,
						{},
						{ approved: approved(input), typed: formSecrets.typed() },
					);
					if (!request) throw testCancelled();
					const report = await sessions.test(formSecrets.into(request), test.signal);
					const steps = report.steps.map((step) =>
						step.failure ? { ...step, failure: services.log.clean(step.failure) } : step,
					);
					refused = steps.find(({ failure }) => failure?.certificates)?.failure;
					return { ...report, steps };
				} catch (error) {
					const failure = services.log.clean(toFailure(error));
					if (failure.code === 'cancelled') throw cancelled(failure.message);
					return { ok: false, steps: [{ step: 'lookup', ms: 0, failure }], facts: [] };
				}
			},
			cancelTest: async () => test?.abort(),
			async trustCertificate() {
				const name = stored?.profile.name ?? 'new connection';
				const chosen = refused && (await askTrust(name, refused));
				pin = chosen ?? pin;
				return chosen;
			},
			copy: async (text) => vscode.env.clipboard.writeText(text),
			enterSecrets: async (typed, removed) => formSecrets.enter(typed, removed),
			secretsFor: async (input) => formSecrets.stored(input),
			async keepDraft(input, scope) {
				draft = { profile: input, scope };
			},
			pickFile: (title) => pickPath(title, folder),
			async cancel(isChanged) {
				const discard = 'Discard';
				const question = `Discard the changes to ${stored ? `“${stored.profile.name}”` : 'the new connection'}?`;
				if (!isChanged || (await askModal('warning', question, '', discard)) === discard) close();
			},
		};
		const rpc = attachPage<FormApi, FormEvents>(panel, services, 'form', api, formChecks);
		panels.set(id ?? '', panel);
		panel.onDidDispose(() => {
			panels.delete(id ?? '');
			test?.abort();
			rpc.dispose();
			if (draft && !ending) void offerAgain(id, draft);
		});
	}

	/** VS Code does not let an extension ask before a tab closes. */
	async function offerAgain(id: string | undefined, draft: Draft): Promise<void> {
		const reopen = 'Reopen';
		const text = 'The form was closed with unsaved changes. Passwords that were typed have to be entered again.';
		if ((await notify('warning', text, reopen)) === reopen) open(id, draft);
	}

	lifetime.add({
		dispose() {
			ending = true;
			for (const panel of [...panels.values()]) panel.dispose();
		},
	});
	return {
		open(id, start) {
			const canWorkspace = (vscode.workspace.workspaceFolders ?? []).length > 0;
			open(id, start && { profile: start, scope: canWorkspace ? 'workspace' : 'user' });
		},
		dispose: () => lifetime.dispose(),
	};
}
