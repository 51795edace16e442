import * as vscode from 'vscode';
import { visibleLines, visibleText } from './visible-text';

/** UTF-16 units. VS Code itself cuts a notification at this length. */
const maxLength = 1000;

type Kind = 'information' | 'warning' | 'error';

/**
 * Shows a notification and resolves with the button that was clicked. Only this file may show notifications: VS Code
 * turns `[text](command:…)` in them into links, so one click could run a command that a peer or a workspace has written.
 */
export function notify(kind: Kind, text: string, ...buttons: string[]): Promise<string | undefined> {
	return show(kind, text, {}, buttons);
}

/** Shows a modal dialog with lines of details below the text and resolves with the button that was clicked. */
export function askModal(kind: Kind, text: string, detail: string, ...buttons: string[]): Promise<string | undefined> {
	const options = { modal: true, ...(detail === '' ? {} : { detail: visibleLines(detail) }) };
	return show(kind, text, options, buttons);
}

async function show(
	kind: Kind,
	text: string,
	options: vscode.MessageOptions,
	buttons: readonly string[],
): Promise<string | undefined> {
	const titles = buttons.map((button) => visibleText(button));
	const args = [visibleText(text, maxLength), options, ...titles] as const;
	const choice = await (kind === 'error'
		? vscode.window.showErrorMessage(...args)
		: kind === 'warning'
			? vscode.window.showWarningMessage(...args)
			: vscode.window.showInformationMessage(...args));
	return choice === undefined ? undefined : buttons[titles.indexOf(choice)];
}

/**
 * Runs work while a notification shows its progress and offers to cancel it. `report` takes the text and the percentage
 * to add.
 */
export async function withNotification<T>(
	title: string,
	work: (report: (text: string, percent: number) => void, token: vscode.CancellationToken) => Promise<T>,
): Promise<T> {
	return vscode.window.withProgress(
		{ location: vscode.ProgressLocation.Notification, title: visibleText(title), cancellable: true },
		(progress, token) => work((text, increment) => progress.report({ message: visibleText(text), increment }), token),
	);
}
