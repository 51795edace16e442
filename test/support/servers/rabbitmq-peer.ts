import { type ChannelModel, type ConfirmChannel, connect, type GetMessage, type Options } from 'amqplib';
import { eventually } from '../run/eventually';
import { passwords, type RabbitMq } from './rabbitmq';

/**
 * An independent client for checks. The product bundles its own copy of amqplib (scripts/lib/amqplib-stream.mjs), so this
 * one shares no module with it, and its socket is a plain one.
 */
export interface Peer {
	readonly channel: ConfirmChannel;
	publish(exchange: string, key: string, payloads: readonly Uint8Array[], options?: Options.Publish): Promise<void>;
	/** Consumes and returns all messages of a queue. */
	drain(queue: string): Promise<GetMessage[]>;
	/** Number of ready messages in a queue. */
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
	// Tests end it on purpose.
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
