import * as vscode from 'vscode';
import { type Failure, remedyCommands } from '../../base/failure';
import type { Log } from './log';
import { askModal, notify } from './notify';

/** Cancelling is no failure: it is shown nowhere. */
export function isCancelled(failure: Failure): boolean {
	return failure.code === 'cancelled';
}

/** The one place that shows what went wrong: the sentence, the evidence on demand, the next thing to do as a button. */
export async function showFailure(log: Log, about: string, error: unknown, ...args: unknown[]): Promise<void> {
	const failure = log.failure(error);
	if (isCancelled(failure)) return;
	log.error(about, failure);
	const { message, evidence, remedy } = failure;
	const hint = remedy && !remedy.command ? ` ${remedy.text}` : '';
	const details = 'Details';
	const buttons = [...(remedy?.command ? [remedy.text] : []), ...(evidence ? [details] : [])];
	const title = about ? `${about}: ` : '';
	const choice = await notify('error', `${title}${message}${hint}`, ...buttons);
	if (choice === details) await askModal('error', `${title}${message}`, `${evidence}\n\n${hint.trim()}`);
	else if (choice !== undefined) await runRemedy(failure, ...args);
}

/** Only what is listed, also for a page that names another one; the arguments are the host's own. */
export async function runRemedy(failure: Failure, ...args: unknown[]): Promise<void> {
	const command = remedyCommands.find((one) => one === failure.remedy?.command);
	if (command) await vscode.commands.executeCommand(command, ...args);
}
