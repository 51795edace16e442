import type { Connection } from '../files/run/connection';
import { toReceived } from '../files/run/received';
import type { Opened } from './open';

/** An open connection in the form that message files use. */
export function asConnection({
	description,
	checks,
	session,
	onMessage,
	onSubscriptionEnd,
	ended,
	close,
}: Opened): Connection {
	return {
		description,
		checks,
		send: (draft) => session.send(draft),
		async subscribe(subscription, hold) {
			return (await session.subscribe(subscription, hold)).holding;
		},
		settle({ seq, held }, outcome) {
			if (held && seq !== undefined) session.settle([seq], outcome);
		},
		unsubscribe: (subscription) => session.unsubscribe(subscription),
		async act({ seq }, action, values) {
			if (seq !== undefined) await session.act({ id: `${action} ${seq}`, action, messages: [seq], values });
		},
		listen(listener, onEnd, onSubscriptionEnded = () => {}) {
			let listening = true;
			const stop = onMessage((message, seq) => {
				const { meta } = message;
				const copied = meta instanceof Uint8Array ? { meta: meta.slice() } : undefined;
				listener(
					toReceived(description, { ...message, ...copied, seq, payload: message.payload.slice(), time: Date.now() }),
				);
			});
			const stopEnds = onSubscriptionEnd(onSubscriptionEnded);
			void ended.then((failure) => {
				if (listening) onEnd(failure);
			});
			return {
				dispose() {
					listening = false;
					stop();
					stopEnds();
				},
			};
		},
		close,
	};
}
