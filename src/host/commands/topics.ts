import * as vscode from 'vscode';
import { section } from '../../model/contracts/settings';
import type { Mode } from '../../protocols/description';
import { describe, descriptions } from '../../protocols/descriptions';
import { askSubscription } from '../actions/ask-subscription';
import { subscribeAsking } from '../actions/run-action';
import { modeOf } from '../connections/confirm';
import { openConnection, pickConnection } from '../connections/connect';
import { clearRetained } from '../connections/retained';
import { noSubscriptions } from '../failures';
import type { Panels } from '../panel/panel';
import { keepSubscription } from '../profiles/additions';
import type { Services } from '../services';
import type { Sidebar } from '../sidebar/tree';
import { requireTrust } from '../trust';
import { notify } from '../ui/notify';
import { askText } from '../ui/prompt';
import { actionCommand, protocolCommands } from './action-menus';
import { type Command, type Commands, nodeOf, profileId, targetOf } from './registry';

/** Commands of each protocol with its own words: receiving, its modes, and composing. */
export function wordCommands(services: Services, panels: Panels): Commands {
	const commands: Commands = {};
	for (const { id, subscription } of descriptions) {
		const put = (name: string, command: Command) => {
			commands[actionCommand(id, name).slice(section.length + 1)] = command;
		};
		if (subscription) put(protocolCommands.receive, (argument) => subscribe(services, panels, argument));
		for (const mode of subscription?.modes ?? [])
			put(protocolCommands.mode(mode.id), (argument) => subscribe(services, panels, argument, mode));
		for (const name of [protocolCommands.compose, protocolCommands.composeHere])
			put(name, (argument) => compose(services, panels, argument));
	}
	return commands;
}

/** The connection of a command's argument, or one that the user picks. */
async function connectionOf(services: Services, argument: unknown, title: string, which: 'open' | 'any' = 'open') {
	const id = profileId(argument) ?? (await pickConnection(services, title, which));
	const profile = id === undefined ? undefined : services.profiles.find(id)?.profile;
	const description = profile && describe(profile.protocol);
	return description ? { id: profile.id, profile, description } : undefined;
}

async function subscribe(services: Services, panels: Panels, argument: unknown, chosen?: Mode): Promise<void> {
	requireTrust();
	const found = await connectionOf(services, argument, 'Subscribe');
	if (!found) return;
	const { id, profile, description } = found;
	if (!description.subscription) throw noSubscriptions();
	// Fails before the first question if the connection is not open.
	openConnection(services, id);
	const node = nodeOf(argument);
	if (chosen?.form && node?.kind === 'node' && node.node.subscription) {
		panels.start(profile, { kind: 'receive', mode: chosen.id, subscription: node.node.subscription });
		return;
	}
	const subscription = await askSubscription(services, id, description, node, profile.name, chosen);
	if (!subscription) return;
	const { detail, reduced } = await subscribeAsking(services, id, subscription);
	const mode = modeOf(description, subscription.mode);
	const label = mode?.label ?? description.words.subscribe;
	const text = `${label}: ${subscription.target}${detail ? ` – ${detail}` : ''}`;
	const [keep, show] = ['Keep in Connection', 'Show'];
	// A profile never starts a mode that takes messages away.
	const buttons = [show, ...(mode?.intrusive ? [] : [keep])];
	const choice = await notify(reduced ? 'warning' : 'information', text, ...buttons);
	if (choice === show) panels.open(profile);
	if (choice === keep) await keepSubscription(services.profiles, id, subscription, true);
}

async function compose(services: Services, panels: Panels, argument: unknown): Promise<void> {
	requireTrust();
	const found = await connectionOf(services, argument, 'Compose');
	const node = nodeOf(argument);
	const filled = node?.kind === 'node' ? node.node.compose : undefined;
	if (found) panels.reveal(found.profile, targetOf(argument) ?? '', true, ...(filled ? [filled] : []));
}

/** Commands on targets of a connection and on nodes of its peer. */
export function topicCommands(services: Services, panels: Panels, sidebar: Sidebar): Commands {
	const connection = (argument: unknown, title: string, which: 'open' | 'any' = 'open') =>
		connectionOf(services, argument, title, which);

	return {
		subscribe: (argument) => subscribe(services, panels, argument),
		publishHere: (argument) => compose(services, panels, argument),
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
