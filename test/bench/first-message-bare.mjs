// A worker with the bare library of a protocol: loads it, connects to the flood at `port` and posts a message when the first
// one has arrived.
import { parentPort, workerData } from 'node:worker_threads';

const { name, port, password } = workerData;
const first = () => parentPort.postMessage('first');

// The library of Kafka needs it; Node has it from version 22 on.
Promise.withResolvers ??= function () {
	const parts = {};
	parts.promise = new this((resolve, reject) => Object.assign(parts, { resolve, reject }));
	return parts;
};

const libraries = {
	async MQTT() {
		const { connect } = await import('mqtt');
		const client = connect({ host: '127.0.0.1', port, protocolVersion: 4 });
		client.on('connect', () => client.subscribe('#')).once('message', first);
	},
	async 'AMQP 0-9-1'() {
		const { connect } = await import('amqplib');
		const channel = await (await connect(`amqp://127.0.0.1:${port}`)).createChannel();
		await channel.consume('q', first, { noAck: true });
	},
	async WebSocket() {
		const { WebSocket } = await import('ws');
		new WebSocket(`ws://127.0.0.1:${port}`).once('message', first);
	},
	async XMPP() {
		const { client } = await import('@xmpp/client');
		const xmpp = client({ service: `xmpp://127.0.0.1:${port}`, domain: 'localhost', username: 'alice', password });
		xmpp.on('stanza', (stanza) => stanza.is('message') && first());
		await xmpp.start();
	},
	async Kafka() {
		const { Consumer } = await import('@platformatic/kafka');
		const bootstrapBrokers = [`127.0.0.1:${port}`];
		const consumer = new Consumer({ clientId: 'bench', groupId: 'bench', bootstrapBrokers });
		const metadata = await consumer.metadata({ topics: ['flood'] });
		const { id: topicId, partitions } = metadata.topics.get('flood');
		const place = { partition: 0, fetchOffset: 0n, currentLeaderEpoch: -1, lastFetchedEpoch: -1 };
		await consumer.fetch({
			...{ node: partitions[0].leader, maxWaitTime: 500, minBytes: 1, maxBytes: 4 * 1024 * 1024 },
			topics: [{ topicId, partitions: [{ ...place, partitionMaxBytes: 1024 * 1024 }] }],
		});
		first();
	},
	async NATS() {
		const { connect } = await import('@nats-io/transport-node');
		const client = await connect({ servers: `127.0.0.1:${port}`, reconnect: false });
		client.subscribe('flood.>', { callback: first });
	},
	async 'AMQP 1.0'() {
		const { default: rhea } = await import('rhea');
		const options = { host: '127.0.0.1', port, username: 'anonymous', reconnect: false };
		const receiver = rhea.create_container({ id: 'bench' }).connect(options).open_receiver({ source: 'orders' });
		receiver.once('message', first);
	},
	async 'Socket.IO'() {
		const { io } = await import('socket.io-client');
		io(`http://127.0.0.1:${port}/`, { transports: ['websocket'], reconnection: false }).onAny(first);
	},
};
await libraries[name]();
