import * as vscode from 'vscode';
import type { MessageFile, Section } from '../../../files/syntax/ast';
import { neededSecretNames, secretNames } from '../../../files/values/secret-names';
import { section } from '../../../model/contracts/settings';
import type { Log } from '../../ui/log';
import { askText } from '../../ui/prompt';

/** Secrets of message files, `{{$secret name}}`. They are in the editor's secret storage, for each workspace separately. */
export interface FileSecrets {
	/** The stored secrets that the file names. */
	stored(file: MessageFile): Promise<Map<string, string>>;
	/** The same, and asks for missing ones that the requests need. Undefined if the user cancels. */
	collect(file: MessageFile, sections: readonly Section[]): Promise<Map<string, string> | undefined>;
	/** Asks for a secret and stores it. Undefined if the user cancels. */
	ask(name: string): Promise<string | undefined>;
}

export function createFileSecrets(storage: vscode.SecretStorage, log: Log): FileSecrets {
	// A file of another workspace must not get a secret of the same name.
	const place = () => (vscode.workspace.workspaceFile ?? vscode.workspace.workspaceFolders?.[0]?.uri)?.toString() ?? '';
	const keyOf = (name: string) => `${section}.fileSecret:${JSON.stringify([place(), name])}`;

	async function get(name: string): Promise<string | undefined> {
		const value = await storage.get(keyOf(name));
		if (value !== undefined) log.hide(value);
		return value;
	}

	async function ask(name: string): Promise<string | undefined> {
		const value = await askText({
			password: true,
			ignoreFocusOut: true,
			title: `Secret “${name}”`,
			prompt: 'Stored in this machine’s secret storage, only for message files of this workspace.',
		});
		if (value === undefined || value === '') return undefined;
		log.hide(value);
		await storage.store(keyOf(name), value);
		return value;
	}

	async function stored(file: MessageFile): Promise<Map<string, string>> {
		const found = new Map<string, string>();
		for (const name of secretNames(file)) {
			const value = await get(name);
			if (value !== undefined) found.set(name, value);
		}
		return found;
	}

	return {
		ask,
		stored,
		async collect(file, sections) {
			// Includes secrets that the requests do not need, so that they are masked in all output.
			const found = await stored(file);
			for (const name of neededSecretNames(file, sections)) {
				const value = found.get(name) ?? (await ask(name));
				if (value === undefined) return undefined;
				found.set(name, value);
			}
			return found;
		},
	};
}
