import { startLife } from './life/index';
import { startKafkaServer } from './server';

/** Starts the playground's Kafka: one broker on loopback at the port, or at a free one where that is taken. */
export async function startKafka(port: number): Promise<{ port: number; close(): Promise<void> }> {
	const server = await startKafkaServer({ ports: [port] });
	const stop = startLife(server.cluster);
	return {
		port: server.ports[0] as number,
		async close() {
			stop();
			await server.close();
		},
	};
}
