import { connect as connectNats } from '@nats-io/transport-node';
import { connectAsync } from 'mqtt';
import type { KafkaBroker } from '../../support/servers/kafka-broker';
import type { Mosquitto } from '../../support/servers/mosquitto';
import type { NatsServer } from '../../support/servers/nats';
import type { RabbitMq } from '../../support/servers/rabbitmq';
import { startPeer } from '../../support/servers/rabbitmq-peer';
import type { SocketIoServer } from '../../support/servers/socketio/socketio-server';
import { apiOf } from '../nats/with-server';

/** A source that delivers a message again until it is acknowledged. */
export interface Source {
	name: string;
	/** Its part of a rule; `$N` and so on are the servers of the file. */
	rule: string;
	/** `{{message.body}}` unless given. */
	body?: string;
	deliver(texts: readonly string[]): Promise<unknown>;
	/** The source no longer waits for a receiver that was killed. */
	expire?(): Promise<void>;
}

export interface SourceServers {
	edge: Mosquitto;
	kafka: KafkaBroker;
	rabbit: RabbitMq;
	nats: NatsServer;
	sockets: SocketIoServer;
}

/** Sources of every protocol that can acknowledge later, filled by clients that are not ours. */
export async function startSources({ edge, kafka, rabbit, nats, sockets }: SourceServers) {
	const publisher = await connectAsync(`mqtt://127.0.0.1:${edge.port}`, { protocolVersion: 5 });
	const queues = await startPeer(rabbit);
	const stream = await connectNats({ servers: `127.0.0.1:${nats.port}` });
	for (const queue of ['killed', 'killed.1.0']) await queues.channel.assertQueue(queue);
	await kafka.createTopic('killed');
	const api = apiOf(stream);
	await api('STREAM.CREATE.KILLED', { name: 'KILLED', subjects: ['killed'], storage: 'memory' });
	const config = { durable_name: 'worker', ack_policy: 'explicit', ack_wait: 1_000_000_000 };
	await api('CONSUMER.CREATE.KILLED.worker', { stream_name: 'KILLED', config });

	const publish = (qos: 1 | 2) => async (texts: readonly string[]) => {
		// One at a time: the library sends more than the broker's receive maximum.
		for (const text of texts) await publisher.publishAsync(`killed/${qos}`, text, { qos });
	};
	const enqueue = (queue: string) => (texts: readonly string[]) =>
		queues.publish(
			'',
			queue,
			texts.map((text) => Buffer.from(text)),
		);
	const list: Source[] = [
		...([1, 2] as const).map((qos) => ({
			name: `mqtt-${qos}`,
			rule: `ON killed/${qos}\nConnection: Edge\nQoS: ${qos}`,
			deliver: publish(qos),
		})),
		{ name: 'amqp', rule: 'ON queue/killed\nHost: $R\nMode: consume', deliver: enqueue('killed') },
		{
			name: 'amqp1',
			rule: 'ON /amq/queue/killed.1.0\nConnection: Queues\nMode: consume',
			deliver: enqueue('killed.1.0'),
		},
		{
			name: 'nats',
			rule: 'ON KILLED/worker\nHost: $N\nMode: consume',
			deliver: (texts) => Promise.all(texts.map((text) => stream.request('killed', text, { timeout: 30_000 }))),
		},
		{
			...{ name: 'socketio', rule: 'ON\nHost: $S', body: '{{message.body[0]}}' },
			deliver: (texts) => Promise.all(texts.map((text) => sockets.ask({ name: 'killed', args: [text] }))),
		},
		{
			name: 'kafka',
			rule: 'ON killed\nHost: $K\nMode: group\nGroup: killed\nInitial: earliest',
			deliver: (texts) => kafka.produce({ topic: 'killed', records: texts.map((value) => ({ value })) }),
			expire: () => kafka.expire('killed'),
		},
	];
	return {
		list,
		/** Socket.IO leaves it to the server's program to send again what was not acknowledged. */
		repeat: () => sockets.repeat(),
		async close() {
			await Promise.all([publisher.endAsync(), queues.close(), stream.close()]);
		},
	};
}
