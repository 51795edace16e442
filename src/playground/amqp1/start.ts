import { createServer } from 'node:net';
import type { Message } from 'rhea';
import { wander } from '../devices/device';
import type { Running } from '../server';
import { openServer } from '../tcp';
import { Broker, topic } from './broker';

/** Starts the broker on this port of loopback, or on a free one where it is busy, and what happens in it. */
export async function startAmqp1(port: number): Promise<Running> {
	const broker = new Broker();
	const server = createServer((socket) => broker.attach(socket));
	const [total, temperature] = [wander(5, 250, 60), wander(16, 31, 0.4)];
	let number = 1000;
	const order = () => {
		number++;
		broker.publish('orders', {
			...{
				message_id: `order-${number}`,
				subject: number % 5 ? 'created' : 'cancelled',
				content_type: 'application/json',
			},
			...{ creation_time: Date.now(), durable: true, group_id: `customer-${number % 3}` },
			application_properties: { source: 'shop', express: number % 4 === 0 },
			message_annotations: { 'x-opt-partition-key': `customer-${number % 3}` },
			body: JSON.stringify({ id: number, total: total(), currency: 'EUR' }),
		} as unknown as Message);
	};
	for (let at = 0; at < 10; at++) order();
	const timers = [
		setInterval(order, 5000),
		setInterval(() => {
			broker.publish(topic, {
				subject: 'climate',
				body: { temperature: temperature(), unit: '°C' },
			} as unknown as Message);
		}, 2000),
	];
	return openServer(server, port, () => {
		for (const timer of timers) clearInterval(timer);
		broker.close();
	});
}
