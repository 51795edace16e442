import type * as vscode from 'vscode';
import { fail } from '../../../base/failure';
import type { MessageFile, Section } from '../../../files/syntax/ast';
import type { Surroundings } from '../../../files/values/builtins';
import type { Environment } from '../../../files/values/environments';
import { surroundings } from '../../../node/surroundings';
import { environmentVariable, requireTrust } from '../../trust';
import type { Log } from '../../ui/log';
import type { Environments } from '../environments/environments';
import type { FileSecrets } from '../environments/file-secrets';

/** What requests and rules of a file need before they run. */
export interface Prepared {
	environment: Environment;
	around: Surroundings;
	/** Secret values that must be masked in all output. */
	hidden: Set<string>;
	/** Values of .env files and of secrets by name, for a thread of its own. */
	dotenv: ReadonlyMap<string, string>;
	secrets: ReadonlyMap<string, string>;
}

/**
 * Reads the environment of a file and asks for the secrets of these requests. Throws if nothing can be sent: `untrusted`,
 * `bad-environment`, or `cancelled` if a secret is not entered.
 */
export async function prepare(
	{ environments, secrets, log }: { environments: Environments; secrets: FileSecrets; log: Log },
	uri: vscode.Uri,
	file: MessageFile,
	sections: readonly Section[],
): Promise<Prepared> {
	requireTrust();
	const { environment, dotenv, problems } = await environments.of(uri, file);
	const values = await secrets.collect(file, sections);
	if (!values) throw fail('cancelled', 'No value was entered for a secret.');
	const [problem] = problems;
	if (problem) throw fail('bad-environment', `${problem.file}: ${problem.message}`);
	const hidden = new Set(values.values());
	for (const name of environment.secret) hidden.add(environment.values.get(name) ?? '');
	for (const value of hidden) log.hide(value);
	return {
		...{ environment, hidden, dotenv, secrets: values },
		around: surroundings({
			env: environmentVariable,
			dotenv: (name) => dotenv.get(name),
			secret: (name) => values.get(name),
		}),
	};
}
