import type * as vscode from 'vscode';
import type { Approvals } from './approvals';
import type { Connecting } from './connecting';
import type { Log } from './log';
import type { ProfileStore } from './profiles/store';
import type { SecretStore } from './secrets';
import type { Sessions } from './sessions';

/** What commands, sidebar, panels and form work with. Made once, in `extension.ts`. */
export interface Services {
	context: vscode.ExtensionContext;
	log: Log;
	profiles: ProfileStore;
	secrets: SecretStore;
	approvals: Approvals;
	connecting: Connecting;
	sessions: Sessions;
}
