import type * as vscode from 'vscode';
import type { Approvals } from './connections/approvals';
import type { Connecting } from './connections/connection-request';
import type { Reopening } from './connections/reopening';
import type { SecretStore } from './connections/secrets';
import type { Sessions } from './connections/sessions';
import type { PlaygroundState } from './playground/state';
import type { ProfileStore } from './profiles/store';
import type { Recordings } from './recordings/recordings';
import type { Log } from './ui/log';

/** The services that commands, sidebar, panels and form share. Created once, in `extension.ts`. */
export interface Services {
	context: vscode.ExtensionContext;
	log: Log;
	profiles: ProfileStore;
	secrets: SecretStore;
	approvals: Approvals;
	connecting: Connecting;
	sessions: Sessions;
	reopening: Reopening;
	recordings: Recordings;
	playground: PlaygroundState;
}
