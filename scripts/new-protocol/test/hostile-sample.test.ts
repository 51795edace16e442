import { adapter } from '../../../src/protocols/sample/adapter';
import { sampleDialogue } from '../../support/hostile/sample';
import { certificate } from '../../support/servers/certificate';
import { resolved } from '../suite/attempt';
import { hostile } from '../suite/hostile';

const common = {
	...{ adapter, dialogue: sampleDialogue, impatient: { pingInterval: 1 }, subscription: { target: 'a' } },
	// A message that is not subscribed to is dropped, and a refusal ends the subscription only.
	harmless: ['open: a message for another target', 'subscribe: a refusal with a hostile text'],
};

hostile({ ...common, name: 'Sample', profile: (port) => resolved('sample', `sample://127.0.0.1:${port}`) });
hostile({
	...{ ...common, name: 'Sample over TLS', tls: true },
	profile: (port) => resolved('sample', `samples://127.0.0.1:${port}`, { 'tls.ca': certificate().file }),
});
