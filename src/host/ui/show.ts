import * as vscode from 'vscode';
import { type Failure, remedyCommands } from '../../base/failure';
import type { Log } from './log';
import { notify } from './notify';

/** A cancelled command is not shown as a failure. */
export function isCancelled(failure: Failure): boolean {
	return failure.code === 'cancelled';
}

/**
 * Shows a failure as a notification: its message and its remedy as a button. Advice about a connection has the button that
 * edits it. The evidence is in the log, which “Details” opens.
 */
export async function showFailure(log: Log, about: string, error: unknown, connection?: string): Promise<void> {
	const failure = log.failure(error);
	if (isCancelled(failure)) return;
	log.error(about, failure);
	const { message, evidence, remedy } = failure;
	const hint = remedy && !remedy.command ? ` ${remedy.text}` : '';
	const details = 'Details';
	const edit = 'Edit Connection';
	const buttons = [
		...(remedy?.command ? [remedy.text] : hint && connection !== undefined ? [edit] : []),
		...(evidence ? [details] : []),
	];
	const title = about ? `${about}: ` : '';
	const choice = await notify('error', `${title}${message}${hint}`, ...buttons);
	if (choice === details) log.show();
	else if (choice === edit) await vscode.commands.executeCommand('messagingWorkbench.editConnection', connection);
	else if (choice !== undefined) await runRemedy(failure, connection);
}

/** Runs the command of a remedy if it is listed. The arguments come from the host, never from a page. */
export async function runRemedy(failure: Failure, ...args: unknown[]): Promise<void> {
	const command = remedyCommands.find((listed) => listed === failure.remedy?.command);
	if (command) await vscode.commands.executeCommand(command, ...args);
}
