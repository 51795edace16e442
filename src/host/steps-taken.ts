import * as vscode from 'vscode';
import { section } from '../model/contracts/settings';

/** Context keys with which steps of the walkthrough are ticked. Others are set where they have a further use. */
const keys = ['playgroundFound', 'hasPanel', 'hasRun'] as const;
export type StepTaken = (typeof keys)[number];

function set(key: StepTaken, taken: boolean): void {
	void vscode.commands.executeCommand('setContext', `${section}.${key}`, taken);
}

/** The step happened in this window: a playground runs, a panel was opened, requests of a message file were sent. */
export const stepTaken = (key: StepTaken): void => set(key, true);

export function resetSteps(): void {
	for (const key of keys) set(key, false);
}
