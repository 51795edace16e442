// The small broker as a process of its own: node process.mjs '{"port":9092,…}'. Commands arrive over IPC.
import { startKafkaServer } from '../../../../src/playground/kafka/server';
import { Commands, createTopic } from './commands';
import { Faults } from './faults';
import type { KafkaBrokerOptions } from './options';

const options = JSON.parse(process.argv[2] ?? '{}') as KafkaBrokerOptions & { port: number };
const { brokers = 1, port, host, topics = {}, autoCreate = true } = options;
const faults = new Faults();
const server = await startKafkaServer({
	ports: Array.from({ length: brokers }, (_, index) => port + index),
	host,
	serve: faults.serve,
});
server.cluster.autoCreate = autoCreate;
for (const [name, topic] of Object.entries(topics)) createTopic(server.cluster, name, topic);
const commands = new Commands(server, faults);
process.on('message', async ({ id, command, ...values }: { id: number; command: string }) => {
	try {
		process.send?.({ id, result: await commands.run(command, values) });
	} catch (error) {
		process.send?.({ id, result: { failed: String(error) } });
	}
});
process.on('disconnect', () => process.exit(0));
process.send?.({ id: 0 });
if (!process.send) console.log(`Kafka brokers at ${server.ports.map((one) => `127.0.0.1:${one}`).join(', ')}`);
