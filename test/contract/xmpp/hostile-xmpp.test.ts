import { adapter } from '../../../src/protocols/xmpp/adapter';
import { hostileUser, xmppDialogue } from '../../support/hostile/xmpp';
import { certificate } from '../../support/servers/certificate';
import { resolved } from '../suite/attempt';
import { hostile } from '../suite/hostile';

const values = { username: `${hostileUser.name}@localhost` };
const common = {
	// The suite has no secrets to check for.
	adapter: {
		connect: (context: Parameters<typeof adapter.connect>[0]) =>
			adapter.connect({ ...context, secrets: { password: hostileUser.password } }),
	},
	dialogue: xmppDialogue,
	impatient: { pingInterval: 1 },
	/** These stanzas are logged and answered; the silent server is detected only later. */
	harmless: [],
};

hostile({
	...common,
	name: 'XMPP without encryption',
	profile: (port) => resolved('xmpp', `xmpp://127.0.0.1:${port}`, { ...values, allowUnencrypted: true }),
});
hostile({
	...common,
	name: 'XMPP over TLS',
	tls: true,
	profile: (port) => resolved('xmpp', `xmpps://127.0.0.1:${port}`, { ...values, 'tls.ca': certificate().file }),
});
