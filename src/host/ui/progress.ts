import * as vscode from 'vscode';
import { visibleText } from './visible-text';

/** Runs work with a notification that shows its progress and can cancel it. `report` adds percent to what was reported. */
export async function withNotification<T>(
	title: string,
	work: (report: (text: string, percent: number) => void, token: vscode.CancellationToken) => Promise<T>,
): Promise<T> {
	return vscode.window.withProgress(
		{ location: vscode.ProgressLocation.Notification, title: visibleText(title), cancellable: true },
		(progress, token) => work((text, increment) => progress.report({ message: visibleText(text), increment }), token),
	);
}
