import * as vscode from 'vscode';
import { isRecord } from '../../base/check';
import { type Disposable, DisposableStore } from '../../base/disposable';
import type { Node } from '../sidebar/nodes';
import type { Log } from '../ui/log';
import { showFailure } from '../ui/show';

/** Commands by name without the common prefix. `registerCommands` shows what they throw. */
export type Commands = Record<string, Command>;
export type Command = (...args: unknown[]) => unknown;

export function registerCommands(commands: Commands, log: Log, selected: () => Node | undefined): Disposable {
	const lifetime = new DisposableStore();
	for (const [name, run] of Object.entries(commands))
		lifetime.add(
			vscode.commands.registerCommand(`messagingWorkbench.${name}`, async (...args: unknown[]) => {
				try {
					// A key binding of the sidebar applies to the selected row, and does nothing without one.
					const byKey = isRecord(args[0]) && args[0].selected === true;
					if (byKey && !selected()) return undefined;
					return await run(...(byKey ? [selected()] : args));
				} catch (error) {
					void showFailure(log, '', error);
					return undefined;
				}
			}),
		);
	return lifetime;
}

/** Id of the connection that a command is called for: by a node of the sidebar or by its id. The palette passes neither. */
export function profileId(argument: unknown): string | undefined {
	if (typeof argument === 'string') return argument;
	const node = nodeOf(argument);
	if (node?.kind === 'connection') return node.stored.profile.id;
	return node && 'connection' in node ? node.connection.stored.profile.id : undefined;
}

export function nodeOf(argument: unknown): Node | undefined {
	return typeof argument === 'object' && argument !== null && 'kind' in argument ? (argument as Node) : undefined;
}

/** Target under which messages of a node are logged. */
export function targetOf(argument: unknown): string | undefined {
	const node = nodeOf(argument);
	return node?.kind === 'topic' ? node.row.path : node?.kind === 'node' ? node.node.target : undefined;
}
