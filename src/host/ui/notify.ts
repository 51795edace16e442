import * as vscode from 'vscode';
import { visibleLines, visibleText } from './visible-text';

/** The editor cuts a notification there by itself. */
const most = 1000;

type Kind = 'information' | 'warning' | 'error';

/**
 * Shows a notification, and resolves with the button that was clicked. The one file that does: the editor makes links out of
 * `[text](command:…)` in a notification, and one click would run what a peer or a workspace has written.
 */
export async function notify(kind: Kind, text: string, ...buttons: string[]): Promise<string | undefined> {
	const titles = buttons.map((button) => visibleText(button));
	const choice = await show(kind)(visibleText(text, most), ...titles);
	return choice === undefined ? undefined : buttons[titles.indexOf(choice)];
}

/** The same as a dialog that waits for an answer, with lines of details below. */
export async function askModal(
	kind: Kind,
	text: string,
	detail: string,
	...buttons: string[]
): Promise<string | undefined> {
	const titles = buttons.map((button) => visibleText(button));
	const choice = await show(kind)(
		visibleText(text, most),
		{ modal: true, ...(detail === '' ? {} : { detail: visibleLines(detail) }) },
		...titles,
	);
	return choice === undefined ? undefined : buttons[titles.indexOf(choice)];
}

/** Not taken from the editor before it is needed, and called as the editor's own. */
function show(kind: Kind): typeof vscode.window.showInformationMessage {
	if (kind === 'error') return vscode.window.showErrorMessage;
	return kind === 'warning' ? vscode.window.showWarningMessage : vscode.window.showInformationMessage;
}
