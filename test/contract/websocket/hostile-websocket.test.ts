import { adapter } from '../../../src/protocols/websocket/adapter';
import { tlsDialogue } from '../../support/hostile/hostile';
import { websocketDialogue } from '../../support/hostile/websocket';
import { certificate } from '../../support/servers/certificate';
import { resolved } from '../suite/attempt';
import { hostile } from '../suite/hostile';

const common = { adapter, impatient: { pingInterval: 1 } };

hostile({
	...common,
	name: 'WebSocket',
	dialogue: websocketDialogue,
	profile: (port) => resolved('websocket', `ws://127.0.0.1:${port}/`),
});
hostile({
	...common,
	name: 'WebSocket over TLS',
	dialogue: websocketDialogue,
	tls: true,
	profile: (port) => resolved('websocket', `wss://127.0.0.1:${port}/`, { 'tls.ca': certificate().file }),
});
hostile({
	...common,
	name: 'TLS',
	dialogue: tlsDialogue,
	profile: (port) => resolved('websocket', `wss://127.0.0.1:${port}/`),
});
