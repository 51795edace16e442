import * as vscode from 'vscode';
import { describe } from '../../protocols/descriptions';
import { askSubscription } from '../actions/ask-subscription';
import { subscribeAsking } from '../actions/run-action';
import { modeOf } from '../connections/confirm';
import { openConnection, pickConnection } from '../connections/connect';
import { clearRetained } from '../connections/retained';
import { noSubscriptions } from '../failures';
import type { Panels } from '../panel/panel';
import { keepSubscription } from '../profiles/store';
import type { Services } from '../services';
import type { Sidebar } from '../sidebar/tree';
import { requireTrust } from '../trust';
import { notify } from '../ui/notify';
import { askText } from '../ui/prompt';
import { type Commands, nodeOf, profileId, targetOf } from './registry';

/** Commands on targets of a connection and on nodes of its peer. */
export function topicCommands(services: Services, panels: Panels, sidebar: Sidebar): Commands {
	const { profiles } = services;

	/** The connection of a command's argument, or one that the user picks. */
	async function connection(argument: unknown, title: string, which: 'open' | 'any' = 'open') {
		const id = profileId(argument) ?? (await pickConnection(services, title, which));
		const profile = id === undefined ? undefined : profiles.find(id)?.profile;
		const description = profile && describe(profile.protocol);
		return description ? { id: profile.id, profile, description } : undefined;
	}

	return {
		async subscribe(argument) {
			requireTrust();
			const found = await connection(argument, 'Subscribe');
			if (!found) return;
			const { id, profile, description } = found;
			if (!description.subscription) throw noSubscriptions();
			// Fails before the first question if the connection is not open.
			openConnection(services, id);
			const subscription = await askSubscription(services, id, description, nodeOf(argument), profile.name);
			if (!subscription) return;
			const { detail, reduced } = await subscribeAsking(services, id, subscription);
			const mode = modeOf(description, subscription.mode);
			const label = mode?.label ?? description.words.subscribe;
			const text = `${label}: ${subscription.target}${detail ? ` – ${detail}` : ''}`;
			const keep = 'Keep in Connection';
			// A profile never starts a mode that takes messages away.
			const choice = await notify(reduced ? 'warning' : 'information', text, ...(mode?.intrusive ? [] : [keep]));
			if (choice === keep) await keepSubscription(profiles, id, subscription, true);
		},
		async publishHere(argument) {
			requireTrust();
			const found = await connection(argument, 'Compose');
			const node = nodeOf(argument);
			const compose = node?.kind === 'node' ? node.node.compose : undefined;
			if (found) panels.reveal(found.profile, targetOf(argument) ?? '', true, ...(compose ? [compose] : []));
		},
		async openInPanel(argument) {
			const found = await connection(argument, 'Open in Panel', 'any');
			if (found) panels.reveal(found.profile, targetOf(argument) ?? '', false);
		},
		async copyTopic(argument) {
			const node = nodeOf(argument);
			const name = targetOf(argument) ?? (node?.kind === 'node' ? node.node.name : undefined);
			if (name !== undefined) await vscode.env.clipboard.writeText(name);
		},
		async refreshNodes(argument) {
			const found = await connection(argument, 'Refresh');
			if (found) sidebar.refresh(found.id);
		},
		showMoreNodes(argument) {
			const node = nodeOf(argument);
			if (node?.kind === 'rest') sidebar.more(node.parent);
		},
		async clearRetained(argument) {
			requireTrust();
			const found = await connection(argument, 'Clear Retained');
			if (!found) return;
			openConnection(services, found.id);
			const path =
				targetOf(argument) ??
				(await askText({
					title: `Clear Retained: ${found.profile.name}`,
					prompt: `Clears retained messages at and below this ${found.description.words.target}. Leave empty for all known ones. You can review the list first.`,
				}));
			if (path === undefined) return;
			const cleared = await clearRetained(services, found.id, path);
			if (cleared > 0) void notify('information', `Retained messages cleared: ${cleared}.`);
		},
		async filterTopics(argument) {
			const found = await connection(argument, 'Filter', 'any');
			if (!found) return;
			const { pattern, words } = found.description;
			const text = await askText({
				title: `Filter ${words.targets}: ${found.profile.name}`,
				value: sidebar.filterOf(found.id) ?? '',
				prompt: `Part of the name of a ${words.target}${pattern ? `, or a pattern: ${pattern.help}` : ''}. Leave empty to show all.`,
			});
			if (text !== undefined) sidebar.setFilter(found.id, text.trim());
		},
		clearTopicFilter(argument) {
			const id = profileId(argument);
			if (id !== undefined) sidebar.setFilter(id, undefined);
		},
	};
}
