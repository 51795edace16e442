import { adapter } from '../../src/protocols/websocket/adapter';
import { certificate } from '../support/certificate';
import { tlsDialogue } from '../support/hostile';
import { websocketDialogue } from '../support/hostile-websocket';
import { resolved } from './attempt';
import { hostile } from './hostile';

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
