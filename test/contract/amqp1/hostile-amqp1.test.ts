import { adapter } from '../../../src/protocols/amqp1/adapter';
import { amqp1Dialogue } from '../../support/hostile/amqp1';
import { certificate } from '../../support/servers/certificate';
import { resolved } from '../suite/attempt';
import { hostile } from '../suite/hostile';

const common = {
	...{ adapter, dialogue: amqp1Dialogue, impatient: { idleTimeout: 1 } },
	subscription: { target: 'a', mode: 'browse' },
	harmless: [
		// The sender's fault: the message is logged as it is.
		'open: a message that cannot be read',
		'open: a message of two billion nulls',
		'open: a message without a body',
		'open: an aborted message',
		// These end the subscription only.
		...['attach: a refused link', 'attach: a refused session', 'attach: no copies'],
		...['open: a forced detach', 'open: an ended session'],
	],
};

hostile({ ...common, name: 'AMQP 1.0', profile: (port) => resolved('amqp1', `amqp://127.0.0.1:${port}`) });
hostile({
	...{ ...common, name: 'AMQP 1.0 over TLS', tls: true },
	profile: (port) => resolved('amqp1', `amqps://127.0.0.1:${port}`, { 'tls.ca': certificate().file }),
});
