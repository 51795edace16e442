import type * as vscode from 'vscode';
import { stateTooLarge } from '../failures';

/** Limit of the state that a panel can save, in characters of JSON. */
const maxStateSize = 4 * 1024 * 1024;

export const savedKey = (id: string) => `panel:${id}`;

/** What the panel of this id keeps for the next time it is opened. */
export function createSavedState(
	{ context }: { context: Pick<vscode.ExtensionContext, 'workspaceState'> },
	id: string,
) {
	return {
		get: (): unknown => context.workspaceState.get(savedKey(id)),
		/** Throws a failure if the state is too large. */
		async set(state: unknown): Promise<void> {
			const size = JSON.stringify(state)?.length ?? 0;
			if (size > maxStateSize) throw stateTooLarge(size, maxStateSize);
			await context.workspaceState.update(savedKey(id), state);
		},
	};
}
