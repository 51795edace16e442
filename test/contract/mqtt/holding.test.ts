import { randomBytes } from 'node:crypto';
import { after, before, test } from 'node:test';
import { connect, type MqttClient } from 'mqtt';
import { duplicateFlag } from '../../../src/protocols/mqtt/describe/flags';
import { type Mosquitto, startMosquitto } from '../../support/servers/mosquitto';
import { type HoldFixture, holdsMessages } from '../suite/holding';

let server: Mosquitto;
let publisher: MqttClient;

before(async () => {
	server = await startMosquitto({ general: ['max_inflight_messages 4'] });
	publisher = connect({ port: server.port, protocolVersion: 5 });
});
after(async () => {
	publisher?.end(true);
	await server?.stop();
});

function fixture(mqttVersion: '5' | '3.1.1', qos: 1 | 2): HoldFixture {
	const name = randomBytes(4).toString('hex');
	return {
		protocol: 'mqtt',
		url: `mqtt://127.0.0.1:${server.port}`,
		values: { mqttVersion, clientId: `holder-${name}`, cleanStart: false, sessionExpiry: 600 },
		subscription: { target: `held/${name}`, qos },
		async deliver(texts) {
			for (const text of texts) await publisher.publishAsync(`held/${name}`, text, { qos });
		},
		// Mosquitto 2.0.11 sends everything after the first acknowledgement, whatever its limits are.
		overruns: true,
		arrived: (session) =>
			session.send({ verb: 'publish', target: 'other', values: { qos: 1 }, payload: Buffer.from('after') }),
		isRepeated: (flags) => (flags & duplicateFlag) !== 0,
	};
}

for (const version of ['5', '3.1.1'] as const)
	for (const qos of [1, 2] as const)
		test(`MQTT ${version} holds messages at QoS ${qos}`, () => holdsMessages(fixture(version, qos)));
