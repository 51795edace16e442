import { type Disposable, DisposableStore } from '../../base/disposable';
import type { Commands } from '../commands/registry';
import type { Panels } from '../panel/panel';
import type { Services } from '../services';
import { createBodyFiles } from './body-files';
import { createClipboard } from './clipboard';
import { requestCommands } from './commands';
import { createOpener } from './connect';
import { createDecorations } from './decorations';
import { createFileDiagnostics } from './diagnostics';
import { createEnvironmentPicker } from './environment-picker';
import { createEnvironments } from './environments';
import { createFileSecrets } from './file-secrets';
import { createLanguage } from './language';
import { createLenses } from './lenses';
import { newFileCommands } from './new-file';
import { createResults } from './results';
import { createRuns } from './runs';
import { createTargets } from './targets';
import { createFileTests } from './tests';

/** Message files in the editor: the only part of them that knows `vscode`. */
export function createMessageFiles(services: Services, panels: Panels): Disposable & { commands: Commands } {
	const { context, log } = services;
	const lifetime = new DisposableStore();
	const environments = lifetime.add(createEnvironments(context.workspaceState));
	const secrets = createFileSecrets(context.secrets, log);
	const targets = createTargets(services);
	const bodies = createBodyFiles();
	const opener = createOpener(services, targets);
	const runs = lifetime.add(createRuns({ environments, secrets, targets, opener, bodies, log }));
	const results = lifetime.add(createResults());
	const picker = lifetime.add(createEnvironmentPicker(environments, secrets));
	const clipboard = lifetime.add(createClipboard(services, environments, targets, bodies));
	lifetime.add(createLanguage(services, environments, targets));
	lifetime.add(createFileDiagnostics(services, environments, targets));
	lifetime.add(createLenses(services, runs, targets));
	lifetime.add(createDecorations(runs));
	lifetime.add(createFileTests(runs, log));
	return {
		commands: {
			...requestCommands(services, panels, runs, targets, results),
			...picker.commands,
			...clipboard.commands,
			...newFileCommands(services),
		},
		dispose: () => lifetime.dispose(),
	};
}
