import * as vscode from 'vscode';
import { fail } from '../../base/failure';
import { describe } from '../../protocols/descriptions';
import { askSubscription } from '../actions/ask-subscription';
import { subscribeAsking } from '../actions/run-action';
import { modeOf } from '../connections/confirm';
import { pickConnection } from '../connections/connect';
import { requireTrust } from '../connections/connection-request';
import { clearRetained } from '../connections/retained';
import type { Panels } from '../panel/panel';
import { keepSubscription } from '../profiles/subscriptions';
import type { Services } from '../services';
import type { Sidebar } from '../sidebar/tree';
import { notify } from '../ui/notify';
import { askText } from '../ui/prompt';
import { type Commands, nodeOf, profileId, targetOf } from './registry';

/** Commands on targets of an open connection, and on what its peer has. */
export function topicCommands(services: Services, panels: Panels, sidebar: Sidebar): Commands {
	const { profiles, sessions } = services;

	async function target(argument: unknown, title: string, which: 'open' | 'any' = 'open') {
		const id = profileId(argument) ?? (await pickConnection(services, title, which));
		const stored = id === undefined ? undefined : profiles.find(id);
		const description = stored && describe(stored.profile.protocol);
		return stored && description ? { id: stored.profile.id, profile: stored.profile, description } : undefined;
	}

	function engineOf(id: string) {
		const session = sessions.get(id);
		if (session?.status.state.kind !== 'open')
			throw fail('not-open', 'The connection is not open.', { remedy: { text: 'Connect first.' } });
		return session.engine();
	}

	return {
		async subscribe(argument) {
			requireTrust();
			const found = await target(argument, 'Subscribe');
			if (!found) return;
			const { id, profile, description } = found;
			const { words } = description;
			if (!description.subscription)
				throw fail('cannot-subscribe', 'Here everything that arrives is received without asking.');
			engineOf(id);
			const asked = await askSubscription(services, id, description, nodeOf(argument), profile.name);
			if (!asked) return;
			const { detail, reduced } = await subscribeAsking(services, id, asked);
			const mode = modeOf(description, asked.mode);
			const text = `${mode?.label ?? words.subscribe}: ${asked.target}${detail ? ` – ${detail}` : ''}`;
			const keep = 'Keep in Connection';
			// What takes messages away is never started by a profile.
			const choice = await notify(reduced ? 'warning' : 'information', text, ...(mode?.intrusive ? [] : [keep]));
			if (choice === keep) await keepSubscription(profiles, id, asked, true);
		},
		async publishHere(argument) {
			requireTrust();
			const found = await target(argument, 'Compose');
			const node = nodeOf(argument);
			const compose = node?.kind === 'node' ? node.node.compose : undefined;
			if (found) panels.reveal(found.profile, targetOf(argument) ?? '', true, ...(compose ? [compose] : []));
		},
		async openInPanel(argument) {
			const found = await target(argument, 'Open in Panel', 'any');
			if (found) panels.reveal(found.profile, targetOf(argument) ?? '', false);
		},
		async copyTopic(argument) {
			const node = nodeOf(argument);
			const name = targetOf(argument) ?? (node?.kind === 'node' ? node.node.name : undefined);
			if (name !== undefined) await vscode.env.clipboard.writeText(name);
		},
		async refreshNodes(argument) {
			const found = await target(argument, 'Refresh');
			if (found) sidebar.refresh(found.id);
		},
		showMoreNodes(argument) {
			const node = nodeOf(argument);
			if (node?.kind === 'rest') sidebar.more(node.parent);
		},
		async clearRetained(argument) {
			requireTrust();
			const found = await target(argument, 'Clear Retained');
			if (!found) return;
			engineOf(found.id);
			const path =
				targetOf(argument) ??
				(await askText({
					title: `Clear Retained: ${found.profile.name}`,
					prompt: `At and below this ${found.description.words.target}; empty for all that were seen. You are shown which before anything is sent.`,
				}));
			if (path === undefined) return;
			const cleared = await clearRetained(services, found.id, path);
			if (cleared > 0) void notify('information', `${cleared} retained messages cleared.`);
		},
		async filterTopics(argument) {
			const found = await target(argument, 'Filter', 'any');
			if (!found) return;
			const { pattern, words } = found.description;
			const text = await askText({
				title: `Filter ${words.targets}: ${found.profile.name}`,
				value: sidebar.filterOf(found.id) ?? '',
				prompt: `Part of the name of a ${words.target}${pattern ? `, or a pattern: ${pattern.help}` : ''}. Empty: all.`,
			});
			if (text !== undefined) sidebar.setFilter(found.id, text.trim());
		},
		clearTopicFilter(argument) {
			const id = profileId(argument);
			if (id !== undefined) sidebar.setFilter(id, undefined);
		},
	};
}
