import type { Remote } from '../../src/base/rpc';
import type { PanelApi } from '../../src/model/contracts/panel-api';
import type { Status } from '../../src/model/contracts/session';
import type { ProtocolDescription } from '../../src/protocols/description';

/** What the parts of the panel share: the connection's protocol as data, and the way to the engine. */
export interface Session {
	readonly describe: ProtocolDescription;
	readonly remote: Remote<PanelApi>;
}

export function isOpen(status: Status): boolean {
	return status.state.kind === 'open';
}

/** Something is under way or stands: the button says "Disconnect". */
export function isAlive(status: Status): boolean {
	return status.state.kind !== 'closed' && status.state.kind !== 'closing';
}
