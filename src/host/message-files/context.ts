import type * as vscode from 'vscode';
import type { CheckContext } from '../../files/check/context';
import type { MessageFile } from '../../files/syntax/ast';
import type { Scope } from '../../files/values/variables';
import { environmentVariable, isTrusted, requireTrust } from '../trust';
import type { Environments, FileEnvironment } from './environments/environments';
import type { Targets } from './targets';

/** Context of a document for checks, completion and hover. The user is not asked and nothing is sent. */
export interface DocumentContext {
	fileEnvironment: FileEnvironment;
	check: CheckContext;
	scope: Scope;
}

const unread = { env: () => '', dotenv: () => '', secret: () => '' };

export async function contextOf(
	document: vscode.TextDocument,
	file: MessageFile,
	environments: Environments,
	targets: Targets,
): Promise<DocumentContext> {
	const fileEnvironment = await environments.of(document.uri, file);
	const around = {
		now: Date.now,
		random: (bytes: number) => new Uint8Array(bytes),
		env: environmentVariable,
		dotenv(name: string) {
			requireTrust();
			return fileEnvironment.dotenv.get(name);
		},
		// A secret is not shown. A missing one is asked for before sending.
		secret: () => '•••',
	};
	return {
		fileEnvironment,
		check: {
			describe: (spec) => targets.describe(spec, document.uri),
			// Nothing is read before the workspace is trusted, so that nothing is reported as missing.
			...(isTrusted() ? { environment: fileEnvironment.environment, around } : { around: unread }),
			connections: targets.names(),
		},
		scope: {
			file,
			environment: fileEnvironment.environment,
			around,
			hidden: new Set(),
			result: () => undefined,
		},
	};
}
