import { fail } from '../../../base/failure';
import type { Subscription } from '../../../model/profile/profile';
import type { Granted } from '../../adapter';
import type { Rooms } from '../browse/rooms';
import type { XmppMode } from '../describe/ids';
import { bareJid, splitNode } from '../describe/jid';
import type { OpenStream } from '../wire/open-stream';
import { attribute, child, type Element, namespaces, xml } from '../wire/xml';

/** Subscriptions beyond what the account receives without asking. */
export interface Subscribing {
	subscribe(subscription: Subscription, id: string): Promise<Granted>;
	unsubscribe(subscription: Subscription): Promise<void>;
	/** Ids of the subscription that brought a PubSub event. */
	subscriptionsOf(service: string, event: Element): readonly string[] | undefined;
	/** A PubSub event or notice: the node may be deleted, or its owner may have ended the subscription (XEP-0060, 8.4 and 8.8.4). */
	event(service: string, event: Element): void;
	/** Ends the subscriptions that belong to this connection, without waiting. */
	goodbye(): void;
}

interface NodeSubscription {
	/** Id of the subscription, alone in a list. */
	subscriptions: readonly [string];
	/** The id that the service has assigned. */
	subid?: string;
}

export function createSubscribing(stream: OpenStream, rooms: Rooms): Subscribing {
	/** PubSub subscriptions by target. */
	const active = new Map<string, NodeSubscription>();
	const pubsub = (content: string) => xml('pubsub', { xmlns: namespaces.pubsub }, content);

	async function subscribeNode({ target }: Subscription, id: string): Promise<Granted> {
		const { service, node } = splitNode(target);
		// The full address: with a negative priority, nothing sent to the bare address arrives here.
		const { element } = await stream.ask({
			to: service,
			type: 'set',
			content: pubsub(xml('subscribe', { node, jid: stream.full })),
			refused: `The service refused the subscription to ${node}`,
		});
		const granted = child(child(element, 'pubsub'), 'subscription');
		const state = (granted && attribute(granted, 'subscription')) ?? 'subscribed';
		active.set(target, { subscriptions: [id], subid: granted && attribute(granted, 'subid') });
		if (state === 'subscribed') return { detail: 'subscribed' };
		return { reduced: true, detail: state === 'pending' ? 'waiting for approval by the owner of the node' : state };
	}

	function ending(target: string): string {
		const { node } = splitNode(target);
		return pubsub(xml('unsubscribe', { node, jid: stream.full, subid: active.get(target)?.subid }));
	}

	async function unsubscribeNode({ target }: Subscription): Promise<void> {
		if (!active.has(target)) return;
		const content = ending(target);
		const { service, node } = splitNode(target);
		active.delete(target);
		await stream.ask({
			to: service,
			type: 'set',
			content,
			refused: `The service did not end the subscription to ${node}`,
		});
	}

	const modes: Record<XmppMode, Pick<Subscribing, 'subscribe' | 'unsubscribe'>> = {
		pubsub: { subscribe: subscribeNode, unsubscribe: unsubscribeNode },
		room: { subscribe: rooms.join, unsubscribe: ({ target }) => rooms.leave(target) },
	};
	const modeOf = ({ mode = 'pubsub' }: Subscription) => modes[mode as XmppMode] ?? modes.pubsub;

	return {
		// An asynchronous function, so that what `join` throws rejects.
		subscribe: async (subscription, id) => modeOf(subscription).subscribe(subscription, id),
		unsubscribe: (subscription) => modeOf(subscription).unsubscribe(subscription),
		subscriptionsOf(service, event) {
			if (active.size === 0) return undefined;
			const node = event.children.map((part) => attribute(part, 'node')).find((name) => name !== undefined);
			return active.get(`${bareJid(service)}/${node}`)?.subscriptions;
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
			stream.sink.subscription(found.subscriptions[0], { failure });
		},
		goodbye() {
			for (const target of active.keys()) {
				const { service } = splitNode(target);
				stream.say(xml('iq', { type: 'set', to: service, id: 'goodbye' }, ending(target)));
			}
			active.clear();
		},
	};
}
