import type { TestContext } from 'node:test';
import { connect, type IClientOptions, type IPublishPacket, type MqttClient } from 'mqtt';
import { type Playground, startPlayground } from '../../../src/playground/playground';

export interface Received {
	topic: string;
	payload: string;
	packet: IPublishPacket;
}

/** Starts a playground on free ports, and mqtt.js clients for it. Both end with the test. */
export async function withPlayground(t: TestContext) {
	const playground: Playground = await startPlayground({ port: 0 });
	const clients: MqttClient[] = [];
	t.after(async () => {
		for (const client of clients) client.end(true);
		await playground.close();
	});
	return {
		...playground,
		async client(options: IClientOptions = {}) {
			const client = connect({ host: '127.0.0.1', port: playground.ports.mqtt, reconnectPeriod: 0, ...options });
			clients.push(client);
			const messages: Received[] = [];
			// Before the connection opens: retained messages can arrive in the same read as SUBACK.
			client.on('message', (topic, payload, packet) => messages.push({ topic, payload: payload.toString(), packet }));
			await new Promise<void>((resolve, reject) => {
				client.once('connect', () => resolve());
				client.on('error', reject);
			});
			return { client, messages };
		},
	};
}
