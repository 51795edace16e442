import { adapter } from '../../../src/protocols/nats/adapter';
import { natsDialogue } from '../../support/hostile/nats';
import { certificate } from '../../support/servers/certificate';
import { resolved } from '../suite/attempt';
import { hostile } from '../suite/hostile';

const common = {
	...{ adapter, dialogue: natsDialogue, impatient: { pingInterval: 1 }, subscription: { target: 'a' } },
	harmless: [
		'subscribe: a refusal with a hostile text',
		'subscribe: another error',
		// Subjects are bytes; the message is dropped or shown with a replacement character.
		'open: a message for another subscription',
		'open: a subject that is no UTF-8',
		'open: a subject of a prototype',
		'open: lame duck with hostile servers',
	],
};

hostile({ ...common, name: 'NATS', profile: (port) => resolved('nats', `nats://127.0.0.1:${port}`) });
hostile({
	...{ ...common, name: 'NATS with TLS first', tls: true },
	profile: (port) => resolved('nats', `tls://127.0.0.1:${port}`, { 'tls.first': true, 'tls.ca': certificate().file }),
});
