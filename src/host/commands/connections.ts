import * as vscode from 'vscode';
import { FailureError, fail } from '../../base/failure';
import { idFor, uniqueName } from '../../model/contracts/settings';
import { certificatePin, fieldsOf } from '../../model/profile/fields';

import { canTrust, offerTrust } from '../connections/certificates';
import { connectProfile, disconnectProfile, pickConnection } from '../connections/connect';
import { reconnectAll } from '../connections/reconnect';
import type { Forms } from '../form/form';
import type { Panels } from '../panel/panel';
import { type StoredProfile, storedProfile } from '../profiles/store';
import { deleteHistory } from '../recordings/history';
import type { Services } from '../services';
import { askModal, notify, withNotification } from '../ui/notify';
import { pickOne } from '../ui/prompt';
import { type Command, type Commands, profileId } from './registry';

/** Commands on a connection as a whole. */
export function connectionCommands(services: Services, forms: Forms, panels: Panels): Commands {
	const { profiles, sessions, secrets, approvals, recordings } = services;

	/** A command on the connection of its argument, or on one that the user picks. */
	const on =
		(title: string, run: (stored: StoredProfile) => unknown, which: 'open' | 'any' = 'any'): Command =>
		async (argument) => {
			const id = profileId(argument) ?? (await pickConnection(services, title, which));
			if (id !== undefined) await run(storedProfile(profiles, id));
		};

	const moveBy = (step: -1 | 1) =>
		on('Move Connection', async ({ profile, source }) => {
			const list = profiles.profiles.filter((stored) => stored.source.key === source.key);
			const ids = list.map((stored) => stored.profile.id);
			const at = ids.indexOf(profile.id);
			if (at + step < 0 || at + step >= ids.length) return;
			await profiles.move(profile.id, ids[step < 0 ? at - 1 : at + 2]);
		});

	return {
		addConnection: () => forms.open(undefined),
		editConnection: on('Edit Connection', ({ profile }) => forms.open(profile.id)),
		duplicateConnection: on('Duplicate Connection', async ({ profile, source }) => {
			const names = new Set(profiles.profiles.map((stored) => stored.profile.name));
			const name = uniqueName(`${profile.name} copy`, names);
			const id = idFor(name, profiles.ids());
			await profiles.add({ ...profile, id, name }, source.scope);
			forms.open(id);
		}),
		deleteConnection: on('Delete Connection', async ({ profile: { id, name }, source }) => {
			const choice = await askModal(
				'warning',
				`Delete the connection “${name}” from the ${source.label}?`,
				'This also deletes its stored passwords, its log and its history.',
				'Delete',
			);
			if (choice !== 'Delete') return;
			const history = recordings.folderOf(storedProfile(profiles, id));
			await profiles.remove(id);
			await sessions.remove(id);
			await deleteHistory(history);
			await panels.forget(id);
			await secrets.removeAll(id);
			await approvals.forget(id);
		}),
		moveConnectionUp: moveBy(-1),
		moveConnectionDown: moveBy(1),
		connect: on('Connect', ({ profile }) => connectProfile(services, profile.id)),
		reconnectAll: () => reconnectAll(services),
		tryNow: on('Try Now', ({ profile }) => connectProfile(services, profile.id)),
		disconnect: on('Disconnect', ({ profile }) => disconnectProfile(services, profile.id), 'open'),
		openPanel: on('Open Panel', ({ profile }) => panels.open(profile)),
		testConnection: on('Test Connection', (stored) => testConnection(services, stored)),
		enterSecret: on('Enter Password', (stored) => enterSecret(services, stored)),
		showLog: () => services.log.show(),
	};
}

async function testConnection(services: Services, { profile, source }: StoredProfile): Promise<void> {
	const { connecting, sessions, log, profiles } = services;
	const request = await connecting.request(profile, source.scope, source.folder);
	if (!request) return;
	const report = await withNotification(`Testing ${profile.name}`, (_, token) => {
		const abort = new AbortController();
		token.onCancellationRequested(() => abort.abort());
		return sessions.test(request, abort.signal);
	});
	const failed = report.steps.find((step) => step.failure)?.failure;
	const steps = report.steps.map(({ step, ms, failure }) => `${step} ${failure ? 'failed' : `${Math.round(ms)} ms`}`);
	log.info(`Test of ${profile.name}: ${steps.join(', ')}`);
	if (failed && canTrust(failed, profile.protocol)) {
		if (await offerTrust({ profiles, log }, profile, new FailureError(failed)))
			await connectProfile(services, profile.id, [certificatePin]);
		return;
	}
	if (failed) throw fail(failed.code, `${profile.name}: ${failed.message}`, failed);
	void notify('information', `${profile.name} works: ${steps.join(', ')}.`);
}

async function enterSecret(
	{ profiles, connecting, secrets }: Pick<Services, 'profiles' | 'connecting' | 'secrets'>,
	{ profile, source }: StoredProfile,
): Promise<void> {
	const { description } = connecting.resolve(profile, source.folder);
	const items = fieldsOf(description)
		.filter(({ type }) => type === 'secret')
		.map((field) => ({ label: field.label, field }));
	const [only] = items;
	const item = items.length === 1 ? only : await pickOne(items, { title: `Secret to enter for “${profile.name}”` });
	const owner = connecting.owner(profile, source.folder);
	if (!item || !(await secrets.ask(owner, item.field, 'Enter a new value.'))) return;
	const names = Array.isArray(profile.secrets) ? profile.secrets : [];
	const { key } = item.field;
	if (!names.includes(key)) await profiles.update(profile.id, { ...profile, secrets: [...names, key] });
	const connect = 'Connect';
	const choice = await notify('information', `${item.label} stored for “${profile.name}”.`, connect);
	if (choice === connect) await vscode.commands.executeCommand('messagingWorkbench.connect', profile.id);
}
