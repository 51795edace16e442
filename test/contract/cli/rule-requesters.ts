import { once } from 'node:events';
import { connect as connectNats } from '@nats-io/transport-node';
import { connectAsync } from 'mqtt';
import rhea, { type EventContext } from 'rhea';
import { eventually } from '../../support/run/eventually';
import type { Mosquitto } from '../../support/servers/mosquitto';
import type { NatsServer } from '../../support/servers/nats';
import { passwords, type RabbitMq } from '../../support/servers/rabbitmq';
import { startPeer } from '../../support/servers/rabbitmq-peer';
import type { SocketIoServer } from '../../support/servers/socketio/socketio-server';
import type { TestServer } from '../../support/servers/websocket/websocket-server';

/** A question in the way of a protocol, by a client or server that is not ours. */
interface Requester {
	/** A rule that answers; `$N` and so on are the servers of the file. */
	rule: string;
	/** Resolves with what has come back. */
	ask(): Promise<unknown>;
	answer: unknown;
}

export interface RequesterServers {
	edge: Mosquitto;
	rabbit: RabbitMq;
	nats: NatsServer;
	socket: TestServer;
	sockets: SocketIoServer;
}

/** The last one is that of the Socket.IO server. */
export async function startRequesters({ edge, rabbit, nats, socket, sockets }: RequesterServers) {
	const mqtt = await connectAsync(`mqtt://127.0.0.1:${edge.port}`, { protocolVersion: 5 });
	const queues = await startPeer(rabbit);
	const peer = await connectNats({ servers: `127.0.0.1:${nats.port}` });
	for (const queue of ['rpc', 'rpc.direct', 'rpc.1.0', 'answers.1.0']) await queues.channel.assertQueue(queue);

	async function askQueue(queue: string, replyTo: string): Promise<unknown> {
		const answered = new Promise<unknown>((resolve) => {
			const take = (message: Parameters<Parameters<typeof queues.channel.consume>[1]>[0]) =>
				message && resolve([String(message.content), message.properties.correlationId]);
			void queues.channel
				.consume(replyTo, take, { noAck: true })
				.then(() => queues.channel.sendToQueue(queue, Buffer.from('tea'), { replyTo, correlationId: 'one' }));
		});
		return answered;
	}

	/** The message ID, a number, comes back as the correlation ID. */
	async function askWithRhea(): Promise<unknown> {
		const connection = rhea.create_container().connect({
			...{ host: '127.0.0.1', port: rabbit.otherPort, reconnect: false },
			...{ username: 'admin', password: passwords.admin },
		});
		try {
			connection.open_receiver('/amq/queue/answers.1.0');
			const sender = connection.open_sender('/amq/queue/rpc.1.0');
			await once(sender, 'sendable');
			sender.send({ message_id: 7, reply_to: '/amq/queue/answers.1.0', body: 'tea' });
			const [{ message }] = (await once(connection, 'message')) as [EventContext];
			return [String(message?.body?.content ?? message?.body), message?.correlation_id];
		} finally {
			connection.close();
		}
	}

	const list: Requester[] = [
		{
			rule: 'ON rpc/+/get\nHost: $E\n=== reply\nQoS: 1\n\n{ "id": "{{message.level.1}}" }',
			async ask() {
				await mqtt.subscribeAsync('answers/me', { qos: 1 });
				const answered = new Promise<unknown>((resolve) => {
					mqtt.once('message', (_, payload, packet) => resolve([String(payload), packet.properties?.correlationData]));
				});
				const properties = { responseTopic: 'answers/me', correlationData: Buffer.of(0, 255) };
				await mqtt.publishAsync('rpc/7/get', 'level?', { properties });
				return answered;
			},
			answer: ['{ "id": "7" }', Buffer.of(0, 255)],
		},
		{
			rule: 'ON queue/rpc\nHost: $R\nMode: consume\n=== reply\n\n{{message.body}} costs 5',
			ask: async () => askQueue('rpc', (await queues.channel.assertQueue('', { exclusive: true })).queue),
			answer: ['tea costs 5', 'one'],
		},
		{
			rule: 'ON queue/rpc.direct\nHost: $R\nMode: consume\n=== reply\n\n{{message.body}} costs 6',
			ask: () => askQueue('rpc.direct', 'amq.rabbitmq.reply-to'),
			answer: ['tea costs 6', 'one'],
		},
		{
			rule: 'ON /amq/queue/rpc.1.0\nConnection: Queues\nMode: consume\n=== reply\n\n{{message.body}} costs 7',
			ask: askWithRhea,
			answer: ['tea costs 7', 7],
		},
		{
			rule: 'ON svc.*\nHost: $N\n=== reply\n\n{{message.level.1}}',
			ask: async () => (await peer.request('svc.time', '')).string(),
			answer: 'time',
		},
		{
			rule: 'ON\nConnection: Socket\n=== reply\n\n{{message.body}} to you',
			async ask() {
				await socket.received();
				await socket.send([{ data: Buffer.from('hello'), binary: false }]);
				return eventually('it is answered', async () => {
					const [message] = await socket.received();
					if (!message) throw new Error('not yet');
					return [Buffer.from(message.data).toString(), message.binary];
				});
			},
			answer: ['hello to you', false],
		},
		{
			rule: 'ON\nHost: $S\n=== reply\n\n[{ "twice": "{{message.body[0]}}" }]',
			async ask() {
				await sockets.ask({ name: 'order', args: ['tea'] });
				return eventually('it is acknowledged', async () => {
					const [answer] = await sockets.acknowledged();
					if (!answer) throw new Error('not yet');
					return answer;
				});
			},
			answer: [{ twice: 'tea' }],
		},
	];
	return {
		list,
		async close() {
			await Promise.all([mqtt.endAsync(), queues.close(), peer.close()]);
		},
	};
}
