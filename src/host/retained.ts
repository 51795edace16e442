import * as vscode from 'vscode';
import { fail } from '../base/failure';
import { describe } from '../protocols/descriptions';
import type { Services } from './services';

/** Clearings that are on their way at once. */
const atOnce = 20;

/** Shows what is retained at and below a topic, and clears what the user leaves chosen. Resolves with how many. */
export async function clearRetained({ profiles, sessions }: Services, id: string, path: string): Promise<number> {
	const stored = profiles.find(id);
	const { retained, words } = (stored && describe(stored.profile.protocol)) ?? {};
	const target = words?.target ?? 'target';
	const session = sessions.get(id);
	if (!retained || !session) throw fail('no-retained', 'Nothing can be cleared here.');
	const engine = session.engine();
	const topics = await engine.marked(path, retained.flag);
	if (topics.length === 0) {
		void vscode.window.showInformationMessage(`No retained message was seen at or below “${path}”.`);
		return 0;
	}
	const chosen = await vscode.window.showQuickPick(
		topics.map((label) => ({ label: label.replaceAll('$(', '$ ('), topic: label, picked: true })),
		{
			canPickMany: true,
			title: `Clear ${topics.length} Retained ${topics.length === 1 ? 'Message' : 'Messages'}`,
			placeHolder: `The server forgets the message of every ${target} that is ticked. This cannot be undone.`,
		},
	);
	if (!chosen || chosen.length === 0) return 0;
	let cleared = 0;
	let refused: unknown;
	await vscode.window.withProgress(
		{ location: vscode.ProgressLocation.Notification, title: 'Clearing retained messages', cancellable: true },
		async (progress, token) => {
			const queue = [...chosen];
			const work = async () => {
				for (let next = queue.shift(); next && !token.isCancellationRequested; next = queue.shift()) {
					try {
						const receipt = await engine.send(retained.clear(next.topic));
						if (receipt.proof === 'refused' || receipt.proof === 'unknown')
							refused ??= fail('not-cleared', receipt.text);
						else cleared++;
					} catch (error) {
						refused ??= error;
					}
					progress.report({ increment: 100 / chosen.length, message: `${cleared} of ${chosen.length}` });
				}
			};
			await Promise.all(Array.from({ length: atOnce }, work));
		},
	);
	if (refused) throw refused;
	return cleared;
}
