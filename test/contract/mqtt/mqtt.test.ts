import { connect as connectClient, type MqttClient } from 'mqtt';
import type { Values } from '../../../src/model/profile/field';
import { adapter } from '../../../src/protocols/mqtt/adapter';
import { readMeta } from '../../../src/protocols/mqtt/describe/publish-properties';
import { eventually } from '../../support/run/eventually';
import { dynamicSecurity, hasDynamicSecurity, startMosquitto } from '../../support/servers/mosquitto';
import { pki } from '../../support/servers/pki';
import { resolved } from '../suite/attempt';
import { contract, type Fixture } from '../suite/contract';

const password = 'canary-5d2';
const users = {
	user: { password, filter: '#' },
	limited: { password, filter: 'own/#' },
};

interface Variant {
	mqttVersion: '5' | '3.1.1' | 'auto';
	/** QoS in both directions. */
	qos: 0 | 1 | 2;
	tls?: boolean;
}

/** Mosquitto, and a second client that publishes to the adapter and receives the messages of the adapter. */
async function fixture({ mqttVersion, tls, qos }: Variant): Promise<Fixture> {
	const server = await startMosquitto({
		// With max_queued_messages 0, Mosquitto 2.0.11 closes the connection after a message that it has refused.
		general: ['max_inflight_messages 0'],
		...(hasDynamicSecurity ? { dynamicSecurity: dynamicSecurity(users) } : { users: { user: password } }),
		listener: tls ? [`certfile ${pki().server.cert}`, `keyfile ${pki().server.key}`] : [],
	});
	const at = (port: number) =>
		resolved('mqtt', `${tls ? 'mqtts' : 'mqtt'}://127.0.0.1:${port}`, {
			...{ username: 'user', mqttVersion },
			...(tls && { 'tls.ca': pki().ca }),
		});
	let got: Uint8Array[] = [];
	const helper: MqttClient = connectClient({
		host: '127.0.0.1',
		port: server.port,
		protocol: tls ? 'mqtts' : 'mqtt',
		ca: tls ? pki().read(pki().ca) : undefined,
		username: 'user',
		password,
		clientId: 'helper',
		reconnectPeriod: 50,
		protocolVersion: 5,
	});
	helper.on('error', () => {});
	const gotHeaders: [string, string][][] = [];
	helper.on('message', (_topic, payload, { properties }) => {
		got.push(payload);
		gotHeaders.push(pairsOf(properties?.userProperties));
	});
	const ready = () =>
		eventually('the second client is there', async () => {
			if (!helper.connected) throw new Error('It is not connected.');
			await helper.subscribeAsync('from/client', { qos });
		});
	await ready();
	const profile = at(server.port);
	const draft = (payload: Uint8Array, values: Values = {}) => ({
		...{ verb: 'publish', target: 'from/client', values: { qos, ...values }, payload },
	});
	return {
		adapter,
		profile,
		secrets: { password },
		at,
		wrong: { password: 'wrong-9a1' },
		untrusted: tls ? { ...at(server.port), values: { username: 'user' } } : undefined,
		impatient: { keepalive: 2 },
		subscription: { target: 'to/client', qos },
		async deliver(payloads) {
			// QoS 0 has no answer, and a callback for each message would wait for room in the socket.
			if (qos === 0) for (const payload of payloads) helper.publish('to/client', Buffer.from(payload));
			else
				await Promise.all(payloads.map((payload) => helper.publishAsync('to/client', Buffer.from(payload), { qos })));
		},
		draft,
		async received() {
			const taken = got;
			got = [];
			return taken;
		},
		denied: hasDynamicSecurity
			? {
					user: { profile: { ...profile, values: { ...profile.values, username: 'limited' } } },
					// MQTT 3.1.1 cannot refuse a message, and at QoS 0 there is no answer.
					draft: mqttVersion === '3.1.1' ? undefined : draft(Buffer.from('x'), { qos: qos || 1 }),
					subscription: { target: 'to/client', qos },
					allowed: { ...draft(Buffer.from('x')), target: 'own/x' },
				}
			: undefined,
		headers:
			mqttVersion === '3.1.1'
				? undefined
				: {
						sample: [
							// The second client reports headers of one name together.
							['b', '1'],
							['b', '2'],
							['a', ''],
							['__proto__', 'ä😀'],
						],
						async deliver(headers) {
							const userProperties = headers.map((pair) => Object.fromEntries([pair])) as never;
							await helper.publishAsync('to/client', 'x', { qos: 1, properties: { userProperties } });
						},
						draft: (headers) => draft(Buffer.from('x'), { userProperties: headers }),
						received: async () => gotHeaders.splice(0),
						of: ({ meta }) => readMeta(meta as Uint8Array).userProperties ?? [],
					},
		modes: {
			default: {
				subscription: { target: 'to/client', qos },
				named: mqttVersion !== '3.1.1',
				deliver: async (payload) => void (await helper.publishAsync('to/client', Buffer.from(payload), { qos: 1 })),
			},
		},
		connections: async () => server.connections() - 1,
		kill: (signal) => server.kill(signal),
		async restart() {
			await server.restart();
			await ready();
		},
		async stop() {
			await helper.endAsync(true);
			await server.stop();
		},
	};
}

/** Pairs from the user properties of mqtt-packet: one object, with lists for names that occur more than once. */
function pairsOf(properties: Record<string, string | string[]> | undefined): [string, string][] {
	return Object.entries(properties ?? {}).flatMap(([name, values]) =>
		[values].flat().map((value): [string, string] => [name, value]),
	);
}

contract('MQTT 5, QoS 1', () => fixture({ mqttVersion: '5', qos: 1 }));
contract('MQTT 3.1.1, QoS 0', () => fixture({ mqttVersion: '3.1.1', qos: 0 }), 'transport');
contract('MQTT 5 over TLS, QoS 2', () => fixture({ mqttVersion: 'auto', qos: 2, tls: true }), 'transport');
