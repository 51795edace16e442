import { randomBytes } from 'node:crypto';
import * as vscode from 'vscode';
import { fail } from '../../../base/failure';
import type { DeadLetters } from '../../../files/rules/dead-letters';
import { createLoops } from '../../../files/rules/loops';
import type { RuleOptions } from '../../../files/rules/plan-rule';
import type { ConnectionSpec } from '../../../files/run/connection';
import type { MessageFile } from '../../../files/syntax/ast';
import { optionsOf } from '../../../files/syntax/metadata';
import { titleOf } from '../../../files/syntax/names';
import { createDeadLetterFile } from '../../../node/dead-letters';
import { clock } from '../../../node/surroundings';
import type { Services } from '../../services';
import { projectFolderOf } from '../body-files';
import { folderOf } from '../environments/environments';
import type { Targets } from '../targets';

/** What the rules of this window share, and where they keep messages that could not be processed. */
export type RuleContext = (
	uri: vscode.Uri,
	file: MessageFile,
) => Promise<Pick<RuleOptions, 'loops' | 'addressOf' | 'deadLetters'>>;

export function createRuleContext({ connecting }: Pick<Services, 'connecting'>, targets: Targets): RuleContext {
	const loops = createLoops((bytes) => randomBytes(bytes), clock.now);

	function resolved(spec: ConnectionSpec, uri: vscode.Uri) {
		const stored = targets.stored(spec, uri);
		return stored && connecting.resolve(stored.profile, stored.source.folder).resolved.profile;
	}

	return async (uri, file) => {
		const folder = folderOf(uri);
		const isOnDisk = folder?.scheme === 'file';
		const root = folder && isOnDisk ? await projectFolderOf(folder) : undefined;
		const path = uri.scheme === 'file' ? uri : folder && vscode.Uri.joinPath(folder, `${uri.path}.messages`);
		return {
			loops,
			addressOf: (spec) => resolved(spec, uri)?.url ?? spec.url,
			deadLetters(section, spec) {
				const profile = resolved(spec, uri);
				const protocol = targets.describe(spec, uri)?.id;
				if (!root || !path || protocol === undefined) return nowhere;
				return createDeadLetterFile({
					...{ messageFile: path.fsPath, root: root.fsPath, rule: titleOf(file, section) },
					...{ path: optionsOf(file, section).deadLetters },
					head: { protocol, connection: profile?.name ?? '', url: profile?.url ?? spec.url ?? '' },
				});
			},
		};
	};
}

/** For a file that is in no folder of this machine: its rule ends with the first message that would have to be kept. */
const nowhere: DeadLetters = {
	place: undefined,
	async add() {
		throw fail('no-dead-letters', 'A message could not be processed, and there is no folder to keep it in.', {
			remedy: { text: 'Save the message file in a folder of this machine.' },
		});
	},
	async close() {},
};
