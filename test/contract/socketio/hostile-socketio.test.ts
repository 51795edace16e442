import { adapter } from '../../../src/protocols/socketio/adapter';
import { socketioDialogue, socketioPollingDialogue } from '../../support/hostile/socketio';
import { certificate } from '../../support/servers/certificate';
import { resolved } from '../suite/attempt';
import { hostile } from '../suite/hostile';

const common = { adapter, impatient: { pingInterval: 1 } };

hostile({
	...common,
	name: 'Socket.IO',
	dialogue: socketioDialogue,
	profile: (port) => resolved('socketio', `http://127.0.0.1:${port}/`),
});
hostile({
	...common,
	name: 'Socket.IO over TLS',
	dialogue: socketioDialogue,
	tls: true,
	profile: (port) => resolved('socketio', `https://127.0.0.1:${port}/`, { 'tls.ca': certificate().file }),
});
hostile({
	...common,
	name: 'Socket.IO by polling',
	dialogue: socketioPollingDialogue,
	profile: (port) => resolved('socketio', `http://127.0.0.1:${port}/`, { transport: 'polling' }),
});
