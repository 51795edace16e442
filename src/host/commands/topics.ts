import * as vscode from 'vscode';
import { fail } from '../../base/failure';
import type { Subscription } from '../../model/profile';
import { describe } from '../../protocols/descriptions';
import { pickConnection } from '../connect';
import { requireTrust } from '../connecting';
import type { Panels } from '../panel/panel';
import { askTarget } from '../pick-target';
import { clearRetained } from '../retained';
import type { Services } from '../services';
import type { Sidebar } from '../sidebar/tree';
import { type Commands, nodeOf, profileId, topicOf } from './registry';

/** Commands on topics of an open connection. */
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
			const { subscription, words } = description;
			if (!subscription) throw fail('cannot-subscribe', 'Here everything that arrives is received without asking.');
			const engine = engineOf(id);
			const topic = topicOf(argument);
			const wanted =
				topic === undefined
					? await askTarget(services, id, {
							title: `${words.subscribe}: ${profile.name}`,
							placeholder: subscription.placeholder,
							suggest: subscription.suggest,
							check: subscription.check,
						})
					: (subscriptionTo(topic, nodeOf(argument)) ?? topic);
			if (wanted === undefined) return;
			const asked: Subscription = { target: wanted };
			const { detail, reduced } = await engine.subscribe(asked);
			const text = `${words.subscribe}: ${wanted}${detail ? ` – ${detail}` : ''}`;
			const keep = 'Keep in Connection';
			const show = reduced ? vscode.window.showWarningMessage : vscode.window.showInformationMessage;
			const choice = await show(text, keep);
			if (choice !== keep) return;
			const now = profiles.find(id)?.profile ?? profile;
			const rest = (now.subscriptions ?? []).filter((one) => one.target !== wanted);
			await profiles.update(id, { ...now, subscriptions: [...rest, asked] });
		},
		async publishHere(argument) {
			requireTrust();
			const found = await target(argument, 'Publish');
			if (found) panels.reveal(found.profile, topicOf(argument) ?? '', true);
		},
		async openInPanel(argument) {
			const found = await target(argument, 'Open in Panel', 'any');
			if (found) panels.reveal(found.profile, topicOf(argument) ?? '', false);
		},
		async copyTopic(argument) {
			const topic = topicOf(argument);
			if (topic !== undefined) await vscode.env.clipboard.writeText(topic);
		},
		async clearRetained(argument) {
			requireTrust();
			const found = await target(argument, 'Clear Retained');
			if (!found) return;
			engineOf(found.id);
			const path =
				topicOf(argument) ??
				(await vscode.window.showInputBox({
					title: `Clear Retained: ${found.profile.name}`,
					prompt: 'At and below this topic; empty for all that were seen. You are shown which before anything is sent.',
				}));
			if (path === undefined) return;
			const cleared = await clearRetained(services, found.id, path);
			if (cleared > 0) void vscode.window.showInformationMessage(`${cleared} retained messages cleared.`);
		},
		async filterTopics(argument) {
			const found = await target(argument, 'Filter Topics', 'any');
			if (!found) return;
			const { pattern, words } = found.description;
			const text = await vscode.window.showInputBox({
				title: `Filter ${words.targets}: ${found.profile.name}`,
				value: sidebar.filterOf(found.id) ?? '',
				prompt: `Part of a ${words.target}${pattern ? `, or a pattern: ${pattern.help}` : ''}. Empty: all.`,
			});
			if (text !== undefined) sidebar.setFilter(found.id, text.trim());
		},
		clearTopicFilter(argument) {
			const id = profileId(argument);
			if (id !== undefined) sidebar.setFilter(id, undefined);
		},
	};
}

/** A level on the way stands for all below it. */
function subscriptionTo(topic: string, node: ReturnType<typeof nodeOf>): string | undefined {
	return node?.kind === 'topic' && node.row.expandable ? `${topic}/#` : undefined;
}
