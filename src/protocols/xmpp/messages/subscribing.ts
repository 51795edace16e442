import { fail } from '../../../base/failure';
import type { Subscription } from '../../../model/profile/profile';
import type { Granted } from '../../adapter';
import type { Rooms } from '../browse/rooms';
import { splitNode } from '../describe/jid';
import type { Line } from '../wire/open-stream';
import { attribute, child, type Element, namespaces, xml } from '../wire/xml';

/** Ways to receive beyond what the account gets by itself. */
export interface Subscribing {
	subscribe(subscription: Subscription, id: string): Promise<Granted>;
	unsubscribe(subscription: Subscription): Promise<void>;
	/** A PubSub event or notice: a node may be gone, or its owner has ended the subscription (XEP-0060, 8.4 and 8.8.4). */
	event(service: string, event: Element): void;
	/** Ends the subscriptions that belong to this connection, without waiting. */
	goodbye(): void;
}

export function createSubscribing(line: Line, rooms: Rooms): Subscribing {
	/** PubSub subscriptions by target, with the id that the service has given. */
	const active = new Map<string, { id: string; subid?: string }>();
	const pubsub = (content: string) => xml('pubsub', { xmlns: namespaces.pubsub }, content);

	async function subscribeNode(target: string, id: string): Promise<Granted> {
		const { service, node } = splitNode(target);
		// The full address: with a negative priority, what is sent to the bare one never comes here.
		const { element } = await line.ask({
			to: service,
			type: 'set',
			content: pubsub(xml('subscribe', { node, jid: line.full })),
			what: `The service did not take the subscription to ${node}`,
		});
		const told = child(child(element, 'pubsub'), 'subscription');
		const state = (told && attribute(told, 'subscription')) ?? 'subscribed';
		active.set(target, { id, subid: told && attribute(told, 'subid') });
		if (state === 'subscribed') return { detail: 'subscribed' };
		return { reduced: true, detail: state === 'pending' ? 'the owner of the node has not agreed yet' : state };
	}

	function ending(target: string): string {
		const { node } = splitNode(target);
		return pubsub(xml('unsubscribe', { node, jid: line.full, subid: active.get(target)?.subid }));
	}

	return {
		subscribe(subscription, id) {
			if (subscription.mode === 'room') return rooms.join(subscription, id);
			return subscribeNode(subscription.target, id);
		},
		async unsubscribe({ target, mode }) {
			if (mode === 'room') return rooms.leave(target);
			if (!active.has(target)) return;
			const content = ending(target);
			const { service, node } = splitNode(target);
			active.delete(target);
			await line.ask({ to: service, type: 'set', content, what: `The service goes on sending ${node}` });
		},
		event(service, event) {
			const deleted = child(event, 'delete');
			const changed = child(event, 'subscription');
			const ended = deleted ?? (changed && attribute(changed, 'subscription') === 'none' ? changed : undefined);
			const node = ended && attribute(ended, 'node');
			if (node === undefined) return;
			const target = `${service}/${node}`;
			const found = active.get(target);
			if (!found) return;
			active.delete(target);
			const { failure } = deleted
				? fail('node-deleted', `The node ${node} was deleted.`)
				: fail('unsubscribed', `The service ended the subscription to the node ${node}.`);
			line.sink.subscription(found.id, { failure });
		},
		goodbye() {
			for (const target of active.keys()) {
				const { service } = splitNode(target);
				line.say(xml('iq', { type: 'set', to: service, id: 'goodbye' }, ending(target)));
			}
			active.clear();
		},
	};
}
