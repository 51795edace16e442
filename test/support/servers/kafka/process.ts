// The small broker as a process of its own: node process.mjs '{"port":9092,…}'. Commands arrive over IPC.
import { createServer as createSecureServer } from 'node:tls';
import type { Serve } from '../../../../src/playground/kafka/connection';
import { limits } from '../../../../src/playground/kafka/limits';
import { startKafkaServer } from '../../../../src/playground/kafka/server';
import { Commands, createTopic } from './commands';
import { withDenials } from './denials';
import { Faults } from './faults';
import { keepJournal } from './journal';
import type { KafkaBrokerOptions } from './options';
import { Sasl, saslApis } from './sasl';

const options = JSON.parse(process.argv[2] ?? '{}') as KafkaBrokerOptions & { port: number; journal?: string };
const { brokers = 1, port, host, topics = {}, autoCreate = true, tls, denied = {}, journal } = options;
const faults = new Faults();
const sasl = options.sasl && new Sasl(options.sasl);
const authorized: Serve = withDenials(
	() => server.cluster,
	denied,
	(socket) => sasl?.userOf(socket),
	(api, request, call) => api.handle(request, call),
);
const server = await startKafkaServer({
	ports: Array.from({ length: brokers }, (_, index) => port + index),
	host,
	apis: sasl ? saslApis : [],
	serve: faults.around(sasl?.around(authorized) ?? authorized),
	limits: { ...limits, ...options.limits },
	listener:
		tls &&
		((serve) => {
			const client = tls.ca === undefined ? {} : { ca: tls.ca, requestCert: true, rejectUnauthorized: true };
			const secure = createSecureServer({ key: tls.key, cert: tls.cert, ...client }, serve);
			secure.on('tlsClientError', () => {});
			return secure;
		}),
});
server.cluster.autoCreate = autoCreate;
for (const [name, topic] of Object.entries(topics)) createTopic(server.cluster, name, topic);
if (journal) keepJournal(server.cluster, journal);
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
