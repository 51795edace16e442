import * as vscode from 'vscode';
import type { Failure } from '../base/failure';
import type { Log } from './log';
import { askModal, notify } from './ui/notify';

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

/** Only our own commands and a few of the editor's: a failure's text may come from a peer. */
const allowed = /^(messagingWorkbench\.[a-zA-Z]+|workbench\.trust\.manage|workbench\.action\.openSettings(Json)?)$/;

export async function runRemedy(failure: Failure, ...args: unknown[]): Promise<void> {
	const command = failure.remedy?.command;
	if (command && allowed.test(command)) await vscode.commands.executeCommand(command, ...args);
}
