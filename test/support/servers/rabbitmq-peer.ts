import { type ChannelModel, type ConfirmChannel, connect, type GetMessage, type Options } from 'amqplib';
import { eventually } from '../run/eventually';
import { passwords, type RabbitMq } from './rabbitmq';

/** A client of another make (amqplib), against which ours is judged. */
export interface Peer {
	readonly channel: ConfirmChannel;
	publish(exchange: string, key: string, payloads: readonly Uint8Array[], options?: Options.Publish): Promise<void>;
	/** Everything that is in a queue, taken out. */
	drain(queue: string): Promise<GetMessage[]>;
	/** Messages ready in a queue. */
	ready(queue: string): Promise<number>;
	close(): Promise<void>;
}

export async function startPeer(server: Pick<RabbitMq, 'otherPort'>, vhost = '/'): Promise<Peer> {
	const model: ChannelModel = await eventually('the peer connects', () =>
		connect({
			...{ hostname: '127.0.0.1', port: server.otherPort, username: 'admin', password: passwords.admin },
			vhost: encodeURIComponent(vhost),
			heartbeat: 0,
		}),
	);
	// Its end is part of what is tested.
	model.on('error', () => {});
	const channel = await model.createConfirmChannel();
	channel.on('error', () => {});
	return {
		channel,
		async publish(exchange, key, payloads, options) {
			for (const payload of payloads) channel.publish(exchange, key, Buffer.from(payload), options);
			await channel.waitForConfirms();
		},
		async drain(queue) {
			const all: GetMessage[] = [];
			for (;;) {
				const message = await channel.get(queue, { noAck: true });
				if (!message) return all;
				all.push(message);
			}
		},
		ready: async (queue) => (await channel.checkQueue(queue)).messageCount,
		close: () => model.close().catch(() => {}),
	};
}
