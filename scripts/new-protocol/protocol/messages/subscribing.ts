import { fail } from '../../../base/failure';
import type { Subscription } from '../../../model/profile/profile';
import type { Granted, Sink } from '../../adapter';
import { sampleFlag } from '../describe/flags';
import type { Connection } from '../wire/connection';
import { type Frame, frameType } from '../wire/frames';

export interface Subscribing {
	subscribe(subscription: Subscription, id: string): Promise<Granted>;
	unsubscribe(subscription: Subscription): Promise<void>;
	received(message: Frame): void;
}

export function createSubscribing(connection: Connection, sink: Sink): Subscribing {
	/** Ids of the subscriptions by target. */
	const ids = new Map<string, string>();

	async function ask(type: number, target: string): Promise<void> {
		const { isAccepted, text } = await connection.ask({ type, target });
		if (!isAccepted)
			throw fail('subscription-refused', `The server refused the target "${target}".`, { evidence: text });
	}

	return {
		async subscribe({ target }, id) {
			// Before the answer, because the first message may arrive together with it.
			ids.set(target, id);
			try {
				await ask(frameType.subscribe, target);
			} catch (error) {
				ids.delete(target);
				throw error;
			}
			return {};
		},
		async unsubscribe({ target }) {
			await ask(frameType.unsubscribe, target);
			ids.delete(target);
		},
		received({ target, payload, urgent }) {
			const id = ids.get(target);
			// The subscription has ended while the message was on its way.
			if (id === undefined) return;
			sink.message({ target, payload, flags: urgent ? sampleFlag.urgent : 0, subscriptions: [id] });
		},
	};
}
