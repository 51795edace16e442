import * as vscode from 'vscode';
import { section } from '../model/contracts/settings';
import type { Commands } from './commands/registry';
import { resetSteps } from './steps-taken';

/** A text for a first message, which the playground's vent understands. */
const sampleText = '{ "mode": "open", "by": "first steps" }';

/** Commands behind the buttons of the walkthrough, each with what it needs. */
export function firstStepCommands(context: vscode.ExtensionContext): Commands {
	resetSteps();
	return {
		openWalkthrough: () => openWalkthrough(context),
		/** The walkthrough itself is the active editor, so this brings a document with its text selected. */
		async trySendSelection() {
			const document = await vscode.workspace.openTextDocument({ language: 'json', content: sampleText });
			const end = document.positionAt(sampleText.length);
			await vscode.window.showTextDocument(document, { selection: new vscode.Range(new vscode.Position(0, 0), end) });
			await vscode.commands.executeCommand(`${section}.sendSelection`);
		},
	};
}

function openWalkthrough({ extension }: vscode.ExtensionContext): Thenable<unknown> {
	return vscode.commands.executeCommand('workbench.action.openWalkthrough', `${extension.id}#start`, false);
}

/**
 * Shows the view and the walkthrough when the extension runs for the first time on this machine. VS Code does the same after
 * an installation, so its settings decide. An editor that is open already is not covered.
 */
export async function guideFirstStart(context: vscode.ExtensionContext): Promise<void> {
	const key = `${section}.guided`;
	if (context.globalState.get(key, false)) return;
	await context.globalState.update(key, true);
	const settings = vscode.workspace.getConfiguration('workbench');
	const wanted =
		settings.get('welcomePage.walkthroughs.openOnInstall', true) && settings.get('startupEditor') !== 'none';
	// The editor's own welcome page is a tab without a known input.
	const inUse = vscode.window.tabGroups.all.some(({ tabs }) => tabs.some(({ input }) => input !== undefined));
	if (!wanted || inUse) return;
	await vscode.commands.executeCommand(`workbench.view.extension.${section}`);
	await openWalkthrough(context);
}
