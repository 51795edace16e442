import * as vscode from 'vscode';
import { fail } from '../../base/failure';
import { idFor, uniqueName } from '../../model/contracts/settings';
import { connectProfile, disconnectProfile, pickConnection } from '../connections/connect';
import type { Forms } from '../form/form';
import type { Panels } from '../panel/panel';
import type { Services } from '../services';
import { askModal, notify } from '../ui/notify';
import { withNotification } from '../ui/progress';
import { pickOne } from '../ui/prompt';
import { type Commands, profileId } from './registry';

/** Commands on a connection as a whole. */
export function connectionCommands(services: Services, forms: Forms, panels: Panels): Commands {
	const { profiles, sessions, secrets, approvals } = services;
	const pick = async (argument: unknown, title: string, which: 'open' | 'any' | 'connect' = 'any') =>
		profileId(argument) ?? (await pickConnection(services, title, which));

	function need(id: string) {
		const stored = profiles.find(id);
		if (!stored) throw fail('no-profile', 'This connection is not in the settings any more.');
		return stored;
	}

	async function moveBy(argument: unknown, step: -1 | 1): Promise<void> {
		const id = await pick(argument, 'Move Connection');
		if (id === undefined) return;
		const { source } = need(id);
		const list = profiles.profiles.filter((one) => one.source.key === source.key).map(({ profile }) => profile.id);
		const at = list.indexOf(id);
		if (at + step < 0 || at + step >= list.length) return;
		await profiles.move(id, list[step < 0 ? at - 1 : at + 2]);
	}

	return {
		addConnection: () => forms.open(undefined),
		async editConnection(argument) {
			const id = await pick(argument, 'Edit Connection');
			if (id !== undefined) forms.open(need(id).profile.id);
		},
		async duplicateConnection(argument) {
			const id = await pick(argument, 'Duplicate Connection');
			if (id === undefined) return;
			const { profile, source } = need(id);
			const name = uniqueName(`${profile.name} copy`, new Set(profiles.profiles.map((one) => one.profile.name)));
			const next = idFor(name, profiles.ids());
			await profiles.add({ ...profile, id: next, name }, source.scope);
			forms.open(next);
		},
		async deleteConnection(argument) {
			const id = await pick(argument, 'Delete Connection');
			if (id === undefined) return;
			const { profile, source } = need(id);
			const choice = await askModal(
				'warning',
				`Delete the connection “${profile.name}” from the ${source.label}?`,
				'Its stored passwords and its log are deleted with it.',
				'Delete',
			);
			if (choice !== 'Delete') return;
			await profiles.remove(id);
			await sessions.remove(id);
			await panels.forget(id);
			await secrets.removeAll(id);
			await approvals.forget(id);
		},
		moveConnectionUp: (argument) => moveBy(argument, -1),
		moveConnectionDown: (argument) => moveBy(argument, 1),
		async connect(argument) {
			const id = await pick(argument, 'Connect');
			if (id !== undefined) await connectProfile(services, id);
		},
		async disconnect(argument) {
			const id = await pick(argument, 'Disconnect', 'open');
			if (id !== undefined) await disconnectProfile(services, id);
		},
		async openPanel(argument) {
			const id = await pick(argument, 'Open Panel');
			if (id !== undefined) panels.open(need(id).profile);
		},
		async testConnection(argument) {
			const id = await pick(argument, 'Test Connection');
			if (id !== undefined) await testConnection(services, id);
		},
		async enterSecret(argument) {
			const id = await pick(argument, 'Enter Password');
			if (id !== undefined) await enterSecret(services, id);
		},
		showLog: () => services.log.show(),
	};
}

async function testConnection({ profiles, connecting, sessions, log }: Services, id: string): Promise<void> {
	const stored = profiles.find(id);
	const request = stored && (await connecting.request(stored.profile, stored.source.scope, stored.source.folder));
	if (!stored || !request) return;
	const report = await withNotification(`Testing ${stored.profile.name}`, (_, token) => {
		const abort = new AbortController();
		token.onCancellationRequested(() => abort.abort());
		return sessions.test(request, abort.signal);
	});
	const failed = report.steps.find((step) => step.failure)?.failure;
	const steps = report.steps.map(({ step, ms, failure }) => `${step} ${failure ? 'failed' : `${Math.round(ms)} ms`}`);
	log.info(`Test of ${stored.profile.name}: ${steps.join(', ')}`);
	if (failed) throw fail(failed.code, `${stored.profile.name}: ${failed.message}`, failed);
	void notify('information', `${stored.profile.name} works: ${steps.join(', ')}.`);
}

async function enterSecret({ profiles, connecting, secrets }: Services, id: string): Promise<void> {
	const stored = profiles.find(id);
	if (!stored) return;
	const { profile, source } = stored;
	const { description } = connecting.resolve(profile, source.folder);
	const fields = description.profile.flatMap((group) => group.fields.filter((field) => field.type === 'secret'));
	const choice =
		fields.length === 1
			? fields[0]
			: (
					await pickOne(
						fields.map((field) => ({ label: field.label, field })),
						{ title: `Which secret of “${profile.name}”?` },
					)
				)?.field;
	if (!choice || !(await secrets.ask(connecting.owner(profile, source.folder), choice, 'Enter it anew.'))) return;
	const before = Array.isArray(profile.secrets) ? profile.secrets : [];
	if (!before.includes(choice.key)) await profiles.update(id, { ...profile, secrets: [...before, choice.key] });
	const connect = 'Connect';
	const then = await notify('information', `${choice.label} stored for “${profile.name}”.`, connect);
	if (then === connect) await vscode.commands.executeCommand('messagingWorkbench.connect', id);
}
