import * as vscode from 'vscode';
import type { MessageFile, Section } from '../../../files/syntax/ast';
import { neededSecretNames, secretNames } from '../../../files/values/secret-names';
import { section } from '../../../model/contracts/settings';
import type { Log } from '../../ui/log';
import { askText } from '../../ui/prompt';

/** Secrets that files name with `{{$secret name}}`: in the editor's secret storage, each workspace its own. */
export interface FileSecrets {
	/** What the file names and is stored. */
	stored(file: MessageFile): Promise<Map<string, string>>;
	/** As above; what these requests need and is missing is asked for. Undefined if the user turned one down. */
	collect(file: MessageFile, sections: readonly Section[]): Promise<Map<string, string> | undefined>;
	ask(name: string): Promise<string | undefined>;
}

export function createFileSecrets(storage: vscode.SecretStorage, log: Log): FileSecrets {
	// Another folder's file that asks for a secret of the same name is handed nothing.
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
			prompt: 'It is kept in this machine’s secret storage, for message files of this folder only.',
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
			// Those that are not needed, too, so that no output shows them.
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
