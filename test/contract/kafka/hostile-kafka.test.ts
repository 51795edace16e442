import { adapter } from '../../../src/protocols/kafka/adapter';
import { advertised, kafkaDialogue, kafkaSignInDialogue } from '../../support/hostile/kafka';
import { certificate } from '../../support/servers/certificate';
import { resolved } from '../suite/attempt';
import { hostile } from '../suite/hostile';

const hosts = (port: number): [string, string][] => [[advertised, `127.0.0.1:${port}`]];
const common = {
	adapter,
	dialogue: kafkaDialogue,
	impatient: { pingInterval: 1 },
	subscription: { target: 'orders', mode: 'read', from: 'earliest' },
};

hostile({
	...common,
	name: 'Kafka',
	profile: (port) => resolved('kafka', `kafka://127.0.0.1:${port}`, { hosts: hosts(port) }),
});
hostile({
	...common,
	name: 'Kafka, sign-in over TLS',
	dialogue: kafkaSignInDialogue,
	tls: true,
	secrets: { password: 'pencil' },
	profile: (port) =>
		resolved('kafka', `kafka+ssl://127.0.0.1:${port}`, {
			...{ hosts: hosts(port), 'tls.ca': certificate().file },
			...{ mechanism: 'SCRAM-SHA-256', username: 'user' },
		}),
});
