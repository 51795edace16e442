import type { Failure } from '../../base/failure';
import { FailureError, fail, toFailure } from '../../base/failure';
import type { ActResult } from '../../model/contracts/browse';
import type { Property, Security } from '../../model/contracts/session';
import type { Values } from '../../model/profile/field';
import type { Act, Link, Sink } from '../adapter';
import { createBrowsing } from './browse/browse';
import { discover } from './browse/discover';
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
	/** Of a payload, in bytes. */
	limit: number;
	/** The server has answered a ping. */
	answersPings: boolean;
	security: Security;
}

/** Milliseconds for a goodbye to everything that is observed. */
const goodbyeWithin = 1000;

export interface CoapLink extends Link {
	/** The system says that nothing gets to the server. */
	lost(failure: Failure): void;
}

/** UDP has no connection: a link is a socket, and what is known of the server behind it. */
export function createLink(options: LinkOptions): CoapLink {
	const { wire, exchange, clock, sink, values } = options;
	let ended: ((failure: Failure | undefined) => void) | undefined;
	const end = new Promise<Failure | undefined>((resolve) => {
		ended = resolve;
	});
	const responseWithin = (typeof values.responseTimeout === 'number' ? values.responseTimeout : 60) * 1000;
	const common = { exchange, clock, sink, values, responseWithin, limit: options.limit };
	const sender = createSender(common);
	const observing = createObserving(common);
	const browsing = createBrowsing(common);
	const interval = typeof values.pingInterval === 'number' ? values.pingInterval : 10;
	const liveness =
		options.answersPings && interval > 0
			? watchLiveness({
					...{ exchange, clock, every: interval * 1000, dead: finish },
					// A server that was started again has forgotten the DTLS session, and keeps silent about it.
					wanted: () => observing.count > 0 || options.security.encrypted,
				})
			: undefined;
	let closing: Promise<void> | undefined;

	function finish(failure: Failure | undefined): void {
		if (!ended) return;
		const tell = ended;
		ended = undefined;
		liveness?.stop();
		browsing.stop();
		observing.drop();
		exchange.stop();
		wire.close();
		tell(failure);
	}

	const open = () => {
		if (!ended || closing) throw fail('not-open', 'The connection is not open.');
	};

	async function act(asked: Act): Promise<ActResult> {
		if (asked.action === 'discover' && options.security.encrypted)
			throw fail('no-multicast', 'A multicast cannot be sent over DTLS, and nothing is sent in the clear here.', {
				remedy: { text: 'Use a coap:// connection to find devices.' },
			});
		if (asked.action === 'discover') return discover(asked, { clock, sink, limit: options.limit });
		if (asked.action === 'rediscover') {
			const count = await browsing.refresh();
			sink.browseChanged();
			return { text: `The server lists ${count.toLocaleString('en-US')} ${count === 1 ? 'resource' : 'resources'}.` };
		}
		const began = clock.now();
		const ping = { code: 0, confirmable: true, options: [], payload: new Uint8Array() };
		try {
			await ask(ping, { ...common, signal: asked.signal, progress: asked.progress });
		} catch (error) {
			if (!(error instanceof NoAnswerError)) throw error;
			const seconds = Math.round((clock.now() - began) / 1000);
			throw fail('no-answer', `The server did not answer the ping within ${seconds} s.`);
		}
		return { text: `The server answered the ping in ${Math.round((clock.now() - began) * 10) / 10} ms.` };
	}

	return {
		security: options.security,
		facts: options.facts,
		ended: end,
		lost: finish,
		prepare(draft) {
			open();
			return sender.prepare(draft);
		},
		async send(prepared: PreparedRequest, sending) {
			open();
			return sender.send(prepared, sending);
		},
		async subscribe(subscription, id) {
			open();
			return observing.subscribe(subscription, id);
		},
		unsubscribe: observing.unsubscribe,
		async browse(parent, offset, count) {
			open();
			return browsing.browse(parent, offset, count);
		},
		async act(asked) {
			open();
			return act(asked);
		},
		targets: browsing.targets,
		close() {
			sender.stop();
			closing ??= observing.close(goodbyeWithin).then(
				() => finish(undefined),
				(error: unknown) => finish(error instanceof FailureError ? error.failure : toFailure(error)),
			);
			return closing;
		},
		destroy: () => finish(undefined),
	};
}
