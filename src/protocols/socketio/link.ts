import type { Property, Security } from '../../model/contracts/session';
import type { Link, Sink } from '../adapter';
import { namespaceOf } from './describe/target';
import type { Acknowledging } from './messages/acknowledging';
import type { Incoming } from './messages/incoming';
import type { Namespaces } from './messages/namespaces';
import type { Sending } from './messages/sending';
import type { Engine } from './wire/engine';

export interface LinkOptions {
	engine: Engine;
	security: Security;
	facts: Property[];
	sink: Sink;
	/** The namespace of the URL, which is joined as long as the link lasts. */
	main: string;
	namespaces: Namespaces;
	incoming: Incoming;
	sending: Sending;
	acknowledging: Acknowledging;
}

/** The link of a session in which the namespace of the URL is joined. Events are delivered from the next turn on. */
export function createLink({ engine, security, facts, main, namespaces, incoming, ...parts }: LinkOptions): Link {
	const { life } = engine;
	const { sending, acknowledging } = parts;
	setImmediate(() => life.state !== 'ended' && engine.receive(incoming));
	return {
		...{ security, facts },
		ended: life.ended.then((failure) => failure && sending.explained(failure)),
		unfinished: incoming.unfinished,
		async subscribe({ target }, id, hold) {
			const namespace = await namespaces.join(namespaceOf(target));
			namespace.subscription = id;
			if (!hold) acknowledging.left(namespace.name);
			namespace.isHeld = hold !== undefined;
			return namespaceOf(target) === main ? { detail: 'joined by the URL' } : {};
		},
		async unsubscribe({ target }) {
			const name = namespaceOf(target);
			const namespace = namespaces.get(name);
			if (!namespace) return;
			namespace.subscription = undefined;
			namespace.isHeld = false;
			acknowledging.left(name);
			if (name !== main) namespaces.leave(name);
		},
		settle: acknowledging.settle,
		held: acknowledging.held,
		prepare: sending.prepare,
		send: sending.send as Link['send'],
		act: acknowledging.act,
		targets: (start, most) =>
			namespaces.all
				.flatMap(({ targets }) => [...targets.values()])
				.filter((target) => target.startsWith(start))
				.slice(0, most),
		close: life.close,
		destroy: life.destroy,
	};
}
