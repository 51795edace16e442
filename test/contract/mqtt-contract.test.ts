import { adapter } from '../../src/protocols/mqtt/adapter';
import { startMosquitto } from '../support/mosquitto';
import { pki } from '../support/pki';
import { connect, resolved } from './attempt';
import { contract, type Fixture } from './contract';

interface Variant {
	version: '5' | '3.1.1';
	qos: 0 | 1 | 2;
	tls?: boolean;
}

/** A helper client of the same adapter stands on the broker's other side: it publishes to us and hears what we send. */
async function fixture({ version, qos, tls }: Variant): Promise<Fixture> {
	const keys = tls ? pki() : undefined;
	const broker = await startMosquitto({
		users: { user: 'canary-3f9' },
		listener: keys ? [`certfile ${keys.server.cert}`, `keyfile ${keys.server.key}`] : [],
	});
	const scheme = tls ? 'mqtts' : 'mqtt';
	const values = { username: 'user', mqttVersion: version, 'tls.ca': keys?.ca };
	const secrets = { password: 'canary-3f9' };
	const at = (port: number) => resolved('mqtt', `${scheme}://127.0.0.1:${port}`, values);
	const profile = at(broker.port);
	const draft = (topic: string, payload: Uint8Array) => ({ verb: 'publish', target: topic, values: { qos }, payload });
	let helper: Awaited<ReturnType<typeof connect>> | undefined;

	async function help() {
		if (helper) return helper;
		const opened = await connect({ adapter, profile, secrets });
		await opened.link.subscribe?.({ target: 'to-server', qos });
		void opened.link.ended.then(() => {
			helper = undefined;
		});
		helper = opened;
		return opened;
	}

	await help();
	return {
		adapter,
		profile,
		secrets,
		at,
		wrong: { password: 'wrong-7c1' },
		untrusted: tls ? { ...profile, values: { ...values, 'tls.ca': undefined } } : undefined,
		impatient: { keepalive: 2 },
		subscription: { target: 'to-client', qos },
		async deliver(payloads) {
			const { link } = await help();
			await Promise.all(payloads.map((payload) => link.send(draft('to-client', payload))));
		},
		draft: (payload) => draft('to-server', payload),
		async received() {
			const { recorded } = await help();
			return recorded.messages.splice(0).map(({ payload }) => payload);
		},
		connections: async () => broker.connections() - (helper ? 1 : 0),
		kill: (signal) => broker.kill(signal),
		async restart() {
			await broker.restart();
			await help();
		},
		async stop() {
			helper?.link.destroy();
			await broker.stop();
		},
	};
}

contract('MQTT 5, QoS 1', () => fixture({ version: '5', qos: 1 }));
contract('MQTT 3.1.1, QoS 0', () => fixture({ version: '3.1.1', qos: 0 }));
contract('MQTT 5 over TLS, QoS 2', () => fixture({ version: '5', qos: 2, tls: true }));
