import { amqpFlag } from '../../../src/protocols/amqp/describe/flags';
import { holdsMessages } from '../suite/holding';
import type { Cases } from './server';

export const holding: Cases = {
	async 'acknowledges consumed messages after their outcome'({ peer, profile }) {
		await peer.channel.assertQueue('held');
		const { profile: at, secrets } = profile();
		await holdsMessages({
			...{ protocol: 'amqp', url: at.url, values: at.values, secrets },
			subscription: { target: 'held', mode: 'consume' },
			deliver: (texts) =>
				peer.publish(
					'',
					'held',
					texts.map((text) => Buffer.from(text)),
				),
			isRepeated: (flags) => (flags & amqpFlag.redelivered) !== 0,
		});
	},
};
