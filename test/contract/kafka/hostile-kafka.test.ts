import assert from 'node:assert/strict';
import test from 'node:test';
import { adapter } from '../../../src/protocols/kafka/adapter';
import { startHostile } from '../../support/hostile/hostile';
import { advertised, kafkaDialogue, kafkaSignInDialogue } from '../../support/hostile/kafka';
import { eventually } from '../../support/run/eventually';
import { certificate } from '../../support/servers/certificate';
import { connect, resolved } from '../suite/attempt';
import { hostile } from '../suite/hostile';

const hosts = (port: number): [string, string][] => [[advertised, `127.0.0.1:${port}`]];
const common = {
	adapter,
	dialogue: kafkaDialogue,
	impatient: { pingInterval: 1 },
	subscription: { target: 'orders', mode: 'read', from: 'earliest' },
};

const profile = (port: number) => resolved('kafka', `kafka://127.0.0.1:${port}`, { hosts: hosts(port) });

test('the dialogue leads to a message where nothing is wrong', async (t) => {
	const server = await startHostile({ dialogue: kafkaDialogue });
	t.after(() => server.close());
	const { link, recorded } = await connect({ adapter, profile: profile(server.port) });
	t.after(() => link.destroy());
	await link.subscribe?.(common.subscription);
	await eventually('the message', () => assert.equal(String(recorded.messages[0]?.payload), 'hello'));
});

hostile({ ...common, name: 'Kafka', profile });
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
