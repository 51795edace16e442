import { type Failure, fail } from '../../base/failure';
import type { ActResult } from '../../model/contracts/browse';
import type { Property, Security } from '../../model/contracts/session';
import type { Values } from '../../model/profile/field';
import type { Act, Link, Sink } from '../adapter';
import { notOpen } from '../shared/failures';
import { createLinkLife } from '../shared/link-life';
import { numberValue } from '../shared/values';
import { createBrowsing } from './browse/browse';
import { discover } from './browse/discover';
import type { CoapAction } from './describe/ids';
import { createObserving } from './messages/observing';
import { createSender, type PreparedRequest } from './messages/sending';
import type { Clock } from './wire/clock';
import type { Exchange } from './wire/exchange';
import { watchLiveness } from './wire/liveness';
import { ask, NoAnswerError } from './wire/no-answer';
import type { Wire } from './wire/udp-socket';

export interface LinkOptions {
	wire: Wire;
	exchange: Exchange;
	clock: Clock;
	facts: Property[];
	sink: Sink;
	values: Values;
	/** Maximum size of a payload, in bytes. */
	limit: number;
	/** The server has answered a ping. */
	answersPings: boolean;
	security: Security;
}

/** Milliseconds that ending all observations may take. */
const goodbyeWithin = 1000;

export interface CoapLink extends Link {
	/** The system reports that nothing reaches the server. */
	lost(failure: Failure): void;
}

/** UDP has no connection: a link is a socket and the state of the exchanges with its peer. */
export function createLink(options: LinkOptions): CoapLink {
	const { wire, exchange, clock, sink, values } = options;
	const responseWithin = (numberValue(values, 'responseTimeout') ?? 60) * 1000;
	const common = { exchange, clock, sink, values, responseWithin, limit: options.limit };
	const sender = createSender(common);
	const observing = createObserving(common);
	const browsing = createBrowsing(common);
	const life = createLinkLife({
		goodbyeWithin,
		goodbye() {
			sender.stop();
			const over = () => life.end();
			observing.close(goodbyeWithin).then(over, over);
		},
		destroyed() {
			liveness?.stop();
			browsing.stop();
			observing.drop();
			exchange.stop();
			wire.close();
		},
	});
	const interval = numberValue(values, 'pingInterval') ?? 10;
	const liveness =
		options.answersPings && interval > 0
			? watchLiveness({
					...{ exchange, clock, every: interval * 1000, dead: life.end },
					// A server that was restarted has lost the DTLS session, and does not say so.
					wanted: () => observing.count > 0 || options.security.encrypted,
				})
			: undefined;
	const requireOpen = () => {
		if (life.state !== 'open') throw notOpen();
	};

	const actions: Record<CoapAction, (act: Act) => Promise<ActResult>> = {
		async ping({ signal, progress }) {
			const began = clock.now();
			const ping = { code: 0, confirmable: true, options: [], payload: new Uint8Array() };
			try {
				await ask(ping, { ...common, signal, progress });
			} catch (error) {
				if (!(error instanceof NoAnswerError)) throw error;
				const seconds = Math.round((clock.now() - began) / 1000);
				throw fail('no-answer', `The server did not answer the ping within ${seconds} s.`);
			}
			return { text: `The server answered the ping in ${Math.round((clock.now() - began) * 10) / 10} ms.` };
		},
		async discover(act) {
			if (options.security.encrypted)
				throw fail(
					'no-multicast',
					'A multicast cannot be sent over DTLS, and this connection sends nothing unencrypted.',
					{
						remedy: { text: 'Use a coap:// connection to find devices.' },
					},
				);
			return discover(act, { clock, sink, limit: options.limit });
		},
		async rediscover() {
			const count = await browsing.refresh();
			sink.browseChanged();
			return { text: `The server lists ${count.toLocaleString('en-US')} ${count === 1 ? 'resource' : 'resources'}.` };
		},
	};

	return {
		security: options.security,
		facts: options.facts,
		ended: life.ended,
		lost: life.end,
		prepare(draft) {
			requireOpen();
			return sender.prepare(draft);
		},
		async send(prepared: PreparedRequest, sending) {
			requireOpen();
			return sender.send(prepared, sending);
		},
		async subscribe(subscription, id) {
			requireOpen();
			return observing.subscribe(subscription, id);
		},
		unsubscribe: observing.unsubscribe,
		async browse(parent, offset, count) {
			requireOpen();
			return browsing.browse(parent, offset, count);
		},
		async act(act) {
			requireOpen();
			if (!Object.hasOwn(actions, act.action)) throw fail('no-action', `CoAP has no action "${act.action}".`);
			return actions[act.action as CoapAction](act);
		},
		targets: browsing.targets,
		close: life.close,
		destroy: life.destroy,
	};
}
